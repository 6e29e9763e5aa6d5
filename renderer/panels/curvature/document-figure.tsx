import { useMemo } from 'react';
import type { Figure } from '../../../core/figures/figure.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import { FigureMenu } from '../../figures/figure-menu.tsx';
import { useFigureTheme } from '../../figures/figure-theme.ts';
import { FigureView } from '../../figures/figure-view.tsx';

export interface DocumentFigureProps {
  /** Keep it the same function as long as it draws the same. */
  readonly draw: (theme: Theme) => Figure | null;
}

/** A figure with its menu and its caption. */
export function DocumentFigure({ draw }: DocumentFigureProps) {
  const theme = useFigureTheme();
  const figure = useMemo(() => draw(theme), [draw, theme]);
  if (figure === null) return null;
  return (
    <>
      <FigureMenu figure={() => draw('light')}>
        <FigureView className="curvature-figure" figure={figure} />
      </FigureMenu>
      <p className="curvature-quiet">{figure.caption}</p>
    </>
  );
}
