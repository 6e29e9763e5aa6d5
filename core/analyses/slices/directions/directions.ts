import { BadInput } from '../../../bad-input.ts';
import { type Status, worstStatus } from '../../../linalg/result.ts';
import { gaussNewtonOperator } from '../../../objective/curvature/gauss-newton.ts';
import { hessianOperator } from '../../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../../objective/objective.ts';
import type { AnalysisContext } from '../../analysis-run.ts';
import type { Trajectory } from '../../trajectory.ts';
import type { SliceDirection } from '../slice.ts';
import { differenceDirection } from './difference.ts';
import type { DirectionKind } from './direction-kinds.ts';
import { eigenvectorDirections } from './eigenvectors.ts';
import type { FoundDirection } from './found-direction.ts';
import { foundDirection } from './found-direction.ts';
import { gradientDirection, hessianGradientDirection } from './gradient.ts';
import { dot, norm } from './inner-product.ts';
import { momentDirection, updateDirection } from './moments.ts';
import { type BlockTreatment, type Normalization, normalisedDirection } from './normalisation.ts';
import { randomDirections } from './random.ts';
import { principalDirections } from './trajectory-pca.ts';

export { type DirectionKind, spanOf } from './direction-kinds.ts';

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
}

export interface Scaling extends Omit<BlockTreatment, 'normalization'> {
  /**
   * `own`: filter for random directions, and the others as they are. Any other word holds for all directions, except
   * `none`, which leaves those that are not random as they are, biases and gains included.
   */
  readonly normalization: Normalization | 'own';
  /** Project out the directions along which the function does not change. */
  readonly removeScales: boolean;
}

export const ownScaling: Scaling = { normalization: 'own', biases: 'zero', gains: 'zero', removeScales: false };

export interface Directions {
  /** As they span the slice, after scaling. Zero where they were not found. */
  readonly vectors: Float64Array[];
  readonly directions: SliceDirection[];
  /** Of the pairs (0,1), (0,2), (1,2), after scaling. NaN where a direction was not found. */
  readonly cosines: number[];
  /** False where the work was cancelled or met what is not finite before every direction was found. */
  readonly spanned: boolean;
  readonly products: number;
  readonly gradients: number;
  readonly status: Status;
  readonly warnings: string[];
}

/** What the methods found, by kind, and what it cost. */
interface Findings {
  readonly found: Map<DirectionKind, readonly FoundDirection[]>;
  readonly warnings: string[];
  statuses: Status[];
  products: number;
  gradients: number;
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
  const { origin, objective } = context;
  if (origin.some((x) => !Number.isFinite(x)))
    throw new BadInput('The parameters here are not finite.', 'Choose an earlier checkpoint.');
  const findings = await findAll(kinds, context);
  const { warnings } = findings;
  const taken = inOrder(kinds, findings.found);
  const spanned = taken.every(({ vector }) => vector !== null);
  const vectors = taken.map(({ vector }, k) => scaled(vector, kinds[k]!, scaling, origin, objective));
  const directions = taken.map(({ about }, k) => ({
    ...about,
    kind: scaledName(about.kind, kinds[k]!, scaling),
    norm: norm(vectors[k]!),
  }));
  const cosines = cosinesOf(vectors);
  if (spanned) refuseDegenerate(directions, cosines);
  warnings.push(...scalingWarnings(kinds, scaling));
  const { products, gradients } = findings;
  const status = worstStatus([...findings.statuses, context.signal?.aborted && !spanned ? 'cancelled' : null]);
  return { vectors, directions, cosines, spanned, products, gradients, status, warnings };
}

const countOf = (kinds: readonly DirectionKind[], kind: DirectionKind) => kinds.filter((one) => one === kind).length;

async function findAll<V>(kinds: readonly DirectionKind[], context: DirectionsContext<V>): Promise<Findings> {
  const findings: Findings = { found: new Map(), warnings: [], statuses: [], products: 0, gradients: 0 };
  const { found } = findings;
  const { origin, rng } = context;
  const count = (kind: DirectionKind) => countOf(kinds, kind);
  if (count('random')) found.set('random', randomDirections(origin.length, count('random'), rng));
  if (count('difference')) found.set('difference', [differenceDirection('difference', origin, context.other, '--to')]);
  if (count('third')) found.set('third', [differenceDirection('third point', origin, context.third, '--third')]);
  if (count('moment')) found.set('moment', [momentDirection(context.moment, origin.length)]);
  if (count('update')) found.set('update', [updateDirection(context.update, origin.length)]);
  if (count('file')) found.set('file', fileDirections(context.file, origin.length, count('file')));
  if (count('pca')) {
    const { directions, warnings } = await principalDirections(context.trajectory, origin, count('pca'), context);
    found.set('pca', directions);
    findings.warnings.push(...warnings);
  }
  await findDerivatives(kinds, context, findings);
  return findings;
}

/** The kinds that need derivatives of the loss, all from one linearization. */
async function findDerivatives<V>(
  kinds: readonly DirectionKind[],
  context: DirectionsContext<V>,
  findings: Findings,
): Promise<void> {
  const { objective, theta, rng, signal, onProgress } = context;
  const { space } = objective;
  const count = (kind: DirectionKind) => countOf(kinds, kind);
  const second = (['eigen', 'lowest', 'gauss-newton', 'hessian-gradient'] as const).some(count);
  if (!second && !count('gradient')) return;
  findings.gradients++;
  if (!second) {
    const { gradient } = await objective.gradient(theta);
    addGradient(findings, await space.toHost(gradient));
    space.release(gradient);
    return;
  }
  const linearization = await objective.linearize(theta);
  try {
    if (count('gradient')) addGradient(findings, await space.toHost(linearization.gradient));
    if (count('hessian-gradient')) {
      const image = await hessianGradientDirection(objective, linearization);
      findings.products++;
      findings.found.set('hessian-gradient', [image]);
      if (!image.vector) findings.statuses.push('notFinite');
    }
    const search = async (matrix: 'Hessian' | 'Gauss–Newton', top: number, bottom: number) => {
      const operator = operatorOf(matrix, objective, linearization);
      const stream = matrix === 'Hessian' ? 'eigenvectors' : 'Gauss–Newton eigenvectors';
      const result = await eigenvectorDirections(
        operator,
        matrix,
        { top, bottom },
        { rng: rng.split(stream), signal, onProgress },
      );
      findings.products += result.products;
      findings.statuses.push(result.status);
      return result;
    };
    if (count('eigen') + count('lowest')) {
      const { top, bottom } = await search('Hessian', count('eigen'), count('lowest'));
      findings.found.set('eigen', top).set('lowest', bottom);
    }
    if (count('gauss-newton'))
      findings.found.set('gauss-newton', (await search('Gauss–Newton', count('gauss-newton'), 0)).top);
  } finally {
    linearization.dispose();
  }
}

function operatorOf<V>(matrix: 'Hessian' | 'Gauss–Newton', { space }: Objective<V>, linearization: Linearization<V>) {
  return matrix === 'Hessian' ? hessianOperator(space, linearization) : gaussNewtonOperator(space, linearization);
}

function addGradient(findings: Findings, gradient: Float64Array): void {
  const direction = gradientDirection(gradient);
  findings.found.set('gradient', [direction]);
  if (!direction.vector) findings.statuses.push('notFinite');
}

function fileDirections(
  file: readonly Float64Array[] | undefined,
  dim: number,
  count: number,
): readonly FoundDirection[] {
  if (!file || file.length < count)
    throw new BadInput(
      `${count} ${count === 1 ? 'direction is' : 'directions are'} wanted of a file, ${file?.length ?? 0} given.`,
      'Give a file with a direction for each axis.',
    );
  return file.slice(0, count).map((vector, k) => {
    if (vector.length !== dim)
      throw new BadInput(
        `Direction ${k + 1} of the file has ${vector.length} entries, the model ${dim} parameters.`,
        'Use a file that was made for this model.',
      );
    if (vector.some((x) => !Number.isFinite(x)))
      throw new BadInput(`Direction ${k + 1} of the file is not finite.`, 'Use another file.');
    return foundDirection(vector.slice(), 'direction from a file');
  });
}

/** The k-th occurrence of a kind takes its k-th direction. */
function inOrder(
  kinds: readonly DirectionKind[],
  found: ReadonlyMap<DirectionKind, readonly FoundDirection[]>,
): FoundDirection[] {
  return kinds.map((kind, i) => found.get(kind)![countOf(kinds.slice(0, i), kind)]!);
}

/** Whether a direction of this kind is scaled at all, and how. */
function normalizationOf(kind: DirectionKind, { normalization }: Scaling): Normalization | null {
  if (kind === 'random') return normalization === 'own' ? 'filter' : normalization;
  return normalization === 'own' || normalization === 'none' ? null : normalization;
}

function scaled<V>(
  vector: Float64Array | null,
  kind: DirectionKind,
  scaling: Scaling,
  origin: Float64Array,
  { layout }: Objective<V>,
): Float64Array {
  if (vector === null) return new Float64Array(origin.length);
  const normalization = normalizationOf(kind, scaling);
  return normalization ? normalisedDirection(vector, origin, layout, { ...scaling, normalization }) : vector;
}

function scaledName(name: string, kind: DirectionKind, scaling: Scaling): string {
  const normalization = normalizationOf(kind, scaling);
  return normalization && normalization !== 'none' ? `${normalization}-normalised ${name}` : name;
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

/** What a direction of a kind no longer is once it is scaled. */
const lost: Partial<Readonly<Record<DirectionKind, string>>> = {
  pca: 'a principal direction',
  eigen: 'an eigenvector',
  lowest: 'an eigenvector',
  'gauss-newton': 'an eigenvector',
  gradient: 'the gradient',
  'hessian-gradient': 'the Hessian image of the gradient',
  difference: 'the difference of the points',
  third: 'the difference of the points',
  moment: 'the first moment',
  update: 'the update',
  file: 'the vector of the file',
};

function scalingWarnings(kinds: readonly DirectionKind[], scaling: Scaling): string[] {
  const changed = kinds.filter((kind) => kind !== 'random' && normalizationOf(kind, scaling));
  return [...new Set(changed.map((kind) => lost[kind]!))].map(
    (what) => `The direction is ${scaling.normalization}-normalised and no longer ${what}.`,
  );
}
