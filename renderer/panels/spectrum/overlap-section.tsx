import { useMemo, useState } from 'react';
import type { OverlapDocument } from '../../../core/experiment/result-documents.ts';
import { operatorName, subspaceOverlapFigure } from '../../../core/experiment/spectrum-figures.ts';
import { FigureMenu } from '../../figures/figure-menu.tsx';
import { useFigureTheme } from '../../figures/figure-theme.ts';
import { FigureView } from '../../figures/figure-view.tsx';
import { useResults } from '../../state/results.ts';
import type { Run } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { Section } from '../../widgets/section.tsx';
import { Segmented } from '../../widgets/segmented.tsx';

const none: readonly [] = [];

const titles: Readonly<Record<OverlapDocument['kind'], string>> = {
  steps: 'Steps',
  halves: 'Halves',
  layers: 'Layers',
};

const keyOf = ({ kind, operator }: OverlapDocument): string => `${kind} ${operator}`;

const titleOf = (document: OverlapDocument): string =>
  document.operator === 'hessian' ? titles[document.kind] : `${titles[document.kind]}, ${operatorName(document)}`;

/** Whether the directions of largest curvature stay: from step to step, half to half, layer to layer. */
export function OverlapSection({ run }: { readonly run: Run }) {
  const overlaps = useResults((results) => results.overlaps[run.id]) ?? none;
  const [wanted, setWanted] = useState<string | null>(null);
  const document = overlaps.find((one) => keyOf(one) === wanted) ?? overlaps.at(-1) ?? null;
  return (
    <Section
      className="spectrum-panel-overlap"
      title="Overlap of top subspaces"
      aside={
        <span className="spectrum-panel-aside">
          {document ? <StatusBadge status={document.status} advice={document.advice} /> : null}
          <Button size="small" onPress={() => openDialog('analysis', { id: 'overlap' })}>
            Compute overlap…
          </Button>
        </span>
      }
    >
      {document === null ? (
        <p className="spectrum-panel-quiet">
          Not computed yet: do the directions of largest curvature stay from step to step, from one half of the data to
          the other, from layer to layer?
        </p>
      ) : (
        <>
          {overlaps.length > 1 ? (
            <Segmented
              label="Overlap between"
              value={keyOf(document)}
              options={overlaps.map((one) => ({ id: keyOf(one), title: titleOf(one) }))}
              onChange={setWanted}
            />
          ) : null}
          <OverlapFigure document={document} />
        </>
      )}
    </Section>
  );
}

function OverlapFigure({ document }: { readonly document: OverlapDocument }) {
  const theme = useFigureTheme();
  const figure = useMemo(() => subspaceOverlapFigure(document, theme), [document, theme]);
  return (
    <>
      <FigureMenu figure={() => subspaceOverlapFigure(document, 'light')}>
        <FigureView className="spectrum-panel-heat-map" figure={figure} />
      </FigureMenu>
      <p className="spectrum-panel-quiet">{figure.caption}</p>
    </>
  );
}
