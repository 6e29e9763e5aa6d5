import { BadInput } from '../../bad-input.ts';
import { type Result, type Status, worstStatus } from '../../linalg/result.ts';
import { counted } from '../../objective/counted.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { type Descent, descend } from './descend.ts';
import { type EscapeParameters, escapeDescriptor } from './descriptor.ts';
import { dualVectors } from './dual-vectors.ts';
import type { Escape, EscapeEnd, EscapePath } from './escape.ts';
import { type NegativeDirection, negativeBelow, negativeDirections } from './negative-directions.ts';
import { thinnedPath } from './thinned-path.ts';

export interface EscapeContext extends AnalysisContext {
  /** Directions that the paths get coordinates on, independent but neither orthogonal nor of unit length. */
  readonly onto?: readonly Float64Array[] | undefined;
  /** Where those coordinates are zero. Default: the point that is left. */
  readonly origin?: Float64Array | undefined;
}

/**
 * Leaves θ along ± each of its most negative eigenvectors by gradient descent, and says where each descent ends: with
 * ‖∇L‖² and λ_min there. Whether θ is a critical point is told by ‖∇L‖² and in `sentence`; what is followed is descent
 * from beside it either way.
 *
 * Where no eigenvalue is below −τ |λ|_max (τ = 1e-7 in float64, 1e-4 in float32) there is no path, the status is that of the
 * search for eigenvalues, and `sentence` says so.
 *
 * Cost: p products (up to 200 parameters) or a Lanczos search for the directions, a gradient a step, about ten products
 * for |λ|_max after every 10 to 160 steps, a Lanczos search an end. Memory: a few vectors, and four numbers a step.
 *
 * Status: the worst of the searches and the descents; `budgetSpent` where a descent was still moving after its
 * steps, `stagnated` where none lowered the loss although it should.
 */
export async function runEscape<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<EscapeParameters> | Readonly<Record<string, unknown>>,
  context: EscapeContext,
): Promise<Result<Escape>> {
  const began = performance.now();
  const parameters = readParameters(escapeDescriptor.parameters, given) as unknown as EscapeParameters;
  const all = counted(objective);
  const { space } = all;
  const { rng, signal, onProgress, onto = [], origin } = context;
  for (const direction of [...onto, ...(origin ? [origin] : [])])
    if (direction.length !== space.dim)
      throw new BadInput(
        `A direction has ${direction.length} entries for ${space.dim} parameters.`,
        'Take a plane of the same model.',
      );
  const here = await space.toHost(theta);
  const offset = parameters.offset ?? 1e-3 * (1 + Math.sqrt(here.reduce((sum, x) => sum + x * x, 0)));
  const tolerance = parameters.tolerance ?? (space.precision === 'float64' ? 1e-16 : 1e-9);
  onProgress?.({ stage: 'directions', done: 0, total: parameters.products, unit: 'products' });
  const linearization = await all.linearize(theta);
  const { loss } = linearization;
  const [gradientNormSquared = Number.NaN] = await space.dots([linearization.gradient], linearization.gradient);
  const search = { count: parameters.directions, maxProducts: parameters.products, signal };
  const left = await negativeDirections(hessianOperator(space, linearization), {
    ...search,
    rng: rng.split('directions'),
  }).finally(() => linearization.dispose());
  const hostDuals = dualVectors(onto);
  const duals = hostDuals.map((dual) => space.fromHost(dual));
  const shifts = hostDuals.map((dual) =>
    origin ? dual.reduce((sum, entry, i) => sum + entry * (here[i]! - origin[i]!), 0) : 0,
  );
  const paths: EscapePath[] = [];
  const ends: Float64Array[] = [];
  const statuses: Status[] = [settled(left.status)];
  const plan = left.directions.flatMap((direction, rank) =>
    ([1, -1] as const).map((sign) => ({ direction, rank, sign })),
  );
  const total = plan.length * parameters.steps;
  for (const [i, { direction, rank, sign }] of plan.entries()) {
    if (signal?.aborted) break;
    const stage = `direction ${rank + 1}, ${sign > 0 ? '+' : '−'}`;
    const own = rng.split(`path ${rank} ${sign}`);
    const descent = await descend(all, space.addScaled(space.copy(theta), sign * offset, direction.vector), {
      ...{ steps: parameters.steps, tolerance, from: theta, duals, shifts, rng: own.split('descent'), signal },
      onStep: (step, at) =>
        onProgress?.({ stage, done: i * parameters.steps + step, total, unit: 'gradients', live: { loss: [at] } }),
    });
    const judged = await endOf(all, descent, { ...search, rng: own.split('end') });
    statuses.push(judged.status);
    paths.push(pathOf(descent, { direction, rank, sign }, judged.end));
    ends.push(await space.toHost(descent.theta));
    space.release(descent.theta);
  }
  if (signal?.aborted) statuses.push('cancelled');
  space.release(...duals, ...left.directions.map(({ vector }) => vector));
  const value: Escape = {
    loss,
    gradientNormSquared,
    negativeFound: left.found,
    lowest: left.lowest,
    offset,
    sentence: `${sentenceOf(left, paths)}${slopeSentence(gradientNormSquared, tolerance)}`,
    paths,
    precision: space.precision,
    engine: objective.engine,
    ends,
  };
  const seconds = (performance.now() - began) / 1000;
  return { value, status: worstStatus(statuses), stats: { ...all.counts, seconds } };
}

/** Where the slope is not next to zero, it decides where descents go as much as the curvature does. */
const slopeSentence = (gradientNormSquared: number, tolerance: number): string =>
  gradientNormSquared <= tolerance
    ? ''
    : ` The point is no critical point to this tolerance: ‖∇L‖² = ${gradientNormSquared.toPrecision(2)} there, so descents leave along the slope too.`;

/** A Krylov space that closes has said all that it can. */
const settled = (status: Status): Status => (status === 'invariantSubspace' ? 'converged' : status);

const statusOf: Readonly<Record<Descent<unknown>['reason'], Status>> = {
  tolerance: 'converged',
  floor: 'converged',
  stuck: 'stagnated',
  steps: 'budgetSpent',
  cancelled: 'cancelled',
  notFinite: 'notFinite',
};

async function endOf<V>(
  objective: Objective<V>,
  { theta, losses, gradientNormSquared, reason }: Descent<V>,
  {
    maxProducts,
    rng,
    signal,
  }: { maxProducts: number; rng: Random; signal?: { readonly aborted: boolean } | undefined },
): Promise<{ readonly end: EscapeEnd; readonly status: Status }> {
  const { space } = objective;
  const end = { loss: losses.at(-1)!, gradientNormSquared, steps: losses.length - 1 };
  const ended = statusOf[reason];
  if (ended === 'cancelled' || ended === 'notFinite')
    return { end: { ...end, lowest: null, kind: 'moving' }, status: ended };
  const linearization = await objective.linearize(theta);
  const found = await negativeDirections(hessianOperator(space, linearization), {
    ...{ count: 1, maxProducts, rng, signal },
  }).finally(() => linearization.dispose());
  space.release(...found.directions.map(({ vector }) => vector));
  const isAtRest = reason === 'tolerance' || reason === 'floor';
  const isNegative = found.lowest !== null && found.lowest.value < negativeBelow(found.scale, space.precision);
  const kind = !isAtRest || found.lowest === null ? 'moving' : isNegative ? 'saddle' : 'minimum';
  return { end: { ...end, lowest: found.lowest, kind }, status: worstStatus([ended, settled(found.status)]) };
}

function pathOf<V>(
  { losses, distances, lengths, coordinates }: Descent<V>,
  { direction, rank, sign }: { direction: NegativeDirection<V>; rank: number; sign: 1 | -1 },
  end: EscapeEnd,
): EscapePath {
  const kept = thinnedPath(losses, lengths);
  const at = (values: readonly number[]) => Float64Array.from(kept, (i) => values[i]!);
  return {
    direction: rank,
    sign,
    eigenvalue: direction.value,
    residual: direction.residual,
    losses: at(losses),
    steps: Float64Array.from(kept),
    distances: at(distances),
    coordinates: coordinates.map(at),
    end,
  };
}

function sentenceOf<V>(
  {
    found,
    lowest,
    status,
  }: { found: number; lowest: NegativeDirection<V> | { value: number; residual: number } | null; status: Status },
  paths: readonly EscapePath[],
): string {
  if (lowest === null) return 'The eigenvalues of the Hessian were not reached.';
  const value = `${lowest.value.toPrecision(4)} ± ${lowest.residual.toPrecision(2)}`.replaceAll('-', '−');
  if (found === 0)
    return `No direction leaves this point downhill to second order: the most negative eigenvalue${settled(status) === 'converged' ? '' : ' found so far'} is ${value}.`;
  const count = (kind: EscapeEnd['kind']) => paths.filter(({ end }) => end.kind === kind).length;
  const told = (
    [
      ['minimum', 'at a minimum'],
      ['saddle', 'at another saddle'],
      ['moving', 'still moving'],
    ] as const
  ).flatMap(([kind, words]) => (count(kind) > 0 ? [`${count(kind)} ${words}`] : []));
  return `Of ${paths.length} descents along negative directions, ${told.join(', ')}.`;
}
