import type { Matrix } from '../../../core/linalg/matrix.ts';
import { shortNumber } from './braille-plot.ts';

/** Viridis (van der Walt, Smith 2015) at eight points; between them straight lines in RGB. */
const viridis = ['440154', '46327e', '365c8d', '277f8e', '1fa187', '4ac16d', 'a0da39', 'fde725'].map((hex) =>
  [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
);
const shades = ' ·:-=+*#%@';

function colourOf(t: number): string {
  const at = Math.min(6.999, Math.max(0, t * 7));
  const i = Math.floor(at);
  const mix = [0, 1, 2].map((c) =>
    Math.round((viridis[i]?.[c] ?? 0) * (1 - at + i) + (viridis[i + 1]?.[c] ?? 0) * (at - i)),
  );
  return mix.join(';');
}

export interface HeatMapOptions {
  readonly title: string;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly columns: number;
  readonly colours: boolean;
  /** Points to mark, in units of the axes: the optimiser's path. */
  readonly path?: readonly (readonly [number, number])[];
}

/** A grid as rows of text, log-scaled in colour (or in shades of ink), upper row = largest y. Cells not finite are blank. */
export function heatMap(grid: Matrix, options: HeatMapOptions): string[] {
  const { columns, colours, xRange, yRange } = options;
  const rows = Math.max(2, Math.round(columns / 2));
  const finite = grid.data.filter((value) => Number.isFinite(value));
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of finite) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const shift = low > 0 ? 0 : 1 - low;
  const scaled = (value: number) =>
    high > low ? Math.log((value + shift) / (low + shift)) / Math.log((high + shift) / (low + shift)) : 0.5;
  const marks = new Map<string, string>();
  const path = options.path ?? [];
  path.forEach(([x, y], i) => {
    const column = Math.round(((x - xRange[0]) / (xRange[1] - xRange[0])) * (columns - 1));
    const row = Math.round(((yRange[1] - y) / (yRange[1] - yRange[0])) * (rows - 1));
    marks.set(`${row},${column}`, i === path.length - 1 ? '◉' : '•');
  });
  const lines = Array.from({ length: rows }, (_, row) => {
    const gridRow = Math.round(((rows - 1 - row) / (rows - 1)) * (grid.rows - 1));
    let text = '';
    for (let column = 0; column < columns; column++) {
      const gridColumn = Math.round((column / (columns - 1)) * (grid.columns - 1));
      const value = grid.data[gridRow * grid.columns + gridColumn] ?? Number.NaN;
      const mark = marks.get(`${row},${column}`);
      if (!Number.isFinite(value)) text += mark ?? ' ';
      else if (colours) text += `\u001b[48;2;${colourOf(scaled(value))}m\u001b[97m${mark ?? ' '}\u001b[0m`;
      else text += mark ?? shades[Math.min(9, Math.floor(scaled(value) * 10))] ?? ' ';
    }
    const label = row === 0 ? shortNumber(yRange[1]) : row === rows - 1 ? shortNumber(yRange[0]) : '';
    return `${label.padStart(8)} │${text}`;
  });
  const left = shortNumber(xRange[0]);
  const right = shortNumber(xRange[1]);
  return [
    `${options.title}   loss from ${shortNumber(low)} to ${shortNumber(high)}, colour by log loss`,
    ...lines,
    `${' '.repeat(8)} └${'─'.repeat(columns)}`,
    `${' '.repeat(10)}${left}${' '.repeat(Math.max(1, columns - left.length - right.length))}${right}`,
  ];
}
