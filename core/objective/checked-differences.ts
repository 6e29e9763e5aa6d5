import type { Matrix } from '../linalg/matrix.ts';
import type { Objective } from './objective.ts';

/**
 * Derivatives from central differences D(h) = (f(h) − f(−h)) / 2h at steps h₀ > h₁ > …, each a fixed ratio r smaller.
 * Two neighbours extrapolate to D(hᵢ) + (D(hᵢ) − D(hᵢ₋₁)) / (r² − 1) (Richardson 1911), free of the h² term. The pair is
 * chosen where |D(hᵢ) − D(hᵢ₋₁)| + noise / hᵢ is least (in the manner of Ridders 1982), so by the differences alone and
 * never by how well they fit the derivative under test; that least value is the error estimate.
 */
export interface Steps {
  readonly lengths: readonly number[];
  readonly ratio: number;
}

/**
 * Five steps suited to a precision, for unit directions and parameters of a given norm. Float64: 10⁻² … 10⁻⁶ of the
 * norm. Float32: 0.3 … 0.003, because differences of a float32 loss lose everything below; its floor is near
 * u^{2/3} ≈ 2·10⁻⁵ of the derivative for a smooth loss, often 10⁻³.
 */
export function differenceSteps(precision: 'float64' | 'float32', norm: number): Steps {
  const unit = Math.max(1, norm);
  return precision === 'float64'
    ? { ratio: 10, lengths: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6].map((h) => h * unit) }
    : { ratio: Math.sqrt(10), lengths: [-0.5, -1, -1.5, -2, -2.5].map((power) => 10 ** power * unit) };
}

/** Where the error estimate is least: `changes[i]` = |D(hᵢ₊₁) − D(hᵢ)|, `noise` = rounding error of f. */
export function bestPair(changes: readonly number[], steps: Steps, noise: number): { pair: number; error: number } {
  let best = { pair: 0, error: Number.POSITIVE_INFINITY };
  changes.forEach((change, pair) => {
    const error = change + noise / steps.lengths[pair + 1]!;
    if (error < best.error) best = { pair, error };
  });
  return best;
}

/** The derivative of a scalar from its central differences, and the estimate of its error. */
export function extrapolate(differences: readonly number[], steps: Steps, noise: number) {
  const changes = differences.slice(1).map((difference, i) => Math.abs(difference - differences[i]!));
  const { pair, error } = bestPair(changes, steps, noise);
  const [coarse, fine] = [differences[pair]!, differences[pair + 1]!];
  return { value: fine + (fine - coarse) / (steps.ratio ** 2 - 1), error };
}

export interface LossDifferences {
  /** D(h) for each direction and step. */
  readonly differences: readonly (readonly number[])[];
  readonly steps: Steps;
  readonly atOrigin: number;
  /** Size of the loss and of its changes over the longest step. */
  readonly scale: number;
  readonly noise: number;
}

function unitRoundoff(precision: 'float64' | 'float32'): number {
  return precision === 'float64' ? 2 ** -53 : 2 ** -24;
}

export async function lossDifferences<V>(
  objective: Objective<V>,
  theta: V,
  directions: readonly V[],
  steps: Steps,
): Promise<LossDifferences> {
  const { lengths } = steps;
  const columns = directions.length;
  const rows = 1 + 2 * lengths.length * columns;
  const coefficients: Matrix = { rows, columns, data: new Float64Array(rows * columns) };
  const rowOf = (direction: number, step: number) => 1 + 2 * (direction * lengths.length + step);
  for (let j = 0; j < columns; j++) {
    lengths.forEach((h, i) => {
      coefficients.data[rowOf(j, i) * columns + j] = h;
      coefficients.data[(rowOf(j, i) + 1) * columns + j] = -h;
    });
  }
  const losses = await objective.losses(theta, directions, coefficients);
  const atOrigin = losses[0]!;
  const differences = directions.map((_, j) =>
    lengths.map((h, i) => (losses[rowOf(j, i)]! - losses[rowOf(j, i) + 1]!) / (2 * h)),
  );
  const changes = directions.map((_, j) => Math.abs(losses[rowOf(j, 0)]! - atOrigin)).filter(Number.isFinite);
  const size = Math.abs(atOrigin);
  const noise = 8 * unitRoundoff(objective.space.precision) * size;
  return { differences, steps, atOrigin, scale: Math.max(size, ...changes), noise };
}

export interface GradientDifferences {
  /** ‖D − Hu‖ at the best pair of steps, and the error estimate of D. */
  readonly deviation: number;
  readonly error: number;
  /** ‖∇L(θ + hu) − ∇L(θ − hu)‖ over the longest step. */
  readonly variation: number;
}

export async function gradientDifferences<V>(
  objective: Objective<V>,
  theta: V,
  u: V,
  hu: V,
  steps: Steps,
  norms: { theta: number; gradient: number; hu: number },
): Promise<GradientDifferences> {
  const { space } = objective;
  const at = async (h: number) => {
    const point = space.addScaled(space.copy(theta), h, u);
    const { gradient } = await objective.gradient(point);
    space.release(point);
    return gradient;
  };
  const differences: V[] = [];
  for (const h of steps.lengths) {
    const [plus, minus] = [await at(h), await at(-h)];
    differences.push(space.scale(space.addScaled(plus, -1, minus), 1 / (2 * h)));
    space.release(minus);
  }
  const changes: number[] = [];
  for (let i = 1; i < differences.length; i++) {
    changes.push(await distance(objective, differences[i]!, differences[i - 1]!));
  }
  const noise = unitRoundoff(space.precision) * (8 * norms.gradient + norms.theta * norms.hu);
  const { pair, error } = bestPair(changes, steps, noise);
  const weight = 1 / (steps.ratio ** 2 - 1);
  const best = space.combine([differences[pair + 1]!, differences[pair]!], Float64Array.of(1 + weight, -weight));
  const deviation = await distance(objective, best, hu);
  const variation = 2 * steps.lengths[0]! * (await norm(objective, differences[0]!));
  space.release(best, ...differences);
  return { deviation, error, variation };
}

export async function dot<V>({ space }: Objective<V>, x: V, y: V): Promise<number> {
  return (await space.dots([x], y))[0]!;
}

export async function norm<V>(objective: Objective<V>, x: V): Promise<number> {
  return Math.sqrt(await dot(objective, x, x));
}

export async function distance<V>(objective: Objective<V>, x: V, y: V): Promise<number> {
  const { space } = objective;
  const difference = space.addScaled(space.copy(x), -1, y);
  const length = await norm(objective, difference);
  space.release(difference);
  return length;
}
