import { colourTable } from './colour-map.ts';
import { type PlotArea, xOf, yOf } from './paint-lines.ts';
import { binnedDensity, colourColumn, type DensityColumn, type WaterfallScale } from './waterfall.ts';

const rows = 256;

/** The densities of a run as one picture, a pixel wide for each; made anew only when there are new ones. */
export interface WaterfallPicture {
  update(densities: readonly DensityColumn[], scale: WaterfallScale): void;
  /** Each density is held until the next one, the last until `newest`. */
  paint(context: CanvasRenderingContext2D, area: PlotArea, newest: number): void;
  dispose(): void;
}

export function waterfallPicture(): WaterfallPicture {
  const canvas = document.createElement('canvas');
  const bins = new Float64Array(rows);
  let drawn: { densities: readonly DensityColumn[]; scale: WaterfallScale } | null = null;
  let stamp = '';
  return {
    update(densities, scale) {
      const { low, high, darkest, lightest } = scale;
      const now = `${densities.length} ${densities[0]?.step} ${densities[densities.length - 1]?.step} ${low} ${high} ${darkest} ${lightest}`;
      drawn = { densities, scale };
      if (now === stamp) return;
      stamp = now;
      canvas.width = densities.length;
      canvas.height = rows;
      const context = canvas.getContext('2d');
      if (!context) return;
      const picture = context.createImageData(densities.length, rows);
      densities.forEach((density, column) => {
        binnedDensity(density, low, high, rows, bins);
        colourColumn(bins, rows, scale, picture.data, column, densities.length);
      });
      context.putImageData(picture, 0, 0);
    },
    paint(context, area, newest) {
      if (!drawn || drawn.densities.length === 0) return;
      const { densities, scale } = drawn;
      context.save();
      context.imageSmoothingEnabled = false;
      const [top, bottom] = [yOf(area, scale.high), yOf(area, scale.low)];
      densities.forEach(({ step }, column) => {
        const end = densities[column + 1]?.step ?? newest;
        if (end < area.x.low || step > area.x.high) return;
        const left = Math.round(xOf(area, step));
        const width = Math.max(area.ratio, Math.round(xOf(area, end)) - left);
        // Where no eigenvalue was found the density is less than the darkest colour tells.
        context.fillStyle = `rgb(${colourTable('viridis').subarray(0, 3).join()})`;
        context.fillRect(left, area.top, width, area.height);
        context.drawImage(canvas, column, 0, 1, rows, left, top, width, bottom - top);
      });
      context.restore();
    },
    dispose() {
      canvas.width = 0;
      drawn = null;
    },
  };
}

/** The steps that the column at or before `step` is drawn over; null before the first. */
export function columnAt(
  densities: readonly DensityColumn[],
  step: number,
  newest: number,
): readonly [number, number] | null {
  let found = -1;
  densities.forEach((density, i) => {
    if (density.step <= step) found = i;
  });
  const at = densities[found];
  return at ? [at.step, densities[found + 1]?.step ?? Math.max(newest, at.step)] : null;
}
