import { useMemo } from 'react';
import { sliceFigureOf } from '../../../core/experiment/slice-figures.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import { ChartFigureMenu } from '../../figures/figure-menu.tsx';
import { useFigureTheme } from '../../figures/figure-theme.ts';
import { FigureView } from '../../figures/figure-view.tsx';
import type { ShownLandscape } from '../../state/results.ts';
import { useSettings } from '../../state/settings.ts';
import type { MenuEntry } from '../../widgets/menu-items.tsx';

/** A line of a run as a figure: each quantity over α and over the length in parameter space, with its band of uncertainty. */
export function LineView({ run, shown, more }: LineViewProps) {
  const theme: Theme = useFigureTheme();
  const wanted = useSettings(({ landscape }) => landscape.lineQuantity);
  const figure = useMemo(() => {
    const has = shown.slice.fields.some(({ quantity }) => quantity === wanted);
    return sliceFigureOf(shown.slice, { theme, ...(has ? { quantity: wanted } : {}) });
  }, [shown.slice, theme, wanted]);
  return (
    <ChartFigureMenu run={run} id="slice" more={more}>
      <FigureView figure={figure} className="landscape-line" />
    </ChartFigureMenu>
  );
}

export interface LineViewProps {
  readonly run: string;
  readonly shown: ShownLandscape;
  readonly more: readonly MenuEntry[];
}
