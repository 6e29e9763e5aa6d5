import type { ProposedSize, ScatteredCurvature } from './sampling.ts';

/** How an estimate from n examples errs: scatter σ/√n, and a bias c/n that repeats do not take away. */
export interface ErrorModel {
  readonly perExample: number;
  readonly biasConstant: number;
}

/** Smallest n with σ²/n + (c/n)² ≤ e²: the population's value to a root mean square error e. */
export function sizeForPopulation({ perExample, biasConstant }: ErrorModel, error: number): number {
  if (perExample === Number.POSITIVE_INFINITY) return perExample;
  const square = error * error;
  // With m = 1/n: c² m² + σ² m − e² = 0.
  const m =
    biasConstant === 0
      ? square / perExample ** 2
      : (2 * square) / (perExample ** 2 + Math.sqrt(perExample ** 4 + 4 * biasConstant ** 2 * square));
  return Math.max(1, Math.ceil(1 / m - 1e-9));
}

/** The same for the value of N examples of which n are drawn: σ²/n (N − n)/(N − 1) + c² (1/n − 1/N)² ≤ e². */
export function sizeOfThese(model: ErrorModel, error: number, examples: number): number {
  const { perExample, biasConstant } = model;
  const squared = (n: number) =>
    (perExample ** 2 / n) * ((examples - n) / Math.max(1, examples - 1)) + (biasConstant * (1 / n - 1 / examples)) ** 2;
  let [low, high] = [1, examples];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (squared(middle) <= error * error) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** c of bias(n) = c (1/n − 1/N) by least squares, weighted by the standard errors. */
export function fittedBias(
  rows: readonly { readonly size: number; readonly bias: number; readonly biasStandardError: number }[],
  examples: number,
): { readonly value: number; readonly standardError: number } {
  let [weight, sum] = [0, 0];
  for (const { size, bias, biasStandardError } of rows) {
    const x = 1 / size - 1 / examples;
    const w = 1 / Math.max(biasStandardError, 1e-300) ** 2;
    weight += w * x * x;
    sum += w * x * bias;
  }
  return { value: sum / weight, standardError: 1 / Math.sqrt(weight) };
}

/**
 * How many examples a wanted relative error takes, with the interval that σ's own leaves it. No products: σ and c are
 * known, so another accuracy costs nothing.
 */
export function proposedSize(
  quantity: ProposedSize['quantity'],
  { value, perExample, perExampleLow95, perExampleHigh95 }: ScatteredCurvature,
  biasConstant: number,
  accuracy: number,
  examples: number,
): ProposedSize {
  const error = accuracy * Math.abs(value);
  const size = (deviation: number) => sizeForPopulation({ perExample: deviation, biasConstant }, error);
  return {
    quantity,
    accuracy,
    examples: size(perExample),
    low95: size(perExampleLow95),
    high95: size(perExampleHigh95),
    ofThese: sizeOfThese({ perExample, biasConstant }, error, examples),
  };
}
