import { colourScaleTicks } from '../../core/figures/colour-scale.ts';
import type { ColourMap } from '../../core/figures/colour-tables.ts';
import { type ColourScale, surfaceTable, tableText } from './surface-colours.ts';

export interface BarStyle {
  readonly colourMap: ColourMap;
  readonly text: string;
  readonly axis: string;
  readonly titleFont: string;
  readonly tickFont: string;
}

export const colourBarSize = { width: 84, height: 178 } as const;

/** Where the bar stands in a picture of this width, with the space around it: no label is put there. */
export const colourBarPlace = (width: number) => ({
  centreX: width - 51,
  centreY: 103,
  width: 102,
  height: 190,
  angle: 0,
});
const bar = { left: 0, top: 26, width: 12, height: 146 } as const;

/** `title` and `diverging` are those of the loss where they are not said. */
export type BarScale = Pick<ColourScale, 'low' | 'high' | 'logarithmic'> & Partial<ColourScale>;

/** The colours from the lowest to the highest value of the grid, with its round values. */
export function drawColourBar(
  context: CanvasRenderingContext2D,
  scale: BarScale,
  style: BarStyle,
  left = 0,
  top = 0,
): void {
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = style.text;
  context.font = style.titleFont;
  const { title = 'Loss L', diverging = false } = scale;
  const table = surfaceTable(style.colourMap, { diverging });
  context.fillText(title, left, top + 8, colourBarSize.width);
  for (let i = 0; i < bar.height; i++) {
    context.fillStyle = tableText(table, Math.round(255 * (1 - i / (bar.height - 1))));
    // The next one covers the half that is too much: no seams at any resolution.
    context.fillRect(left + bar.left, top + bar.top + i, bar.width, i + 1 < bar.height ? 1.5 : 1);
  }
  context.font = style.tickFont;
  for (const { at, label } of colourScaleTicks(scale.low, scale.high, scale.logarithmic)) {
    const y = top + bar.top + (1 - (at - scale.low) / (scale.high - scale.low)) * (bar.height - 1);
    context.fillStyle = style.axis;
    context.fillRect(left + bar.width, Math.round(y), 4, 1);
    context.fillStyle = style.text;
    context.fillText(label, left + bar.width + 8, y + 0.5);
  }
}
