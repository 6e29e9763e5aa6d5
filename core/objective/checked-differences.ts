import type { Matrix } from '../linalg/matrix.ts';
import type { Objective } from './objective.ts';

/**
 * Derivatives from central differences D(h) = (f(h) − f(−h)) / 2h at steps h₀ > h₁ > …, each a fixed ratio r smaller.
 * Two neighbours extrapolate to D(hᵢ) + (D(hᵢ) − D(hᵢ₋₁)) / (r² − 1) (Richardson 1911), free of the h² term. The step is
 * chosen where the differences change least, rounding included (in the manner of Ridders 1982): by the differences
 * alone and never by how well they fit the derivative under test. That least value is the error estimate.
 */
export interface Steps {
  readonly lengths: readonly number[];
  readonly ratio: number;
}

/**
 * Six steps suited to a precision, for unit directions and parameters of a given norm: 10⁻² … 10⁻⁷ of the norm in
 * float64, 0.1 … 0.0003 in float32, where differences of the loss lose everything below. The floor of float32 is near
 * u^{2/3} ≈ 2·10⁻⁵ of the derivative for a smooth loss.
 */
export function differenceSteps(precision: 'float64' | 'float32', norm: number): Steps {
  const [first, ratio] = precision === 'float64' ? [1e-2, 10] : [1e-1, Math.sqrt(10)];
  const unit = Math.max(1, norm);
  return { ratio, lengths: [0, 1, 2, 3, 4, 5].map((k) => (unit * first) / ratio ** k) };
}

/** The index with the least error, `errors[i]` + noise / hᵢ; entries that are not numbers are passed over. */
export function leastError(errors: readonly number[], steps: Steps, noise: number): { index: number; error: number } {
  let best = { index: errors.length - 1, error: Number.POSITIVE_INFINITY };
  errors.forEach((change, index) => {
    const error = change + noise / steps.lengths[index]!;
    if (error < best.error) best = { index, error };
  });
  return best;
}

/**
 * The derivative of a scalar from its central differences, and the estimate of its error: the larger of two successive
 * changes, because one alone is small by chance where the function has kinks.
 */
export function extrapolate(differences: readonly number[], steps: Steps, noise: number) {
  const change = (i: number) => Math.abs(differences[i]! - differences[i - 1]!);
  const errors = differences.map((_, i) => (i < 2 ? Number.NaN : Math.max(change(i), change(i - 1))));
  const { index, error } = leastError(errors, steps, noise);
  const [coarse, fine] = [differences[index - 1]!, differences[index]!];
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
  const errors = [Number.NaN];
  for (let i = 1; i < differences.length; i++) {
    errors.push(await distance(objective, differences[i]!, differences[i - 1]!));
  }
  const noise = unitRoundoff(space.precision) * (8 * norms.gradient + norms.theta * norms.hu);
  const { index, error } = leastError(errors, steps, noise);
  const weight = 1 / (steps.ratio ** 2 - 1);
  const best = space.combine([differences[index]!, differences[index - 1]!], Float64Array.of(1 + weight, -weight));
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
