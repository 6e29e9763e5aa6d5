import { describe, expect, test } from 'vitest';
import { symmetricDecompositionValues } from '../../../core/linalg/dense/symmetric-decomposition.ts';
import type { Matrix } from '../../../core/linalg/matrix.ts';
import { matrixProduct, transposedMatrix } from '../../../core/linalg/matrix-product.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { simulateHierarchy } from '../../../core/simulations/hierarchy.ts';
import {
  hierarchyLevels,
  hierarchyVectors,
  itemCovariance,
  sampleFeatures,
} from '../../../core/training/exact-dynamics/hierarchy.ts';

const quiet = { signal: { aborted: false }, breathe: async () => {} };

/** q by the depth of the lowest common ancestor, item by item. */
function covariance(levels: number, flip: number): Matrix {
  const items = 2 ** levels;
  const data = new Float64Array(items * items);
  for (let i = 0; i < items; i++)
    for (let j = 0; j < items; j++) {
      let depth = levels;
      while (i >> (levels - depth) !== j >> (levels - depth)) depth--;
      data[i * items + j] = itemCovariance({ levels, flip }, depth);
    }
  return { rows: items, columns: items, data };
}

describe('data of a tree', () => {
  test('levels and vectors are the eigenpairs of the covariance', () => {
    for (const [levels, flip] of [
      [3, 0.1],
      [4, 0.25],
      [2, 0],
    ] as const) {
      const known = hierarchyLevels({ levels, flip });
      const { vectors, levelOfRow } = hierarchyVectors(levels);
      const images = matrixProduct(covariance(levels, flip), transposedMatrix(vectors));
      levelOfRow.forEach((level, i) => {
        for (let j = 0; j < vectors.columns; j++)
          expect(images.data[j * vectors.rows + i]).toBeCloseTo(
            known[level]!.eigenvalue * vectors.data[i * vectors.columns + j]!,
            12,
          );
      });
      expect(known.map(({ multiplicity }) => multiplicity).reduce((sum, count) => sum + count)).toBe(2 ** levels);
      expect(levelOfRow.filter((level) => level === levels)).toHaveLength(2 ** (levels - 1));
    }
  });

  test('sampled features have the eigenvalues of the tree', () => {
    const tree = { levels: 3, flip: 0.1 };
    const features = 200_000;
    const sample = sampleFeatures(tree, features, randomFromSeed(11));
    expect(sample.data.every((value) => Math.abs(value) === 1)).toBe(true);
    const gram = matrixProduct(transposedMatrix(sample), sample);
    const work = symmetricDecompositionValues({ ...gram, data: gram.data.map((entry) => entry / features) });
    let next = work.next();
    while (!next.done) next = work.next();
    const found = [...next.value].reverse();
    const wanted = [3.508, 1.411, 0.821, 0.821, 0.36, 0.36, 0.36, 0.36];
    const errors = found.map((value, i) => Math.abs(value / wanted[i]! - 1));
    expect(Math.max(...errors)).toBeLessThan(0.015);
  });
});

describe('learning a tree', () => {
  test('level after level, on the curve of the flow, items parting in that order', async () => {
    const params = { levels: 3, flip: 0.1, features: 400, learningRate: 6e-4, u0: 0.05, steps: 1500, seed: 4 };
    const { value, status } = (await simulateHierarchy(params, quiet))!;
    expect(status).toBe('converged');
    for (const { sampled, theory, standardError } of value.eigenvalues)
      expect(Math.abs(sampled - theory)).toBeLessThan(4 * standardError);
    for (const { strength, theoryStrength, singularValue } of value.eigenvalues)
      for (const [i, one] of strength.entries())
        expect(Math.abs(one - theoryStrength[i]!) / singularValue).toBeLessThan(0.15);
    const halves = value.eigenvalues.map(({ halfTime }) => halfTime!);
    expect(halves).toEqual([...halves].sort((a, b) => a - b));
    expect(value.items.map(({ name }) => name)[0]).toBe('canary');
    const at = (item: number, step: number): [number, number] => {
      const place = 2 * value.steps.findIndex((own) => own >= step);
      return [value.items[item]!.path[place]!, value.items[item]!.path[place + 1]!];
    };
    // Between the second and the third half time animals are apart from plants, and their kinds much less from each other.
    const middle = Math.round((halves[1]! + halves[2]!) / 2);
    const apart = (a: number, b: number, step: number): number =>
      Math.hypot(at(a, step)[0] - at(b, step)[0], at(a, step)[1] - at(b, step)[1]);
    expect(apart(0, 4, middle)).toBeGreaterThan(apart(0, 2, middle));
    expect(apart(0, 1, middle)).toBeLessThan(0.3 * apart(0, 2, middle));
    expect(apart(0, 1, 1499)).toBeGreaterThan(2 * apart(0, 1, middle));
    await expect(simulateHierarchy({ ...params, features: 7 }, quiet)).rejects.toThrow(/features/);
    expect(await simulateHierarchy(params, { ...quiet, signal: { aborted: true } })).toBeNull();
  });
});
