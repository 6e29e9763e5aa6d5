import { drawable } from './figure.ts';
import { largest } from './largest.ts';
import { numberText } from './number-text.ts';
import type { Plane } from './plane-layers.ts';
import { colours, type Theme } from './theme.ts';

export interface SlicePath {
  readonly steps: readonly number[];
  readonly alpha: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  /** From the plane, and from its origin: what the picture does not show, and of how much. */
  readonly distance: ArrayLike<number>;
  readonly length: ArrayLike<number>;
}

/** The path of one of several runs. */
export interface NamedPath extends SlicePath {
  readonly name: string;
}

export interface SliceMark {
  readonly kind: 'minimum' | 'saddle' | 'maximum' | 'point';
  /** Found as such by a search with a residual, not read off the grid. Drawn filled. */
  readonly certified: boolean;
  readonly alpha: number;
  readonly beta: number;
  /** May be empty. */
  readonly label: string;
}

/** Of the width and height of the picture: rings nearer to each other than this would hide one another. */
const ringGap = 0.07;

/** How far the path is from the plane, of where it can be drawn. */
export const farthest = ({ distance }: SlicePath): number => largest(Array.from(distance), 0);

const number = (field: string) => ({ field, type: 'quantitative' });
const place = { x: number('x'), y: number('y') };

interface PathPoint {
  readonly x: number | null;
  readonly y: number | null;
  readonly step: number;
  readonly distance: number | null;
  readonly run: string;
}

const pointsOf = (path: NamedPath): PathPoint[] =>
  path.steps.map((step, i) => ({
    x: drawable(path.alpha[i]),
    y: drawable(path.beta[i]),
    step,
    distance: drawable(path.distance[i]),
    run: path.name,
  }));

/** The shadows of paths: one dark, several in colours with their names; rings as large as the distance from the plane. */
export function pathLayers(paths: readonly NamedPath[], plane: Pick<Plane, 'x' | 'y'>, theme: Theme): object[] {
  const drawn = paths.filter(({ steps }) => steps.length > 0);
  if (drawn.length === 0) return [];
  const several = drawn.length > 1;
  const { path: dark, pathCase, series } = colours[theme];
  // On colours of data the strong colours of print are seen in either theme.
  const colour = (i: number) => (several ? colours.light.series[i % colours.light.series.length]! : dark);
  return [
    ...drawn.flatMap((path, i) => onePath(pointsOf(path), colour(i), several ? colour(i) : series[0], pathCase)),
    ...ringLayer(drawn, plane, pathCase, theme),
    ...(several ? [nameLayer(drawn, colour)] : []),
    ...(several ? [] : endTexts(drawn[0]!, plane, dark, pathCase)),
  ];
}

function onePath(points: readonly PathPoint[], colour: string, end: string, pathCase: string): object[] {
  const line = (color: string, strokeWidth: number) => ({
    data: { values: points },
    mark: { type: 'line', clip: true, color, strokeWidth },
    encoding: { ...place, order: { field: 'step' } },
  });
  const dot = (point: PathPoint, size: number, color: string, strokeWidth: number) => ({
    data: { values: [point] },
    mark: { type: 'point', clip: true, filled: true, opacity: 1, size, color, stroke: pathCase, strokeWidth },
    encoding: place,
  });
  return [line(pathCase, 5.5), line(colour, 3), dot(points[0]!, 50, colour, 1.5), dot(points.at(-1)!, 110, end, 2.5)];
}

/** No rings where every point is on the plane up to a thousandth of what is shown. */
function ringLayer(
  paths: readonly NamedPath[],
  plane: Pick<Plane, 'x' | 'y'>,
  pathCase: string,
  theme: Theme,
): object[] {
  const most = largest(paths.map(farthest), 0);
  const longest = largest(
    paths.map(({ length }) => largest(Array.from(length), 0)),
    0,
  );
  if (!(most > 1e-3 * longest)) return [];
  const chosen = paths.flatMap((path) => apart(pointsOf(path), plane));
  const top = Number(most.toPrecision(2));
  return [
    {
      data: { values: chosen },
      mark: {
        type: 'point',
        shape: 'circle',
        filled: false,
        clip: true,
        opacity: 1,
        stroke: pathCase,
        strokeWidth: 1.2,
      },
      encoding: {
        ...place,
        size: {
          ...number('distance'),
          scale: { type: 'pow', exponent: 2, domain: [0, most], range: [0, 700] },
          legend: {
            orient: 'bottom',
            direction: 'horizontal',
            title: 'rings: distance from the plane',
            titleOrient: 'left',
            titleLimit: 400,
            values: [top / 2, top],
            symbolStrokeColor: colours[theme].quiet,
            symbolType: 'circle',
            symbolStrokeWidth: 1.2,
            format: '.2~g',
            offset: 10,
          },
        },
      },
    },
  ];
}

/** Draws nothing: a legend with the name of each path. */
function nameLayer(paths: readonly NamedPath[], colour: (i: number) => string) {
  const scale = { domain: paths.map(({ name }) => name), range: paths.map((_, i) => colour(i)) };
  const legend = { orient: 'top', title: null, symbolOpacity: 1 };
  return {
    data: { values: paths.map((path) => pointsOf(path)[0]) },
    mark: { type: 'line', opacity: 0, clip: true },
    encoding: { ...place, stroke: { field: 'run', type: 'nominal', scale, legend } },
  };
}

/** From the last point backwards, those that are apart from the one chosen before. */
function apart(points: readonly PathPoint[], plane: Pick<Plane, 'x' | 'y'>): PathPoint[] {
  const chosen: PathPoint[] = [];
  for (const point of [...points].reverse()) {
    if (point.x === null || point.y === null || point.distance === null) continue;
    const next = chosen.at(-1);
    const gap = next ? Math.hypot(share(point.x, next.x, plane.x), share(point.y, next.y, plane.y)) : 1;
    if (gap >= ringGap) chosen.push(point);
  }
  return chosen;
}

/** How far two places are apart, of the whole axis. */
const share = (one: number | null, other: number | null, { values }: Plane['x']): number =>
  Math.abs(((one ?? 0) - (other ?? 0)) / (values[values.length - 1]! - values[0]! || 1));

/** Above the ends of the path; one label for both where two would overlap. */
function endLabels(first: PathPoint, last: PathPoint, { x, y }: Pick<Plane, 'x' | 'y'>) {
  const step = (one: PathPoint) => numberText(one.step, 15);
  if (first.step === last.step) return [{ ...last, label: `step ${step(last)}` }];
  if (share(first.x, last.x, x) < 0.2 && share(first.y, last.y, y) < 0.06)
    return [{ ...last, label: `steps ${step(first)} to ${step(last)}` }];
  return [first, last].map((end) => ({ ...end, label: `step ${step(end)}` }));
}

function endTexts(path: NamedPath, plane: Pick<Plane, 'x' | 'y'>, dark: string, pathCase: string) {
  const points = pointsOf(path);
  return cased(endLabels(points[0]!, points.at(-1)!, plane), -14, dark, pathCase);
}

const cased = (values: readonly object[], dy: number, color: string, pathCase: string): object[] =>
  [{ color: pathCase, stroke: pathCase, strokeWidth: 4, strokeJoin: 'round' }, { color }].map((more) => ({
    data: { values },
    mark: { type: 'text', clip: true, fontSize: 12, dy, ...more },
    encoding: { ...place, text: { field: 'label' } },
  }));

const shapes = { minimum: 'circle', saddle: 'diamond', maximum: 'triangle-up', point: 'square' } as const;

const markName = ({ kind, certified }: SliceMark): string =>
  kind === 'point' ? 'point' : `${kind}, ${certified ? 'certified' : 'not certified'}`;

/** Minima ○, saddles ◇, maxima △; filled where certified. */
export function markLayers(marks: readonly SliceMark[], theme: Theme): object[] {
  if (marks.length === 0) return [];
  const { path: dark, pathCase, quiet } = colours[theme];
  const found = colours.light.series[3];
  const kinds = [...new Map(marks.map((mark) => [markName(mark), mark]))];
  const domain = kinds.map(([name]) => name);
  const legend = { orient: 'bottom', title: null, symbolSize: 110, symbolStrokeWidth: 2, symbolOpacity: 1, offset: 10 };
  const channel = (range: readonly string[], words: boolean) => ({
    field: 'mark',
    type: 'nominal',
    scale: { domain, range },
    legend: words ? legend : null,
  });
  const values = marks.map((mark) => ({
    x: drawable(mark.alpha),
    y: drawable(mark.beta),
    mark: markName(mark),
    label: mark.label,
  }));
  const shape = kinds.map(([, { kind }]) => shapes[kind]);
  const fill = kinds.map(([, { certified }]) => (certified ? found : 'transparent'));
  const outlined = (mark: object, encoding: object) => ({
    data: { values },
    mark: { type: 'point', clip: true, opacity: 1, size: 120, ...mark },
    encoding: { ...place, shape: channel(shape, false), ...encoding },
  });
  return [
    outlined({ filled: false, stroke: pathCase, strokeWidth: 5.5 }, {}),
    outlined({ stroke: dark, strokeWidth: 2 }, { fill: channel(fill, false) }),
    // Not seen: the legend stands on the page, where outlines are of the colour of text.
    outlined(
      { opacity: 0, size: 0 },
      {
        shape: channel(shape, true),
        fill: channel(fill, true),
        stroke: channel(
          kinds.map(() => quiet),
          true,
        ),
      },
    ),
    ...cased(
      values.filter(({ label }) => label !== ''),
      17,
      dark,
      pathCase,
    ),
  ];
}
