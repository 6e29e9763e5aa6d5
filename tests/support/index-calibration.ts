import { sampledIndex } from '../../core/analyses/saddles/index-fraction.ts';
import { quadraticObjective } from '../../core/models/closed-form/quadratic.ts';
import { hessianOperator } from '../../core/objective/curvature/hessian.ts';
import { randomFromSeed } from '../../core/random/philox.ts';

const normals = (n: number, of: (x: number) => number) =>
  randomFromSeed(3)
    .fill(new Float64Array(n), 'normal')
    .map((x) => of(x));

/** Spectra of several shapes. Outliers are deflated, so that the starts are normal and their masses random. */
export const calibrationSpectra: Readonly<Record<string, Float64Array>> = {
  'few negative': Float64Array.from({ length: 400 }, (_, i) => (i < 12 ? -1 - i / 12 : i < 200 ? 0 : 1 + (i % 17) / 4)),
  'a kernel': Float64Array.from({ length: 300 }, (_, i) => (i < 100 ? 0 : i < 180 ? -1 - (i % 7) : 1 + (i % 11))),
  'a bulk and outliers': normals(500, (x) => 0.3 * x).map((x, i) => (i < 490 ? x : 8 + i / 50)),
  'crowded at zero': normals(400, (x) => 0.05 * x ** 3).map((x, i) => (i < 5 ? 4 : x)),
};

/** (estimate − true count)/standard error of the negative eigenvalues, a seed each. */
export async function indexScores(eigenvalues: Float64Array, seeds: number): Promise<number[]> {
  const { space, linearize } = quadraticObjective(eigenvalues);
  const operator = hessianOperator(space, await linearize(new Float64Array(eigenvalues.length)));
  const scores: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const { index } = await sampledIndex(operator, randomFromSeed(1000 + seed), undefined);
    const { negative, tolerance, standardError } = index!;
    scores.push((negative - eigenvalues.filter((x) => x < -tolerance).length) / standardError!);
  }
  return scores;
}

export const rootMeanSquare = (scores: readonly number[]): number => Math.hypot(...scores) / Math.sqrt(scores.length);

export const worst = (scores: readonly number[]): number => Math.max(...scores.map(Math.abs));
