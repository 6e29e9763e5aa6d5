import { BadInput } from '../bad-input.ts';
import { symmetricDecomposition } from '../linalg/dense/symmetric-decomposition.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { matrixProduct, transposedMatrix } from '../linalg/matrix-product.ts';
import { randomOrthogonal } from '../linalg/random-matrices/random-orthogonal.ts';
import { randomFromSeed } from '../random/philox.ts';
import type { Random } from '../random/random.ts';
import { balancedStrength } from '../training/exact-dynamics/balanced-mode.ts';
import { hierarchyLevels, hierarchyVectors, sampleFeatures } from '../training/exact-dynamics/hierarchy.ts';
import { halfTime } from './half-time.ts';
import { keptSteps } from './kept-steps.ts';
import { decoupledWeights, descend, networkProduct } from './linear-network.ts';
import { givenParams } from './params.ts';
import { restEvery } from './rest.ts';
import { finished, type Simulate } from './simulate-one.ts';
import type { Simulations } from './simulation.ts';

type Params = Simulations['hierarchy']['params'];

const mostKept = 300;

/**
 * A network with one hidden layer learns the sampled features of a tree of one-hot items by gradient descent on
 * L = ½‖W₂W₁ − F‖², from decoupled, balanced weights of strength u₀ in every mode of F. Measured in the exact modes of the
 * tree: the strength of level l is the mean of (F v/‖F v‖)ᵀ W v over its eigenvectors v, which ends near √(N λ_l); each
 * level waits for its turn, broad distinctions first (Saxe, McClelland, Ganguli 2013, 2019). The covariance of the sample
 * is measured along the same vectors, so its mean is λ_l and its standard error comes from the features, which are
 * independent. Cost: 3 products of features × items × items a step.
 */
export const simulateHierarchy: Simulate<'hierarchy'> = async (given, context) => {
  const { levels, flip, features, learningRate, u0, steps, seed } = checked(given);
  const began = performance.now();
  const rng = randomFromSeed(seed).split('hierarchy');
  const sample = sampleFeatures({ levels, flip }, features, rng.split('features'));
  const tree = treeModes(levels, sample);
  const weights = startingWeights(sample, u0, rng);
  const kept = keptSteps(steps, mostKept);
  const wanted = new Set(kept);
  const known = hierarchyLevels({ levels, flip });
  const strengths = known.map(() => new Float64Array(kept.length));
  const items = Array.from({ length: 2 ** levels }, () => new Float64Array(2 * kept.length));
  const halves = known.map(({ level }) => halfTime(meanOf(tree, level, (i) => tree.norms[i]!) / 2));
  const rest = restEvery(3 * features * 4 ** levels, context);
  for (let step = 0, place = 0; step <= steps; step++) {
    if (await rest()) return null;
    const product = step < steps ? descend(weights, sample, learningRate).product : networkProduct(weights);
    // ûᵢᵀ W eⱼ: what mode i says of item j.
    const said = matrixProduct(tree.outputs, product);
    const strengthOf = (level: number): number =>
      meanOf(tree, level, (i) => dot(said.data, i * said.columns, tree.vectors.data, i * said.columns, said.columns));
    const now = known.map(({ level }) => strengthOf(level));
    for (const [i, half] of halves.entries()) half.see(step, now[i]!);
    if (!wanted.has(step)) continue;
    strengths.forEach((series, i) => {
      series[place] = now[i]!;
    });
    for (const [j, path] of items.entries()) path.set(placeOf(said, j, tree.levelOfRow), 2 * place);
    place++;
  }
  const moments = sampledEigenvalues(sample, tree, known.length);
  const eigenvalues = known.map(({ level, eigenvalue, multiplicity }, i) => {
    const singularValue = Math.sqrt(features * eigenvalue);
    const mode = { singularValue, start: u0, timeConstant: 1 / learningRate };
    return {
      level,
      multiplicity,
      theory: eigenvalue,
      ...moments[i]!,
      singularValue,
      strength: strengths[i]!,
      theoryStrength: Float64Array.from(kept, (t) => balancedStrength(t, mode)),
      halfTime: halves[i]!.time,
    };
  });
  const named = items.map((path, i) => ({ name: nameOf(i, levels), path }));
  const status = strengths[0]!.every(Number.isFinite) ? 'converged' : 'diverged';
  return finished({ steps: Float64Array.from(kept), eigenvalues, items: named }, began, { gradients: steps }, status);
};

/** Rows: v of the tree, û = F v/‖F v‖. */
interface TreeModes {
  readonly vectors: Matrix;
  readonly outputs: Matrix;
  readonly norms: Float64Array;
  readonly levelOfRow: readonly number[];
}

function treeModes(levels: number, sample: Matrix): TreeModes {
  const { vectors, levelOfRow } = hierarchyVectors(levels);
  const outputs = matrixProduct(vectors, transposedMatrix(sample));
  const norms = Float64Array.from({ length: outputs.rows }, (_, i) => {
    const row = outputs.data.subarray(i * outputs.columns, (i + 1) * outputs.columns);
    const norm = Math.sqrt(dot(row, 0, row, 0, row.length));
    for (let j = 0; j < row.length; j++) row[j] = norm === 0 ? 0 : row[j]! / norm;
    return norm;
  });
  return { vectors, outputs, norms, levelOfRow };
}

/** W₁ = √u₀ R Vᵀ, W₂ = √u₀ U Rᵀ with the singular vectors of the sample itself. */
function startingWeights(sample: Matrix, u0: number, rng: Random): Matrix[] {
  const items = sample.columns;
  const { eigenvalues, eigenvectors } = decomposition(matrixProduct(transposedMatrix(sample), sample));
  const u = matrixProduct(sample, eigenvectors);
  const smallest = 1e-12 * eigenvalues.at(-1)!;
  for (let i = 0; i < u.data.length; i++) {
    const square = eigenvalues[i % items]!;
    u.data[i] = square > smallest ? u.data[i]! / Math.sqrt(square) : 0;
  }
  return decoupledWeights(u, eigenvectors, [Math.sqrt(u0), Math.sqrt(u0)], () =>
    randomOrthogonal(items, items, rng.split('hidden')),
  );
}

function decomposition(matrix: Matrix): { eigenvalues: Float64Array; eigenvectors: Matrix } {
  const work = symmetricDecomposition(matrix);
  for (let next = work.next(); ; next = work.next()) if (next.done) return next.value;
}

/** Per level the mean over its vectors of ‖F v‖²/N, and the standard error of that mean over the features. */
function sampledEigenvalues(
  sample: Matrix,
  { vectors, levelOfRow }: TreeModes,
  count: number,
): { sampled: number; standardError: number }[] {
  const along = matrixProduct(sample, transposedMatrix(vectors));
  const n = sample.rows;
  return Array.from({ length: count }, (_, level) => {
    const rows = levelOfRow.flatMap((own, i) => (own === level ? [i] : []));
    let [sum, squares] = [0, 0];
    for (let feature = 0; feature < n; feature++) {
      const own = rows.reduce((total, i) => total + along.data[feature * along.columns + i]! ** 2, 0) / rows.length;
      sum += own;
      squares += own * own;
    }
    const variance = n > 1 ? Math.max(0, squares - (sum * sum) / n) / (n - 1) : Number.NaN;
    return { sampled: sum / n, standardError: Math.sqrt(variance / n) };
  });
}

function meanOf({ levelOfRow }: TreeModes, level: number, value: (row: number) => number): number {
  const rows = levelOfRow.flatMap((own, i) => (own === level ? [i] : []));
  return rows.reduce((sum, i) => sum + value(i), 0) / rows.length;
}

/**
 * Where an item is drawn: what it is said to have of the distinctions of level 1 along x, of level 2 along y, of 3 along x
 * at half the size, and so on. One fixed projection of the outputs; items part where the network begins to tell them apart.
 */
function placeOf(said: Matrix, item: number, levelOfRow: readonly number[]): [number, number] {
  const place: [number, number] = [0, 0];
  levelOfRow.forEach((level, i) => {
    if (level === 0) return;
    const size = 0.5 ** Math.floor((level - 1) / 2);
    place[(level - 1) % 2 === 0 ? 0 : 1] += size * said.data[i * said.columns + item]!;
  });
  return place;
}

const shortNames: Readonly<Record<number, readonly string[]>> = {
  2: ['bird', 'fish', 'tree', 'flower'],
  3: ['canary', 'robin', 'salmon', 'sunfish', 'oak', 'pine', 'rose', 'daisy'],
};

const nameOf = (item: number, levels: number): string => shortNames[levels]?.[item] ?? `item ${item + 1}`;

function dot(a: Float64Array, from: number, b: Float64Array, start: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[from + i]! * b[start + i]!;
  return sum;
}

function checked(params: Params): Params {
  const names = ['levels', 'flip', 'features', 'learningRate', 'u0', 'steps', 'seed'];
  const given = givenParams(params, names, 'hierarchy');
  const levels = given.whole('levels', { least: 1, most: 6 });
  const flip = given.number('flip', { least: 0, most: 0.5 });
  const features = given.whole('features', { least: 2 ** levels, most: 100_000 });
  const learningRate = given.number('learningRate', { above: 0, most: 1e6 });
  const u0 = given.number('u0', { above: 0, most: 1e6 });
  const steps = given.whole('steps', { least: 1, most: 1_000_000 });
  const seed = given.whole('seed', { least: 0, most: 2 ** 32 - 1 });
  if (steps * features * 4 ** levels > 5e9)
    throw new BadInput(`hierarchy.steps is ${steps} with ${features} features.`, 'Take fewer steps or features.');
  return { levels, flip, features, learningRate, u0, steps, seed };
}
