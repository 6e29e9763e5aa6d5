import { BadInput } from '../../bad-input.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import type { Random } from '../../random/random.ts';

/**
 * Hierarchical data (Saxe, McClelland, Ganguli 2013, 2019): a binary tree with D levels of branches and P = 2^D one-hot
 * items at its leaves; each feature is ±1 at the root and flips on every edge with probability ε.
 */
export interface Tree {
  /** D. */
  readonly levels: number;
  /** ε, from 0 to ½. */
  readonly flip: number;
}

/** One kind of distinction: level 0 is what all items share, level l ≥ 1 tells the two sides of the l-th branching apart. */
export interface HierarchyLevel {
  readonly level: number;
  /** Of the covariance of the items over features. */
  readonly eigenvalue: number;
  readonly multiplicity: number;
}

/** q_k = (1 − 4ε(1 − ε))^{D−k}: mean product of the features of two items whose lowest common ancestor has depth k. */
export const itemCovariance = ({ levels, flip }: Tree, depth: number): number =>
  depth < 0 ? 0 : (1 - 4 * flip * (1 - flip)) ** (levels - depth);

/**
 * λ_l = Σ_{k=l}^{D} (q_k − q_{k−1}) P/2^k with q_{−1} = 0, once for l = 0 and 2^{l−1} times for l ≥ 1. The modes of N
 * features have the singular values √(N λ_l).
 */
export function hierarchyLevels(tree: Tree): HierarchyLevel[] {
  const { levels } = tree;
  return Array.from({ length: levels + 1 }, (_, level) => {
    let eigenvalue = 0;
    for (let k = level; k <= levels; k++)
      eigenvalue += (itemCovariance(tree, k) - itemCovariance(tree, k - 1)) * 2 ** (levels - k);
    return { level, eigenvalue, multiplicity: level === 0 ? 1 : 2 ** (level - 1) };
  });
}

/**
 * The exact eigenvectors of the covariance as rows (Haar wavelets): 2^{−D/2} everywhere for level 0; at level l a branch
 * point carries + on the leaves of one side and − on those of the other. `levelOfRow` names the level of each row.
 */
export function hierarchyVectors(levels: number): { vectors: Matrix; levelOfRow: readonly number[] } {
  const items = 2 ** levels;
  const data = new Float64Array(items * items).fill(0);
  data.fill(items ** -0.5, 0, items);
  const levelOfRow = [0];
  for (let level = 1; level <= levels; level++) {
    const width = 2 ** (levels - level + 1);
    for (let branch = 0; branch < items / width; branch++) {
      const row = levelOfRow.push(level) - 1;
      for (let i = 0; i < width; i++)
        data[row * items + branch * width + i] = (i < width / 2 ? 1 : -1) / Math.sqrt(width);
    }
  }
  return { vectors: { rows: items, columns: items, data }, levelOfRow };
}

/** Features × items, entries ±1: each feature walks down the tree by itself. */
export function sampleFeatures({ levels, flip }: Tree, features: number, rng: Random): Matrix {
  if (!Number.isInteger(levels) || levels < 1 || levels > 12)
    throw new BadInput(`A tree of ${levels} levels cannot be drawn.`, 'Take from 1 to 12 levels.');
  if (!(flip >= 0 && flip <= 0.5))
    throw new BadInput(`Features flip with probability ${flip}.`, 'Take a probability from 0 to 0.5.');
  const items = 2 ** levels;
  const data = new Float64Array(features * items);
  for (let feature = 0; feature < features; feature++) {
    let values: number[] = [rng.rademacher()];
    for (let depth = 0; depth < levels; depth++)
      values = values.flatMap((value) => [childOf(value, flip, rng), childOf(value, flip, rng)]);
    data.set(values, feature * items);
  }
  return { rows: features, columns: items, data };
}

const childOf = (value: number, flip: number, rng: Random): number => (rng.uniform() < flip ? -value : value);
