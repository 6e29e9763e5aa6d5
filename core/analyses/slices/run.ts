import { BadInput } from '../../bad-input.ts';
import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { Result, Status } from '../../linalg/result.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';
import type { Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { type Trajectory, thinned } from '../trajectory.ts';
import { type SliceParameters, sliceDescriptor } from './descriptor.ts';
import { normalizedDirection } from './filter-normalization.ts';
import { emptyGrid, evenlySpaced, type LossGrid, lossGrid } from './loss-grid.ts';
import { pathLosses, pathWarnings } from './path-losses.ts';
import { type ProjectedTrajectory, projectTrajectory } from './projection.ts';
import { dot, trajectoryPca } from './trajectory-pca.ts';

export interface SliceContext extends AnalysisContext {
  /** The run that led here; needed by the plane `pca`, drawn on every plane. */
  readonly trajectory?: Trajectory | undefined;
  /** The plane and its grid as far as it is computed, for early pictures. The grid is filled further afterwards. */
  readonly onGrid?: ((soFar: SliceSoFar) => void) | undefined;
}

/** Losses on the path are not computed yet: NaN. */
export type SliceSoFar = Omit<Slice, 'vectors' | 'warnings'>;

export interface SliceDirection {
  /** `filter-normalised random`, `principal direction`, `Hessian eigenvector` … */
  readonly kind: string;
  /** ‖d‖: one unit along the axis, in parameter length. */
  readonly norm: number;
  /** Of an eigenvector. */
  readonly eigenvalue: number | null;
  /** Of an eigenvector: ‖Hd − λd‖. */
  readonly residual: number | null;
  /** Of a principal direction: its share of Σ ‖θᵢ − origin‖². */
  readonly explained: number | null;
}

export interface Slice extends LossGrid {
  readonly plane: SliceParameters['plane'];
  readonly directions: readonly [SliceDirection, SliceDirection];
  /** Cosine of the angle between the directions as they are used, after normalisation. */
  readonly cosine: number;
  readonly center: { readonly loss: number; readonly standardError: number; readonly examples: number };
  /** Losses on the path are NaN where the work was cancelled before them. */
  readonly trajectory:
    | (ProjectedTrajectory & { readonly trueLoss: Float64Array; readonly projectedLoss: Float64Array })
    | null;
  /** Where the picture misleads, one sentence each. */
  readonly warnings: readonly string[];
  readonly convention: LossConvention;
  readonly engine: string;
  readonly precision: VectorSpace<unknown>['precision'];
  /** d₁ and d₂ in full, for files. */
  readonly vectors: readonly [Float64Array, Float64Array];
}

interface Plane {
  readonly vectors: readonly [Float64Array, Float64Array];
  readonly directions: readonly [SliceDirection, SliceDirection];
  readonly products: number;
  readonly gradients: number;
  readonly status: Status;
}

/** Checkpoints drawn on the plane; more would not be seen. */
const mostPathPoints = 200;
/** 1 − |cosine| below this: the directions are one line within rounding. */
const parallelTol = 1e-12;

/**
 * The loss on a plane through θ with the trajectory on it. Cost: one loss a cell, two for each point of the path, and
 * about 30 products for eigenvector planes. Status: `converged`, `cancelled` (the mask tells what was computed),
 * `notFinite` where the loss at the centre is not finite, or the status of the eigenvectors.
 */
export async function runSlice<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<SliceParameters> | Readonly<Record<string, unknown>>,
  context: SliceContext,
): Promise<Result<Slice>> {
  const began = performance.now();
  const parameters = readParameters(sliceDescriptor.parameters, given) as unknown as SliceParameters;
  const { space } = objective;
  const origin = await space.toHost(theta);
  const trajectory = context.trajectory && thinned(context.trajectory, mostPathPoints);
  const center = await objective.evaluate(theta);
  const plane = await planeOf(objective, theta, origin, parameters, context, trajectory);
  const [d1, d2] = plane.vectors;
  const cosine = dot(d1, d2) / (plane.directions[0].norm * plane.directions[1].norm);
  // NaN where the eigenvectors were not found before the work was cancelled or failed.
  const spanned = !Number.isNaN(cosine);
  if (Math.abs(cosine) > 1 - parallelTol)
    throw new BadInput('The two directions are parallel and span no plane.', 'Use another plane or another seed.');
  const path =
    spanned && trajectory && trajectory.steps.length > 0 ? await projectTrajectory(trajectory, origin, d1, d2) : null;
  const [alpha, beta] = axes(parameters, plane, center.loss, path);
  const directions: [V, V] = [space.fromHost(d1), space.fromHost(d2)];
  const total = parameters.grid ** 2;
  const known = {
    plane: parameters.plane,
    directions: plane.directions,
    cosine,
    center: { loss: center.loss, standardError: center.standardError, examples: objective.examples },
    convention: objective.convention,
    engine: objective.engine,
    precision: space.precision,
  };
  const unknown = () => new Float64Array(path?.steps.length ?? 0).fill(Number.NaN);
  const options = {
    signal: context.signal,
    onProgress(done: number, grid: LossGrid) {
      const trajectory = path && { ...path, trueLoss: unknown(), projectedLoss: unknown() };
      context.onGrid?.({ ...known, ...grid, trajectory });
      context.onProgress?.({ stage: 'slice', done, total, unit: 'losses' });
    },
  };
  const grid = spanned ? await lossGrid(objective, theta, directions, alpha, beta, options) : emptyGrid(alpha, beta);
  const losses = path ? await pathLosses(objective, theta, directions, path, trajectory!, context) : null;
  space.release(...directions);
  const value: Slice = {
    ...known,
    ...grid,
    trajectory: path && losses ? { ...path, trueLoss: losses.trueLoss, projectedLoss: losses.projectedLoss } : null,
    warnings: path && losses ? pathWarnings(path, losses) : [],
    vectors: plane.vectors,
  };
  const cells = grid.computed.reduce((sum, one) => sum + one, 0);
  const stats = {
    products: plane.products,
    gradients: plane.gradients,
    losses: cells + 1 + 2 * (losses?.evaluated ?? 0),
    seconds: (performance.now() - began) / 1000,
  };
  const status = context.signal?.aborted ? 'cancelled' : Number.isFinite(center.loss) ? plane.status : 'notFinite';
  return { value, status, stats };
}

function planeOf<V>(
  objective: Objective<V>,
  theta: V,
  origin: Float64Array,
  parameters: SliceParameters,
  context: SliceContext,
  trajectory: Trajectory | undefined,
): Promise<Plane> | Plane {
  switch (parameters.plane) {
    case 'random':
      return randomPlane(objective, origin, parameters, context);
    case 'pca':
      return pcaPlane(origin, trajectory);
    case 'eigen':
      return eigenPlane(objective, theta, context);
  }
}

const described = (vector: Float64Array, kind: string, more: Partial<SliceDirection> = {}): SliceDirection => ({
  kind,
  norm: Math.sqrt(dot(vector, vector)),
  eigenvalue: null,
  residual: null,
  explained: null,
  ...more,
});

function randomPlane<V>(
  objective: Objective<V>,
  origin: Float64Array,
  { normalization, oneDimensional }: SliceParameters,
  { rng }: SliceContext,
): Plane {
  const draw = (name: string) => {
    const raw = rng.split(name).fill(new Float64Array(origin.length), 'normal');
    return normalizedDirection(raw, origin, objective.layout, normalization, oneDimensional);
  };
  const vectors: [Float64Array, Float64Array] = [draw('first'), draw('second')];
  const kind = normalization === 'none' ? 'random' : `${normalization}-normalised random`;
  const directions: [SliceDirection, SliceDirection] = [described(vectors[0], kind), described(vectors[1], kind)];
  if (directions.some(({ norm }) => !(norm > 0)))
    throw new BadInput(
      'A random direction has no length: the weights it is scaled to are zero.',
      'Use --normalization none.',
    );
  return { vectors, directions, products: 0, gradients: 0, status: 'converged' };
}

async function pcaPlane(origin: Float64Array, trajectory: Trajectory | undefined): Promise<Plane> {
  const pca = trajectory && trajectory.steps.length > 2 ? await trajectoryPca(trajectory, origin, 2) : null;
  const [first, second] = pca?.directions ?? [];
  if (!pca || !first || !second)
    throw new BadInput(
      'The trajectory spans no plane.',
      'Give a run with at least three different checkpoints, or another plane.',
    );
  const describe = (vector: Float64Array, k: number) =>
    described(vector, 'principal direction', { explained: pca.explained[k] ?? null });
  return {
    vectors: [first, second],
    directions: [describe(first, 0), describe(second, 1)],
    products: 0,
    gradients: 0,
    status: 'converged',
  };
}

async function eigenPlane<V>(
  objective: Objective<V>,
  theta: V,
  { rng, signal, onProgress }: SliceContext,
): Promise<Plane> {
  const { space } = objective;
  const linearization = await objective.linearize(theta);
  try {
    const { value, status, stats } = await lanczos(hessianOperator(space, linearization), {
      top: 2,
      residualTol: 1e-3,
      eigenvectors: true,
      rng: rng.split('eigenvectors'),
      signal,
      onProgress: ({ products, limit }) =>
        onProgress?.({ stage: 'eigenvectors', done: products, total: limit, unit: 'products' }),
    });
    const [first, second] = value.top;
    if ((!first?.vector || !second?.vector) && (status === 'cancelled' || status === 'notFinite')) {
      const none = new Float64Array(space.dim);
      const direction = described(none, 'Hessian eigenvector');
      return {
        vectors: [none, none],
        directions: [direction, direction],
        products: stats.products,
        gradients: 1,
        status,
      };
    }
    if (!first?.vector || !second?.vector)
      throw new BadInput('The Hessian here has no two eigenvectors.', 'Use another plane.');
    const vectors: [Float64Array, Float64Array] = [await space.toHost(first.vector), await space.toHost(second.vector)];
    space.release(...value.top.flatMap(({ vector }) => vector ?? []));
    const describe = (k: 0 | 1, pair: typeof first) =>
      described(vectors[k], 'Hessian eigenvector', { eigenvalue: pair.value, residual: pair.residual });
    return {
      vectors,
      directions: [describe(0, first), describe(1, second)],
      products: stats.products,
      gradients: 1,
      status,
    };
  } finally {
    linearization.dispose();
  }
}

function axes(
  parameters: SliceParameters,
  plane: Plane,
  loss: number,
  path: ProjectedTrajectory | null,
): [Float64Array, Float64Array] {
  const { grid, extent } = parameters;
  const symmetric = (half: number) => evenlySpaced(-half, half, grid);
  if (extent !== null) return [symmetric(extent), symmetric(extent)];
  if (parameters.plane === 'pca' && path) return [around(path.alpha, grid), around(path.beta, grid)];
  if (parameters.plane === 'eigen') {
    // ½ λ α² = 4 L: where the quadratic model has risen to five times the loss.
    const half = ({ eigenvalue }: SliceDirection) =>
      Math.sqrt((8 * Math.max(Math.abs(loss), 1e-6)) / Math.max(Math.abs(eigenvalue ?? 1), 1e-9));
    return [symmetric(half(plane.directions[0])), symmetric(half(plane.directions[1]))];
  }
  return [symmetric(1), symmetric(1)];
}

/** From the smallest to the largest coordinate of the path and of the centre 0, with a quarter of the range on either side. */
function around(coordinates: Float64Array, count: number): Float64Array {
  let [low, high] = [0, 0];
  for (const value of coordinates) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = 0.25 * (high - low || 1);
  return evenlySpaced(low - margin, high + margin, count);
}
