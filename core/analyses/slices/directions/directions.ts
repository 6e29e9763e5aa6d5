import { BadInput } from '../../../bad-input.ts';
import { type Status, worstStatus } from '../../../linalg/result.ts';
import { dot, norm } from '../../../linalg/spaces/host-products.ts';
import type { Objective } from '../../../objective/objective.ts';
import type { AnalysisContext } from '../../analysis-run.ts';
import type { Trajectory } from '../../trajectory.ts';
import type { SliceDirection } from '../slice.ts';
import { differenceDirection } from './difference.ts';
import type { DirectionKind } from './direction-kinds.ts';
import type { FoundDirection } from './found-direction.ts';
import { derivativeDirections, type Findings } from './from-derivatives.ts';
import { fileDirections } from './from-file.ts';
import { momentDirection, updateDirection } from './moments.ts';
import { randomDirections } from './random.ts';
import { type RemovedScales, type Scaling, scaledDirections } from './scaling.ts';
import { principalDirections } from './trajectory-pca.ts';

export { type DirectionKind, spanOf } from './direction-kinds.ts';
export { ownScaling, type RemovedScales, type Scaling } from './scaling.ts';

export interface DirectionsContext<V> extends AnalysisContext {
  readonly objective: Objective<V>;
  readonly theta: V;
  /** θ on the host. */
  readonly origin: Float64Array;
  readonly trajectory?: Trajectory | undefined;
  /** The second and the third point. */
  readonly other?: Float64Array | undefined;
  readonly third?: Float64Array | undefined;
  /** Of the optimiser at this checkpoint: its running mean of gradients, and its step. */
  readonly moment?: Float64Array | undefined;
  readonly update?: Float64Array | undefined;
  readonly file?: readonly Float64Array[] | undefined;
  /** Batch normalisation follows the weights at every point (batch statistics or recalibration). Default false. */
  readonly statisticsFollow?: boolean | undefined;
}

export interface Directions {
  /** As they span the slice, after scaling. Zero where they were not found. */
  readonly vectors: readonly Float64Array[];
  readonly directions: readonly SliceDirection[];
  /** Of the pairs (0,1), (0,2), (1,2), after scaling. NaN where a direction was not found. */
  readonly cosines: readonly number[];
  /** What `removeScales` removed: generators of each kind, and their largest |cos| with what is left. */
  readonly scales: RemovedScales | null;
  /** False where the work was cancelled or met what is not finite before every direction was found. */
  readonly spanned: boolean;
  readonly products: number;
  readonly gradients: number;
  readonly status: Status;
  readonly warnings: readonly string[];
}

/**
 * The directions that span a slice through θ: found, scaled, and described as they then are. Random directions are scaled
 * as asked; eigenvectors, principal directions and differences stay what they are unless a normalisation is asked for by
 * name, and then a warning says what they no longer are. Cost: that of the methods; eigenvectors of one matrix come from
 * one search.
 *
 * Status: the worst of the searches, `cancelled`, `notFinite`. BadInput where θ is not finite, a direction has no length,
 * the directions are parallel or coplanar, or what they are made from is not given.
 */
export async function directionsOf<V>(
  kinds: readonly DirectionKind[],
  scaling: Scaling,
  context: DirectionsContext<V>,
): Promise<Directions> {
  const { origin, signal } = context;
  if (origin.some((x) => !Number.isFinite(x)))
    throw new BadInput('The parameters here are not finite.', 'Choose an earlier checkpoint.');
  const { found, statuses, products, gradients, warnings } = await findAll(kinds, context);
  const taken = kinds.map((kind, i) => found.get(kind)![countOf(kinds.slice(0, i), kind)]!);
  const spanned = taken.every(({ vector }) => vector !== null);
  const { scaled, scales, warnings: scalingWarnings } = scaledDirections(kinds, taken, scaling, context);
  const vectors = scaled.map(({ vector }) => vector);
  const directions = scaled.map(({ vector, about }) => ({ ...about, norm: norm(vector) }));
  const cosines = cosinesOf(vectors);
  if (spanned) refuseDegenerate(directions, cosines);
  const status = worstStatus([...statuses, signal?.aborted && !spanned ? 'cancelled' : null]);
  return {
    vectors,
    directions,
    cosines,
    scales,
    spanned,
    products,
    gradients,
    status,
    warnings: [...warnings, ...scalingWarnings],
  };
}

const countOf = (kinds: readonly DirectionKind[], kind: DirectionKind) => kinds.filter((one) => one === kind).length;

/** The k-th occurrence of a kind takes its k-th direction. */
async function findAll<V>(
  kinds: readonly DirectionKind[],
  context: DirectionsContext<V>,
): Promise<Findings & { readonly warnings: readonly string[] }> {
  const { origin, rng } = context;
  const dim = origin.length;
  const count = (kind: DirectionKind) => countOf(kinds, kind);
  const found: [DirectionKind, readonly FoundDirection[]][] = [];
  const warnings: string[] = [];
  if (count('random')) found.push(['random', randomDirections(dim, count('random'), rng)]);
  if (count('difference'))
    found.push(['difference', [differenceDirection('difference', origin, context.other, '--to')]]);
  if (count('third')) found.push(['third', [differenceDirection('third point', origin, context.third, '--third')]]);
  if (count('moment')) found.push(['moment', [momentDirection(context.moment, dim)]]);
  if (count('update')) found.push(['update', [updateDirection(context.update, dim)]]);
  if (count('file')) found.push(['file', fileDirections(context.file, dim, count('file'))]);
  if (count('pca')) {
    const principal = await principalDirections(context.trajectory, origin, count('pca'), context);
    found.push(['pca', principal.directions]);
    warnings.push(...principal.warnings);
  }
  const findings = await derivativeDirections(count, context);
  return { ...findings, found: new Map([...found, ...findings.found]), warnings };
}

const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

function cosinesOf(vectors: readonly Float64Array[]): number[] {
  return pairs
    .filter(([, j]) => j < vectors.length)
    .map(([i, j]) => dot(vectors[i]!, vectors[j]!) / (norm(vectors[i]!) * norm(vectors[j]!)));
}

/** Below this squared sine of an angle, or squared volume of three unit directions, nothing is spanned. */
const degenerate = 2e-12;

function refuseDegenerate(directions: readonly SliceDirection[], cosines: readonly number[]): void {
  const short = directions.find((direction) => !(direction.norm > 0));
  if (short)
    throw new BadInput(
      `A ${short.kind} direction has no length: the weights it is scaled to are zero.`,
      'Use --normalization none.',
    );
  if (cosines.some((cosine) => 1 - cosine ** 2 < degenerate))
    throw new BadInput('Two directions are parallel and span no plane.', 'Use other directions or another seed.');
  const [a = 0, b = 0, c = 0] = cosines;
  if (directions.length === 3 && 1 + 2 * a * b * c - a ** 2 - b ** 2 - c ** 2 < degenerate)
    throw new BadInput('The three directions lie in one plane.', 'Use other directions or another seed.');
}
