import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Figure } from '../../core/figures/figure.ts';
import { copyFromFigure, exportFigure, figureExports } from '../actions/figure-actions.ts';
import { openDialog } from '../state/session.ts';
import { ContextMenu } from '../widgets/context-menu.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { FigureDialog } from './figure-dialog.tsx';
import { type FigureId, sourceOf } from './figure-of.ts';
import { type FigureSource, figureClass, registerFigure } from './figure-source.ts';
import './figure-menu.css';

export interface FigureMenuProps {
  /** Asked for when an entry is chosen. Null where there is nothing to draw. */
  readonly figure: FigureSource['figure'];
  readonly slice?: FigureSource['slice'];
  /** More entries of the same menu, after those of the figure. */
  readonly more?: readonly MenuEntry[];
  readonly children: ReactNode;
}

/** Right click, Menu key or Shift+F10 on a picture: save it, its data, the command that makes it again. */
export function FigureMenu({ figure, slice, more = [], children }: FigureMenuProps) {
  const element = useRef<HTMLDivElement>(null);
  const [large, setLarge] = useState<Figure | null>(null);
  const source = useMemo<FigureSource>(() => ({ figure, ...(slice ? { slice } : {}) }), [figure, slice]);
  useEffect(() => (element.current ? registerFigure(element.current, source) : undefined), [source]);
  const items: MenuEntry[] = [
    ...figureExports.map(({ format, title }) => ({
      id: `save-${format}`,
      title,
      section: 'save',
      onAction: () => void exportFigure(source, format),
    })),
    {
      id: 'print',
      title: 'Save for print…',
      section: 'save',
      onAction: () => openDialog('print', source),
    },
    ...(slice
      ? [
          {
            id: 'data',
            title: 'Save data in other forms…',
            section: 'save',
            onAction: () => openDialog('sliceData', source),
          },
        ]
      : []),
    ...(
      [
        ['command', 'Copy the command that reproduces it'],
        ['references', 'Copy references as BibTeX'],
        ['numbers', 'Copy figure numbers'],
      ] as const
    ).map(([part, title]) => ({
      id: `copy-${part}`,
      title,
      section: 'copy',
      onAction: () => void copyFromFigure(source, part),
    })),
    {
      id: 'large',
      title: 'Show as a large figure',
      section: 'show',
      onAction: () => void Promise.resolve(source.figure()).then(setLarge),
    },
    ...more,
  ];
  return (
    <div className={figureClass} ref={element}>
      <ContextMenu label="Figure" items={items}>
        {children}
      </ContextMenu>
      {large !== null && <FigureDialog figure={large} onClose={() => setLarge(null)} />}
    </div>
  );
}

export interface ChartFigureMenuProps {
  readonly run: string;
  readonly id: FigureId;
  readonly more?: readonly MenuEntry[];
  readonly children: ReactNode;
}

/** The menu of a chart or a plane of a run. */
export function ChartFigureMenu({ run, id, more = [], children }: ChartFigureMenuProps) {
  const source = useMemo(() => sourceOf(run, id), [run, id]);
  return (
    <FigureMenu {...source} more={more}>
      {children}
    </FigureMenu>
  );
}
