/** One curve of a plot in the terminal. Points that are not finite are left out. */
export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Index into the ANSI colours 31…36; without colour the curves still differ by their names' order. */
  readonly colour: number;
  readonly dotted?: boolean;
}

export interface PlotOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly width: number;
  readonly height: number;
  readonly logarithmic?: boolean;
  readonly colours: boolean;
}

/** Bit of each dot in a braille cell of 2 columns × 4 rows (Unicode 2800). */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

export const shortNumber = (value: number): string => {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3)
    return value.toExponential(1).replace('e+', 'e').replace('-', '−').replace('e-', 'e−');
  return String(Number(value.toPrecision(3))).replace('-', '−');
};

const paint = (text: string, colour: number, on: boolean): string => (on ? `\u001b[${colour}m${text}\u001b[0m` : text);

function range(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Lines of text: title with legend, the curves on a braille canvas, numbers along both axes. */
export function braillePlot(curves: readonly Curve[], options: PlotOptions): string[] {
  const { width, height, logarithmic = false } = options;
  const scale = (value: number) => (logarithmic ? Math.log10(value) : value);
  const usable = curves.map((curve) =>
    Array.from(
      { length: curve.x.length },
      (_, i) => [curve.x[i] ?? Number.NaN, scale(curve.y[i] ?? Number.NaN)] as const,
    ).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
  );
  const legend = curves
    .map((curve) => `${paint(curve.dotted ? '┄┄' : '━━', curve.colour, options.colours)} ${curve.name}`)
    .join('  ');
  const [x0, x1] = range(usable.flatMap((points) => points.map(([x]) => x)));
  const [y0, y1] = range(usable.flatMap((points) => points.map(([, y]) => y)));
  const cells = Array.from({ length: height }, () => new Uint8Array(width));
  const owner = Array.from({ length: height }, () => new Uint8Array(width));
  const set = (px: number, py: number, colour: number) => {
    const column = Math.min(width - 1, px >> 1);
    const row = Math.min(height - 1, py >> 2);
    const line = cells[row];
    const owners = owner[row];
    if (!line || !owners) return;
    line[column] = (line[column] ?? 0) | (dots[py & 3]?.[px & 1] ?? 0);
    owners[column] = colour;
  };
  usable.forEach((points, index) => {
    const curve = curves[index];
    const at = points.map(
      ([x, y]) =>
        [
          Math.round(((x - x0) / (x1 - x0)) * (2 * width - 1)),
          Math.round(((y1 - y) / (y1 - y0)) * (4 * height - 1)),
        ] as const,
    );
    at.forEach(([px, py], i) => {
      const [qx, qy] = at[i + 1] ?? [px, py];
      const steps = Math.max(1, Math.abs(qx - px), Math.abs(qy - py));
      for (let s = 0; s <= steps; s++)
        if (!curve?.dotted || (Math.round(px + ((qx - px) * s) / steps) >> 1) % 2 === 0)
          set(Math.round(px + ((qx - px) * s) / steps), Math.round(py + ((qy - py) * s) / steps), curve?.colour ?? 36);
    });
  });
  const label = (value: number) => shortNumber(logarithmic ? 10 ** value : value).padStart(8);
  const rows = cells.map((line, row) => {
    const mark =
      row === 0
        ? label(y1)
        : row === height - 1
          ? label(y0)
          : row === height >> 1
            ? label(y1 + ((y0 - y1) * row) / (height - 1))
            : ' '.repeat(8);
    const text = Array.from(line, (cell, column) =>
      cell === 0 ? ' ' : paint(String.fromCharCode(0x2800 + cell), owner[row]?.[column] ?? 36, options.colours),
    ).join('');
    return `${mark} │${text}`;
  });
  const right = `${shortNumber(x1)}  ${options.xLabel}`;
  const left = shortNumber(x0);
  const axis = `${' '.repeat(8)} └${'─'.repeat(width)}`;
  const numbers = `${' '.repeat(10)}${left}${' '.repeat(Math.max(1, width - left.length - right.length))}${right}`;
  return [`${options.title}${logarithmic ? ' (log axis)' : ''}   ${legend}`, ...rows, axis, numbers];
}
