import { colourScaleTicks } from '../../../core/figures/colour-scale.ts';
import { tableColour } from '../../../core/figures/colour-tables.ts';
import type { BarStyle } from '../colour-bar.ts';
import type { HeightScale } from '../height-scale.ts';

export const levelBarSize = { width: 92, height: 196 } as const;
const bar = { left: 6, top: 28, width: 12, height: 160 } as const;

/** The colours of a quantity with round values, and a sign at each level that has a surface. */
export function drawLevelBar(
  context: CanvasRenderingContext2D,
  { low, high, logarithmic }: HeightScale,
  title: string,
  levels: readonly number[],
  style: BarStyle,
  left = 0,
  top = 0,
): void {
  const yOf = (height: number) => top + bar.top + (1 - (height - low) / (high - low)) * (bar.height - 1);
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = style.text;
  context.font = style.titleFont;
  context.fillText(title, left, top + 9, levelBarSize.width);
  for (let i = 0; i < bar.height; i++) {
    context.fillStyle = tableColour(style.colourMap, Math.round(255 * (1 - i / (bar.height - 1))));
    // The next one covers the half that is too much: no seams at any resolution.
    context.fillRect(left + bar.left, top + bar.top + i, bar.width, i + 1 < bar.height ? 1.5 : 1);
  }
  context.font = style.tickFont;
  for (const { at, label } of colourScaleTicks(low, high, logarithmic)) {
    const y = Math.round(yOf(at));
    context.fillStyle = style.axis;
    context.fillRect(left + bar.left + bar.width, y, 4, 1);
    context.fillStyle = style.text;
    context.fillText(label, left + bar.left + bar.width + 8, y + 0.5);
  }
  context.fillStyle = style.text;
  for (const level of levels) {
    if (level < low || level > high) continue;
    const y = yOf(level);
    context.beginPath();
    context.moveTo(left + bar.left, y);
    context.lineTo(left + bar.left - 6, y - 4);
    context.lineTo(left + bar.left - 6, y + 4);
    context.fill();
  }
}
