import { BadInput } from '../../bad-input.ts';
import { barrierOf } from '../../fields/barrier.ts';
import { type Axes, pointCount } from '../../fields/grid.ts';
import type { Result, Status } from '../../linalg/result.ts';
import type { Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { type Trajectory, thinned } from '../trajectory.ts';
import { sliceAxes } from './axes.ts';
import { curvatureFields, fillCurvature } from './curvature-grid.ts';
import { sliceDescriptor } from './descriptor.ts';
import { type Directions, directionsOf, spanOf } from './directions/directions.ts';
import type { RemovedScales } from './directions/scaling.ts';
import { axesOfShape, gridSizes, shapeOfParameters } from './grid-text.ts';
import { pathLosses, pathWarnings } from './path-losses.ts';
import { type ProjectedTrajectory, projectTrajectory } from './projection.ts';
import { type QuantityDescription, quantitiesOf } from './quantities.ts';
import type { Slice, SliceField } from './slice.ts';
import { fillLosses, type GridWork, lossFields } from './slice-grid.ts';
import type { SliceParameters } from './slice-parameters.ts';
import { sliceTopology } from './topology.ts';
import { variantOf } from './variant.ts';

/** A grid on its way, with all that it takes to go on: plain data. */
export interface SliceProgress extends Directions {
  readonly axes: Axes;
  readonly fields: readonly SliceField[];
}

export interface SliceContext extends AnalysisContext {
  /** The run that led here; needed by `pca`, drawn on every slice. */
  readonly trajectory?: Trajectory | undefined;
  /** θ of the other points that `difference` and `points` lead to. */
  readonly other?: Float64Array | undefined;
  readonly third?: Float64Array | undefined;
  /** The optimiser's mean of gradients, and its update at this point. */
  readonly moment?: Float64Array | undefined;
  readonly update?: Float64Array | undefined;
  /** Directions that were read from a file. */
  readonly file?: readonly Float64Array[] | undefined;
  /** Goes on with this grid: bit for bit the uninterrupted one. */
  readonly resume?: SliceProgress | undefined;
  /** After every call; what it is given is filled further afterwards. */
  readonly onState?: ((progress: SliceProgress) => void | Promise<void>) | undefined;
  /** The slice as far as it is computed, for early pictures. Its fields are filled further afterwards. */
  readonly onGrid?: ((soFar: SliceSoFar) => void) | undefined;
}

/** Losses on the path are not computed yet: NaN. */
export type SliceSoFar = Omit<Slice, 'vectors' | 'warnings'>;

/** Checkpoints drawn on the slice; more would not be seen. */
const mostPathPoints = 200;

/**
 * Quantities on a line, a plane or a volume through θ, with the trajectory on it. Cost: one loss a point and what the
 * other quantities take (`quantityDescriptions`), two losses for each point of the path, and what the directions cost.
 * Status: `converged`, `cancelled` (the masks tell what was computed), `notFinite` where the loss at the centre is not
 * finite, or the status of the eigenvectors.
 */
export async function runSlice<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<SliceParameters> | Readonly<Record<string, unknown>>,
  context: SliceContext,
): Promise<Result<Slice>> {
  const began = performance.now();
  const parameters = readParameters(sliceDescriptor.parameters, given) as unknown as SliceParameters;
  const shape = shapeOfParameters(parameters);
  const plane = parameters[shape] ?? 'random';
  const sizes = gridSizes(parameters);
  const wanted = quantitiesOf(parameters.quantity);
  requireTogether(parameters);
  const { space } = objective;
  const origin = await space.toHost(theta);
  const trajectory = context.trajectory && thinned(context.trajectory, mostPathPoints);
  const center = await objective.evaluate(theta);
  const counts = { products: 0, gradients: 0, losses: 1 };

  const spanned =
    context.resume ?? (await directions(objective, theta, origin, plane, parameters, context, trajectory));
  const { vectors, cosines, status: found, spanned: isSpanned } = spanned;
  counts.products += spanned.products;
  counts.gradients += spanned.gradients;
  const path =
    isSpanned && trajectory && trajectory.steps.length > 0
      ? await projectTrajectory(trajectory, origin, vectors)
      : null;
  // With those of the directions in the state: a grid that is taken up again has them too.
  const ends: string[] = [];
  const held = isSpanned ? vectors.map((vector) => space.fromHost(vector)) : [];
  try {
    const axes =
      context.resume?.axes ??
      (isSpanned
        ? await sliceAxes(objective, theta, held, sizes, {
            parameters,
            plane,
            loss: center.loss,
            spanned,
            path,
            counts,
            warnings: ends,
            signal: context.signal,
          })
        : sizes.map((size) => new Float64Array(size)));
    const ask = {
      errors: wanted.some(({ id }) => id === 'error'),
      classLosses: wanted.some(({ id }) => id === 'class_loss'),
      standardErrors: parameters.uncertainty || parameters.examples !== null,
    };
    const work: GridWork = {
      axes,
      fields: context.resume
        ? [...context.resume.fields]
        : [...lossFields(axes, ask), ...curvatureFields(axes, wanted, space.dim)],
    };
    const known = {
      plane,
      points: pointsOf(parameters),
      variant: variantOf(given as Readonly<Record<string, unknown>>),
      axes,
      directions: spanned.directions,
      cosines,
      center: { loss: center.loss, standardError: center.standardError, examples: objective.examples },
      on: parameters.on,
      statistics: parameters.statistics,
      convention: objective.convention,
      engine: objective.engine,
      precision: space.precision,
    };
    const fields = () => work.fields as unknown as Slice['fields'];
    const tell = async (stage: string, done: number, total: number, unit: 'losses' | 'gradients') => {
      context.onGrid?.({ ...known, fields: fields(), trajectory: path && withoutLosses(path) });
      context.onProgress?.({ stage, done, total, unit });
      await context.onState?.({ ...spanned, warnings: [...spanned.warnings, ...ends], axes, fields: work.fields });
    };
    let whole = isSpanned;
    if (whole)
      whole = await fillLosses(objective, theta, held, work, ask, {
        signal: context.signal,
        adaptive: parameters.adaptive,
        onCall: (done, total) => tell('slice', done, total, 'losses'),
      });
    if (whole)
      whole = await fillCurvature(objective, theta, held, work, counts, {
        rng: context.rng.split('curvature'),
        signal: context.signal,
        onPoint: (done, total) => tell('curvature', done, total, 'gradients'),
      });
    const losses = path && isSpanned ? await pathLosses(objective, theta, held, path, trajectory!, context) : null;
    counts.losses += fields()[0].computed.reduce((sum, one) => sum + one, 0) + 2 * (losses?.evaluated ?? 0);
    const value: Slice = {
      ...known,
      fields: fields(),
      trajectory: path && losses ? { ...path, trueLoss: losses.trueLoss, projectedLoss: losses.projectedLoss } : null,
      ...(whole ? featuresOf(parameters, plane, axes, work.fields[0]!, space.precision) : {}),
      warnings: [
        ...spanned.warnings,
        ...ends,
        ...(spanned.scales ? [removedSentence(spanned.scales)] : []),
        ...thinnedSentence(context.trajectory, trajectory),
        ...(path && losses ? pathWarnings(path, losses) : []),
        ...(whole ? missing(wanted, work.fields) : []),
        ...leftOut(parameters, axes, work.fields[0]!, whole),
      ],
      vectors,
    };
    const seconds = (performance.now() - began) / 1000;
    return {
      value,
      status: statusOf(context.signal?.aborted === true, center.loss, found),
      stats: { ...counts, seconds },
    };
  } finally {
    space.release(...held);
  }
}

function directions<V>(
  objective: Objective<V>,
  theta: V,
  origin: Float64Array,
  plane: string,
  { normalization, biases, gains, removeScales, statistics, ...shaped }: SliceParameters,
  context: SliceContext,
  trajectory: Trajectory | undefined,
): Promise<Directions> {
  const kinds = spanOf(plane, axesOfShape(shapeOfParameters(shaped)));
  const { rng, signal, onProgress, other, third, moment, update, file } = context;
  const statisticsFollow = statistics === 'batch' || statistics === 'recalibrated';
  return directionsOf(
    kinds,
    { normalization, biases, gains, removeScales },
    {
      objective,
      theta,
      origin,
      rng,
      signal,
      onProgress,
      trajectory,
      other,
      third,
      moment,
      update,
      file,
      statisticsFollow,
    },
  );
}

const statusOf = (cancelled: boolean, loss: number, found: Status): Status =>
  cancelled ? 'cancelled' : Number.isFinite(loss) ? found : 'notFinite';

function withoutLosses(path: ProjectedTrajectory): Slice['trajectory'] {
  const unknown = () => new Float64Array(path.steps.length).fill(Number.NaN);
  return { ...path, trueLoss: unknown(), projectedLoss: unknown() };
}

/** What is read off a whole grid: its minima and passes where they are asked for, the barrier between two points. */
function featuresOf(
  { topology, normalization, removeScales, line }: SliceParameters,
  plane: string,
  axes: Axes,
  loss: SliceField,
  precision: Slice['precision'],
): Pick<Slice, 'topology' | 'barrier'> {
  const [kind] = line === null ? [] : spanOf(plane, 1);
  // Scaled, the direction no longer ends at the other point.
  const isPath = (kind === 'difference' || kind === 'third') && /own|none/.test(normalization) && !removeScales;
  const errors = loss.certificate === 'standard error' ? loss.uncertainty : null;
  const barrier = isPath ? barrierOf(axes[0]!, loss.values, loss.computed, errors) : null;
  return {
    ...(topology ? { topology: sliceTopology(axes, loss, precision) } : {}),
    ...(barrier ? { barrier } : {}),
  };
}

/** What was asked for and does not exist for this loss is said. */
function missing(wanted: readonly QuantityDescription[], fields: readonly SliceField[]): string[] {
  const isThere = (id: string) =>
    fields.some(({ quantity, computed }) => (quantity === id || quantity.startsWith(`${id}_`)) && computed.includes(1));
  return wanted
    .filter(({ id, needs }) => needs === 'loss' && !isThere(id))
    .map(({ title }) => `There is no ${title} here: the targets are not classes.`);
}

/** A tree of a grid with holes would take every point that was left out for a border. */
function requireTogether({ topology, adaptive }: SliceParameters): void {
  if (topology && adaptive !== null)
    throw new BadInput('--topology needs every point, and --adaptive leaves points out.', 'Leave one of them out.');
}

/** What `removeScales` took out, and how well. */
const removedSentence = ({ rescalings, normalised, translations, shares, residual }: RemovedScales): string =>
  `${rescalings + normalised + translations} directions that leave the function as it is were taken out: ${shares
    .map((share) => `${(100 * share).toFixed(1)} %`)
    .join(', ')} of the squared lengths, to a cosine of ${residual.toExponential(1)}.`;

function thinnedSentence(whole: Trajectory | undefined, drawn: Trajectory | undefined): string[] {
  if (!whole || !drawn || whole.steps.length === drawn.steps.length) return [];
  return [
    `The path, and what is explained of it, are those of ${drawn.steps.length} of ${whole.steps.length} checkpoints.`,
  ];
}

/** What an adaptive grid did not compute is said. */
function leftOut({ adaptive }: SliceParameters, axes: Axes, { computed }: SliceField, whole: boolean): string[] {
  if (adaptive === null || !whole) return [];
  const all = pointCount(axes);
  const left = all - computed.reduce((sum, one) => sum + one, 0);
  return left === 0
    ? []
    : [
        `${((100 * left) / all).toFixed(0)} % of the points were left out where the surface bends by less than ${adaptive} of its range: features between the coarsest points are not seen.`,
      ];
}

/** What names the other points of a slice. */
export const pointsOf = ({ to, third, file }: Pick<SliceParameters, 'to' | 'third' | 'file'>): string[] =>
  [to, third, file].filter((text) => text !== null);

/** Every parameter that is no answer to “how” is needed by something. Throws BadInput for what stands alone. */
export function requireUsed(plane: string, { to, third, file }: Pick<SliceParameters, 'to' | 'third' | 'file'>): void {
  const uses = (...words: readonly string[]) => plane.split(',').some((word) => words.includes(word.trim()));
  const unused =
    (to !== null && !uses('difference', 'points') && '--to') ||
    (third !== null && !uses('third', 'points') && '--third') ||
    (file !== null && !uses('file') && '--file');
  if (unused)
    throw new BadInput(
      `${unused} is given, and the directions “${plane}” do not use it.`,
      'Name the directions that do.',
    );
}
