import { useMemo } from 'react';
import { sliceFigureOf } from '../../../core/experiment/slice-figures.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import { ChartFigureMenu } from '../../figures/figure-menu.tsx';
import { useFigureTheme } from '../../figures/figure-theme.ts';
import { FigureView } from '../../figures/figure-view.tsx';
import { lineQuantityOf } from '../../state/line-quantity.ts';
import type { ShownLandscape } from '../../state/results.ts';
import { useSettings } from '../../state/settings.ts';
import { SelectField } from '../../widgets/fields.tsx';
import type { MenuEntry } from '../../widgets/menu-items.tsx';
import { change } from './controls.tsx';
import { capital, quantityTitle } from './quantities.ts';

/** So high each plot is at least where many stand one below the other, CSS pixels. */
const plotHeight = 150;

/** A line of a run as a figure: each quantity over α and over the length in parameter space, with its band of uncertainty. */
export function LineView({ run, shown, more }: LineViewProps) {
  const theme: Theme = useFigureTheme();
  const { slice } = shown;
  const { fields } = slice;
  const quantity = lineQuantityOf(
    slice,
    useSettings(({ landscape }) => landscape.lineQuantity),
  );
  const figure = useMemo(
    () => sliceFigureOf(slice, { theme, ...(quantity === 'all' ? {} : { quantity }) }),
    [slice, theme, quantity],
  );
  const options = fields.map((field) => ({ id: field.quantity, title: capital(quantityTitle(field.quantity)) }));
  return (
    <ChartFigureMenu run={run} id="slice" more={more}>
      {fields.length < 2 ? null : (
        <div className="landscape-line-head">
          <SelectField
            label="Quantity"
            value={quantity}
            options={[{ id: 'all', title: `All ${fields.length} quantities` }, ...options]}
            onChange={(lineQuantity) => change('quantity of the line', { lineQuantity })}
          />
        </div>
      )}
      <div className="landscape-line">
        <div
          className="landscape-line-sheet"
          style={{ minHeight: quantity === 'all' ? plotHeight * fields.length : 0 }}
        >
          <FigureView figure={figure} className="landscape-line-figure" />
        </div>
      </div>
    </ChartFigureMenu>
  );
}

export interface LineViewProps {
  readonly run: string;
  readonly shown: ShownLandscape;
  readonly more: readonly MenuEntry[];
}
