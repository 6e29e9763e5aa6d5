import { cellBorders } from './cell-borders.ts';
import { colourScaleTicks } from './colour-scale.ts';
import { contourLines, evenLevels } from './contours.ts';
import { type Cell, drawable, type Figure, type Reference, type Table } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { labelExpression } from './log-axis.ts';
import { numberText, percentText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme, viridis } from './theme.ts';
import { thinGrid } from './thin-grid.ts';

export interface SliceAxis {
  readonly values: ArrayLike<number>;
  /** `filter-normalised random`, `principal direction`, `Hessian eigenvector` … */
  readonly kind: string;
  /** ‖d‖: the length of one unit in parameter space. */
  readonly norm: number;
  readonly explained: number | null;
  readonly eigenvalue: number | null;
}

export interface SlicePath {
  readonly steps: readonly number[];
  readonly alpha: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  /** From the plane, and from its origin: what the picture does not show, and of how much. */
  readonly distance: ArrayLike<number>;
  readonly length: ArrayLike<number>;
}

export interface SliceFigureInput {
  readonly alpha: SliceAxis;
  readonly beta: SliceAxis;
  /** Row-major, β by α. */
  readonly loss: ArrayLike<number>;
  /** 1 where the loss was computed. */
  readonly computed: ArrayLike<number>;
  readonly path: SlicePath | null;
  readonly warnings: readonly string[];
  readonly formula: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

const contourCount = 9;

/**
 * The loss on a plane as colours and contours at equal steps, with the shadow of the path on it. Large grids are drawn at
 * every k-th point, as the caption says; the table has them whole.
 */
export function sliceFigure(input: SliceFigureInput, theme: Theme = 'light'): Figure {
  const { alpha, beta, loss, computed } = input;
  const thin = thinGrid({ alpha: alpha.values, beta: beta.values, loss, computed });
  if (thin.stride === 1) return drawnSlice(input, theme);
  const part = { ...input, ...thin, alpha: { ...alpha, values: thin.alpha }, beta: { ...beta, values: thin.beta } };
  const figure = drawnSlice(part, theme);
  const caption = `${figure.caption} Drawn at every ${thin.stride}${thin.stride === 2 ? 'nd' : thin.stride === 3 ? 'rd' : 'th'} point of the grid.`;
  return { ...figure, caption, data: sliceTable(input) };
}

function sliceTable({ alpha, beta, loss, computed }: SliceFigureInput): Table {
  const columns = alpha.values.length;
  return {
    columns: ['alpha', 'beta', 'loss', 'computed'],
    rows: Array.from({ length: columns * beta.values.length }, (_, i): Cell[] => [
      alpha.values[i % columns]!,
      beta.values[Math.floor(i / columns)]!,
      computed[i] === 1 ? drawable(loss[i]) : null,
      computed[i] === 1 ? 1 : 0,
    ]),
  };
}

function drawnSlice(input: SliceFigureInput, theme: Theme): Figure {
  const [columns, rows] = [input.alpha.values.length, input.beta.values.length];
  const known = Array.from({ length: columns * rows }, (_, i) =>
    input.computed[i] === 1 ? drawable(input.loss[i]) : null,
  );
  const finite = known.filter((loss) => loss !== null);
  const logarithmic = finite.length > 0 && finite.every((loss) => loss > 0);
  const heights = known.map((loss) => (loss === null ? null : logarithmic ? Math.log10(loss) : loss));
  const { step, levels } = contourLevels(heights);
  const missing = count(columns * rows, (i) => input.computed[i] !== 1);
  const notFinite = count(columns * rows, (i) => input.computed[i] === 1 && known[i] === null);
  const contourText =
    step === 0
      ? ''
      : logarithmic
        ? `contours every ${numberText(step, 2)} ${step === 1 ? 'decade' : 'decades'}`
        : `contours every ${numberText(step, 2)}`;
  const frame: Frame = {
    title: 'Loss on a plane',
    subtitle: [input.formula, contourText].filter(Boolean).join(', '),
    description: 'Map of the loss on a plane through the parameters',
    theme,
    height: 500,
  };
  const cells = { columns, rows, heights, computed: input.computed };
  return {
    id: 'loss-plane',
    title: 'Loss on a plane',
    caption: caption(input, { contourText, missing, notFinite, logarithmic }),
    alternative: alternative(finite, columns, rows, input.path),
    specification:
      columns * rows === 0 || finite.length === 0
        ? emptyFrame(frame, 'No loss on this plane has been computed yet.')
        : framed(frame, {
            layer: [
              cellLayer(input, cells, logarithmic),
              ...missingLayers(input, cells, theme),
              ...contourLayers(input, heights, levels),
              ...pathLayers(input, theme),
            ],
            resolve: { scale: { color: 'independent' } },
          }),
    command: input.command,
    references: input.references ?? [],
    data: sliceTable(input),
  };
}

type Cells = {
  readonly columns: number;
  readonly rows: number;
  readonly heights: readonly (number | null)[];
  readonly computed: ArrayLike<number>;
};

const count = (length: number, is: (i: number) => boolean): number =>
  Array.from({ length }, (_, i) => (is(i) ? 1 : 0)).reduce<number>((sum, one) => sum + one, 0);

function extent(heights: readonly (number | null)[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of heights) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

const contourLevels = (heights: readonly (number | null)[]) => {
  const [low, high] = [smallest(heights), largest(heights)];
  return low <= high ? evenLevels(low, high, contourCount) : { step: 0, levels: [] };
};

function cellLayer(input: SliceFigureInput, { columns, heights }: Cells, logarithmic: boolean) {
  const [low, high] = extent(heights);
  const ticks = colourScaleTicks(low, high, logarithmic);
  const [xs, ys] = [cellBorders(input.alpha.values), cellBorders(input.beta.values)];
  return {
    data: {
      values: heights.flatMap((value, i) =>
        value === null ? [] : [{ ...overlapping(cellBox(xs, ys, i % columns, Math.floor(i / columns))), z: value }],
      ),
    },
    mark: { type: 'rect', clip: true },
    encoding: {
      ...boxEncoding(input),
      color: {
        field: 'z',
        type: 'quantitative',
        scale: { type: 'linear', domain: [low, high], range: viridis, interpolate: 'rgb' },
        legend: {
          title: 'Loss L',
          orient: 'right',
          direction: 'vertical',
          type: 'gradient',
          gradientLength: 300,
          gradientThickness: 14,
          titlePadding: 10,
          values: ticks.map(({ at }) => at),
          labelExpr: labelExpression(
            ticks.map(({ at }) => at),
            ticks.map(({ label }) => label),
          ),
        },
      },
    },
  };
}

const cellBox = (xs: readonly number[], ys: readonly number[], column: number, row: number) => ({
  x: xs[column]!,
  x2: xs[column + 1]!,
  y: ys[row]!,
  y2: ys[row + 1]!,
});

/** A fifth larger, which hides the seams that smoothing leaves between neighbours; the next cell covers it. */
const overlapping = ({ x, x2, y, y2 }: ReturnType<typeof cellBox>) => ({
  x,
  x2: x2 + 0.2 * (x2 - x),
  y,
  y2: y2 + 0.2 * (y2 - y),
});

const directionName = (kind: string): string => (/direction|vector/.test(kind) ? kind : `${kind} direction`);

function axisTitle(symbol: string, { kind, explained, eigenvalue }: SliceAxis, place: string): string {
  const more =
    explained !== null
      ? ` (${percentText(explained)})`
      : eigenvalue !== null
        ? ` (λ = ${numberText(eigenvalue, 3)})`
        : '';
  return `${symbol} along ${directionName(kind)} ${place}${more}`;
}

function positions({ alpha, beta }: SliceFigureInput) {
  const channel = (values: ArrayLike<number>, title: string) => {
    const ends = cellBorders(values);
    return {
      type: 'quantitative',
      title,
      scale: { domain: [ends[0], ends.at(-1)], nice: false, zero: false },
      axis: { grid: false, domain: true, ticks: true, tickCount: 5 },
    };
  };
  return {
    x: channel(alpha.values, axisTitle('α', alpha, '1')),
    y: channel(beta.values, axisTitle('β', beta, '2')),
  };
}

function boxEncoding(input: SliceFigureInput) {
  const { x, y } = positions(input);
  return { x: { field: 'x', ...x }, y: { field: 'y', ...y }, x2: { field: 'x2' }, y2: { field: 'y2' } };
}

/** Hatched grey where nothing was computed, crossed where the loss is not finite: nothing is filled in. */
function missingLayers(input: SliceFigureInput, { columns, rows, heights, computed }: Cells, theme: Theme) {
  const [xs, ys] = [cellBorders(input.alpha.values), cellBorders(input.beta.values)];
  const boxes = Array.from({ length: columns * rows }, (_, i) => i)
    .filter((i) => heights[i] === null)
    .map((i) => ({
      ...cellBox(xs, ys, i % columns, Math.floor(i / columns)),
      crossed: computed[i] === 1,
    }));
  if (boxes.length === 0) return [];
  const { missing, faint } = colours[theme];
  const stroke = { type: 'rule', strokeWidth: 1, color: faint };
  const { x, y } = positions(input);
  return [
    { data: { values: boxes }, mark: { type: 'rect', color: missing }, encoding: boxEncoding(input) },
    { data: { values: boxes }, mark: stroke, encoding: boxEncoding(input) },
    {
      data: { values: boxes.filter(({ crossed }) => crossed) },
      mark: stroke,
      encoding: { x: { field: 'x2', ...x }, x2: { field: 'x' }, y: { field: 'y', ...y }, y2: { field: 'y2' } },
    },
  ];
}

function contourLayers(
  { alpha, beta }: SliceFigureInput,
  heights: readonly (number | null)[],
  levels: readonly number[],
) {
  const values = heights.map((height) => height ?? Number.NaN);
  const lines = contourLines({ x: alpha.values, y: beta.values, values }, levels);
  const points = lines.flatMap(({ level, x, y }, line) => x.map((at, i) => ({ x: at, y: y[i], level, line, i })));
  if (points.length === 0) return [];
  const middle = (levels[0]! + levels.at(-1)!) / 2;
  // Light lines on the dark half of the colours, dark lines on the light half.
  return [
    { half: points.filter(({ level }) => level <= middle), color: '#ffffff', opacity: 0.6 },
    { half: points.filter(({ level }) => level > middle), color: '#0d1014', opacity: 0.4 },
  ].map(({ half, color, opacity }) => ({
    data: { values: half },
    mark: { type: 'line', strokeWidth: 0.9, color, opacity },
    encoding: {
      x: { field: 'x', type: 'quantitative' },
      y: { field: 'y', type: 'quantitative' },
      detail: { field: 'line' },
      order: { field: 'i' },
    },
  }));
}

interface PathEnd {
  readonly x: number | null;
  readonly y: number | null;
  readonly step: number;
}

/** Above the ends of the path; one label for both where two would overlap. */
function endLabels(first: PathEnd, last: PathEnd, { alpha, beta }: SliceFigureInput) {
  const step = (one: PathEnd) => numberText(one.step, 15);
  const share = (one: number | null, other: number | null, { values }: SliceAxis) =>
    Math.abs(((one ?? 0) - (other ?? 0)) / (values[values.length - 1]! - values[0]! || 1));
  if (first.step === last.step) return [{ ...last, label: `step ${step(last)}` }];
  if (share(first.x, last.x, alpha) < 0.2 && share(first.y, last.y, beta) < 0.06)
    return [{ ...last, label: `steps ${step(first)} to ${step(last)}` }];
  return [first, last].map((end) => ({ ...end, label: `step ${step(end)}` }));
}

function pathLayers(input: SliceFigureInput, theme: Theme) {
  const { path } = input;
  if (path === null || path.steps.length === 0) return [];
  const { path: dark, pathCase, series } = colours[theme];
  const points = path.steps.map((step, i) => ({ x: drawable(path.alpha[i]), y: drawable(path.beta[i]), step }));
  const encoding = {
    x: { field: 'x', type: 'quantitative' },
    y: { field: 'y', type: 'quantitative' },
    order: { field: 'step' },
  };
  const line = (color: string, strokeWidth: number) => ({
    data: { values: points },
    mark: { type: 'line', clip: true, color, strokeWidth },
    encoding,
  });
  const [first, last] = [points[0]!, points.at(-1)!];
  const ends = endLabels(first, last, input);
  const text = (more: object) => ({
    data: { values: ends },
    mark: { type: 'text', clip: true, fontSize: 12, dy: -14, ...more },
    encoding: { x: encoding.x, y: encoding.y, text: { field: 'label' } },
  });
  return [
    line(pathCase, 5.5),
    line(dark, 3),
    {
      data: { values: [first] },
      mark: {
        type: 'point',
        clip: true,
        filled: true,
        opacity: 1,
        size: 50,
        color: dark,
        stroke: pathCase,
        strokeWidth: 1.5,
      },
      encoding: { x: encoding.x, y: encoding.y },
    },
    {
      data: { values: [last] },
      mark: {
        type: 'point',
        clip: true,
        filled: true,
        opacity: 1,
        size: 110,
        color: series[0],
        stroke: pathCase,
        strokeWidth: 2.5,
      },
      encoding: { x: encoding.x, y: encoding.y },
    },
    text({ color: pathCase, stroke: pathCase, strokeWidth: 4, strokeJoin: 'round' }),
    text({ color: dark }),
  ];
}

const cellCount = (cells: number): string => `${cells} ${cells === 1 ? 'cell' : 'cells'}`;

interface Drawn {
  readonly contourText: string;
  readonly missing: number;
  readonly notFinite: number;
  readonly logarithmic: boolean;
}

function caption({ alpha, beta, path, warnings }: SliceFigureInput, drawn: Drawn): string {
  const explained = alpha.explained === null || beta.explained === null ? null : alpha.explained + beta.explained;
  const kinds =
    alpha.kind === beta.kind
      ? `two ${directionName(alpha.kind)}s`
      : `${directionName(alpha.kind)} and ${directionName(beta.kind)}`;
  const farthest = path ? largest(Array.from(path.distance), 0) : 0;
  return [
    `The plane spanned by ${kinds}${explained === null ? '' : `, which hold ${percentText(explained)} of the path's squared displacement`}.`,
    `One unit of α is ‖d₁‖ = ${numberText(alpha.norm, 3)}, of β ‖d₂‖ = ${numberText(beta.norm, 3)}.`,
    `Colours show ${drawn.logarithmic ? 'the logarithm of the loss' : 'the loss'}${drawn.contourText ? `, ${drawn.contourText}` : ''}.`,
    path && path.steps.length > 0
      ? `The path is a shadow: its points lie up to ${numberText(farthest, 3)} from the plane, and up to ${numberText(largest(Array.from(path.length), 0), 3)} from the centre of the plane.`
      : '',
    drawn.missing > 0
      ? `Hatched: ${cellCount(drawn.missing)} ${drawn.missing === 1 ? 'was' : 'were'} not computed.`
      : '',
    drawn.notFinite > 0 ? `Crossed: the loss of ${cellCount(drawn.notFinite)} is not finite.` : '',
    ...warnings,
  ]
    .filter(Boolean)
    .join(' ');
}

function alternative(finite: readonly number[], columns: number, rows: number, path: SlicePath | null): string {
  if (finite.length === 0) return 'Empty map: no loss on this plane has been computed yet.';
  const [low, high] = extent(finite);
  const told = `Map of ${columns} by ${rows} losses from ${numberText(low, 3)} to ${numberText(high, 3)}`;
  return path && path.steps.length > 0
    ? `${told}, with the path from step ${path.steps[0]} to step ${path.steps.at(-1)}.`
    : `${told}.`;
}
