import { cellBorders } from './cell-borders.ts';
import { contourLines } from './contours.ts';
import { type ColourScale, colourChannel, type SliceQuantity } from './field-colours.ts';
import { colours, type Theme } from './theme.ts';

export interface PlaneAxis {
  readonly values: ArrayLike<number>;
  readonly title: string;
}

/** A quantity on a rectilinear grid as it is drawn: point (i, j) is entry i + x.length · j. */
export interface Plane {
  readonly x: PlaneAxis;
  readonly y: PlaneAxis;
  readonly values: ArrayLike<number>;
  /** 1 where the value was computed. */
  readonly computed: ArrayLike<number>;
  readonly quantity: SliceQuantity;
  readonly scale: ColourScale;
  /** Heights of contour lines. */
  readonly levels: readonly number[];
  /** Length of the colour bar; 0 where the colours are those of another plot's bar. */
  readonly bar: number;
}

export type CellState = 'value' | 'not computed' | 'not a number' | 'infinite' | 'minus infinity';

const cellStates: readonly CellState[] = ['not computed', 'not a number', 'infinite', 'minus infinity'];

/** Of several plots, the kinds of cells without a value that none before has. */
export function newStates(planes: readonly Pick<Plane, 'values' | 'computed'>[]): CellState[][] {
  const said = new Set<CellState>();
  return planes.map(({ values, computed }) => {
    const counts = stateCounts(values, computed);
    const fresh = cellStates.filter((state) => counts[state] > 0 && !said.has(state));
    for (const state of fresh) said.add(state);
    return fresh;
  });
}

/** What a cell holds. */
export function cellState(value: number, computed: number): CellState {
  if (computed !== 1) return 'not computed';
  if (Number.isNaN(value)) return 'not a number';
  return Number.isFinite(value) ? 'value' : value > 0 ? 'infinite' : 'minus infinity';
}

export type StateCounts = Readonly<Record<CellState, number>>;

export function stateCounts(values: ArrayLike<number>, computed: ArrayLike<number>): StateCounts {
  const counts = { value: 0, 'not computed': 0, 'not a number': 0, infinite: 0, 'minus infinity': 0 };
  for (let i = 0; i < values.length; i++) counts[cellState(values[i]!, computed[i]!)]++;
  return counts;
}

/** Values as far as they can have a colour. */
export const drawnValues = ({ values, computed }: Pick<Plane, 'values' | 'computed'>): (number | null)[] =>
  Array.from({ length: values.length }, (_, i) =>
    cellState(values[i]!, computed[i]!) === 'value' ? values[i]! : null,
  );

/** Scales of one channel mean something else in each layer of a plane. */
export const planeResolve = {
  scale: {
    color: 'independent',
    fill: 'independent',
    stroke: 'independent',
    shape: 'independent',
    size: 'independent',
  },
} as const;

/**
 * Coloured cells, cells without a value, contour lines, and the line of the clip, in this order. The
 * legend names `words`, the kinds of cells that no other plot of the figure names.
 */
export function planeLayers(plane: Plane, theme: Theme, words: readonly CellState[] = cellStates): object[] {
  const { values, scale } = plane;
  const heights = drawnValues(plane).map((value) => (value === null ? null : scale.height(value)));
  return [
    cellLayer(plane, heights),
    ...(values.length === 0 ? [] : unknownLayers(plane, theme, words)),
    ...contourLayers(plane, heights),
    ...clipLayer(plane, heights),
  ];
}

const boxOf = (xs: readonly number[], ys: readonly number[], columns: number) => (i: number) => {
  const [column, row] = [i % columns, Math.floor(i / columns)];
  return { x: xs[column]!, x2: xs[column + 1]!, y: ys[row]!, y2: ys[row + 1]! };
};

const boxes = ({ x, y }: Plane) => boxOf(cellBorders(x.values), cellBorders(y.values), x.values.length);

/** A fifth larger, which hides the seams that smoothing leaves between neighbours; the next cell covers it. */
const overlapping = ({ x, x2, y, y2 }: { x: number; x2: number; y: number; y2: number }) => ({
  x,
  x2: x2 + 0.2 * (x2 - x),
  y,
  y2: y2 + 0.2 * (y2 - y),
});

/** The horizontal and the vertical channel, which reach to the borders of the outermost cells. */
export function planePositions({ x, y }: Pick<Plane, 'x' | 'y'>) {
  const channel = ({ values, title }: PlaneAxis) => {
    const ends = cellBorders(values);
    return {
      type: 'quantitative',
      title,
      scale: { domain: [ends[0], ends.at(-1)], nice: false, zero: false },
      axis: { grid: false, domain: true, ticks: true, tickCount: 5 },
    };
  };
  return { x: channel(x), y: channel(y) };
}

function boxEncoding(plane: Plane) {
  const { x, y } = planePositions(plane);
  return { x: { field: 'x', ...x }, y: { field: 'y', ...y }, x2: { field: 'x2' }, y2: { field: 'y2' } };
}

function cellLayer(plane: Plane, heights: readonly (number | null)[]) {
  const box = boxes(plane);
  return {
    data: { values: heights.flatMap((z, i) => (z === null ? [] : [{ ...overlapping(box(i)), z }])) },
    mark: { type: 'rect', clip: true },
    encoding: { ...boxEncoding(plane), color: colourChannel(plane.quantity, plane.scale, plane.bar) },
  };
}

interface Segment {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** Ground, ink, strokes across the cell, and the same as a symbol of a legend. */
const unknown = (theme: Theme) => {
  const { missing, faint, path, pathCase } = colours[theme];
  const mixed = (box: Segment, share: number) => box.x + share * (box.x2 - box.x);
  return [
    {
      state: 'not computed',
      fill: missing,
      stroke: faint,
      strokes: (box: Segment): Segment[] => [box],
      symbol: 'M-1,-1H1V1H-1ZM-1,1L1,-1',
    },
    {
      state: 'not a number',
      fill: pathCase,
      stroke: path,
      strokes: (box: Segment): Segment[] => [box, { ...box, x: box.x2, x2: box.x }],
      symbol: 'M-1,-1H1V1H-1ZM-1,1L1,-1M-1,-1L1,1',
    },
    {
      state: 'infinite',
      fill: path,
      stroke: pathCase,
      strokes: (box: Segment): Segment[] => [
        { ...box, x2: mixed(box, 0.5) },
        { ...box, x: box.x2, x2: mixed(box, 0.5) },
      ],
      symbol: 'M-1,-1H1V1H-1ZM-1,1L0,-1L1,1',
    },
    {
      state: 'minus infinity',
      fill: path,
      stroke: pathCase,
      strokes: (box: Segment): Segment[] => [
        { ...box, y: box.y2, y2: box.y, x2: mixed(box, 0.5) },
        { ...box, x: box.x2, y: box.y2, y2: box.y, x2: mixed(box, 0.5) },
      ],
      symbol: 'M-1,-1H1V1H-1ZM1,-1L0,1L-1,-1',
    },
  ] as const;
};

/** Grey and hatched where nothing was computed, white and crossed for NaN, dark with an arrowhead for infinities. */
function unknownLayers(plane: Plane, theme: Theme, words: readonly CellState[]): object[] {
  const { values, computed } = plane;
  const box = boxes(plane);
  const of = new Map<CellState, Segment[]>();
  for (let i = 0; i < values.length; i++) {
    const state = cellState(values[i]!, computed[i]!);
    if (state !== 'value') of.set(state, [...(of.get(state) ?? []), box(i)]);
  }
  const present = unknown(theme).filter(({ state }) => of.has(state));
  const encoding = boxEncoding(plane);
  const layers = present.flatMap(({ state, fill, stroke, strokes }) => [
    { data: { values: of.get(state) }, mark: { type: 'rect', color: fill, clip: true }, encoding },
    {
      data: { values: (of.get(state) ?? []).flatMap(strokes) },
      mark: { type: 'rule', strokeWidth: 1, color: stroke, clip: true },
      encoding,
    },
  ]);
  const named = present.filter(({ state }) => words.includes(state));
  return named.length === 0 ? layers : [...layers, legendLayer(plane, named, of, theme)];
}

/** Draws nothing of its own: it is there for the words. */
function legendLayer(
  plane: Plane,
  present: readonly ReturnType<typeof unknown>[number][],
  of: ReadonlyMap<CellState, readonly Segment[]>,
  theme: Theme,
) {
  const { x, y } = planePositions(plane);
  const domain = present.map(({ state }) => state);
  const channel = (range: readonly string[]) => ({
    field: 'state',
    type: 'nominal',
    scale: { domain, range },
    legend: { orient: 'bottom', title: null, symbolSize: 120, symbolStrokeWidth: 1, symbolOpacity: 1, offset: 10 },
  });
  return {
    data: { values: present.map(({ state }) => ({ x: of.get(state)?.[0]?.x, y: of.get(state)?.[0]?.y, state })) },
    mark: { type: 'point', size: 0, opacity: 0, filled: true },
    encoding: {
      x: { field: 'x', ...x },
      y: { field: 'y', ...y },
      shape: channel(present.map(({ symbol }) => symbol)),
      fill: channel(present.map(({ fill }) => fill)),
      stroke: channel(
        // The symbol stands on the background of the page: its frame must be seen on it.
        present.map(({ stroke, state }) => (state === 'not a number' && theme === 'dark' ? '#6b7686' : stroke)),
      ),
    },
  };
}

const polylines = (plane: Plane, heights: readonly (number | null)[], levels: readonly number[]) => {
  const values = heights.map((height) => height ?? Number.NaN);
  const lines = contourLines({ x: plane.x.values, y: plane.y.values, values }, levels);
  return lines.flatMap(({ level, x, y }, line) => x.map((at, i) => ({ x: at, y: y[i], level, line, i })));
};

const lineLayer = (values: readonly object[], mark: object) => ({
  data: { values },
  mark: { type: 'line', clip: true, ...mark },
  encoding: {
    x: { field: 'x', type: 'quantitative' },
    y: { field: 'y', type: 'quantitative' },
    detail: { field: 'line' },
    order: { field: 'i' },
  },
});

function contourLayers(plane: Plane, heights: readonly (number | null)[]): object[] {
  const points = polylines(plane, heights, plane.levels);
  if (points.length === 0) return [];
  const isZero = ({ level }: { level: number }) => Math.abs(level) < 1e-9 * plane.scale.domain[1];
  // Light lines on dark colours, dark lines on light ones; the zero of a diverging scale is the line that matters.
  if (plane.scale.kind === 'diverging')
    return [
      lineLayer(
        points.filter((point) => !isZero(point)),
        { strokeWidth: 0.8, color: '#0d1014', opacity: 0.35 },
      ),
      lineLayer(points.filter(isZero), { strokeWidth: 1.6, color: '#0d1014', opacity: 0.85 }),
    ];
  const middle = (plane.levels[0]! + plane.levels.at(-1)!) / 2;
  return [
    lineLayer(
      points.filter(({ level }) => level <= middle),
      { strokeWidth: 0.9, color: '#ffffff', opacity: 0.6 },
    ),
    lineLayer(
      points.filter(({ level }) => level > middle),
      { strokeWidth: 0.9, color: '#0d1014', opacity: 0.4 },
    ),
  ];
}

/** Dashed where the clip begins. */
function clipLayer(plane: Plane, heights: readonly (number | null)[]): object[] {
  const ends = [plane.scale.clipLow, plane.scale.clipHigh].filter((end) => end !== null);
  const points = polylines(plane, heights, ends);
  if (points.length === 0) return [];
  return [
    lineLayer(points, { strokeWidth: 2.2, color: '#fefefe', opacity: 0.9 }),
    lineLayer(points, { strokeWidth: 1.2, color: '#15191e', strokeDash: [4, 3] }),
  ];
}
