import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../../core/linalg/matrix.ts';
import { matrixProduct, transposedMatrix } from '../../../core/linalg/matrix-product.ts';
import { randomOrthogonal } from '../../../core/linalg/random-matrices/random-orthogonal.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { halfTime } from '../../../core/simulations/half-time.ts';
import { decoupledWeights, descend, fromModes, modeStrengths } from '../../../core/simulations/linear-network.ts';
import { simulateModes } from '../../../core/simulations/modes.ts';
import { balancedStrength } from '../../../core/training/exact-dynamics/balanced-mode.ts';
import { deepTime, infinitelyDeepTime } from '../../../core/training/exact-dynamics/deep-mode.ts';

const quiet = { signal: { aborted: false }, breathe: async () => {} };

const rotated = (singularValues: readonly number[], outputs: number, inputs: number, seed = 3) => {
  const rng = randomFromSeed(seed);
  const u = randomOrthogonal(outputs, singularValues.length, rng.split('u'));
  const v = randomOrthogonal(inputs, singularValues.length, rng.split('v'));
  const rotation = (layer: number): Matrix =>
    randomOrthogonal(singularValues.length, singularValues.length, rng.split(`r${layer}`));
  return { u, v, rotation, rng, target: fromModes(u, singularValues, v) };
};

describe('matrices of a linear network', () => {
  test('a step of descent is the step of the numerical gradient', () => {
    const rng = randomFromSeed(5);
    const draw = (rows: number, columns: number): Matrix => ({
      rows,
      columns,
      data: rng.fill(new Float64Array(rows * columns), 'normal'),
    });
    const weights = [draw(4, 5), draw(3, 4), draw(2, 3)];
    const target = draw(2, 5);
    const lossOf = (matrices: readonly Matrix[]): number => {
      const product = matrixProduct(matrices[2]!, matrixProduct(matrices[1]!, matrices[0]!));
      return product.data.reduce((sum, entry, i) => sum + 0.5 * (entry - target.data[i]!) ** 2, 0);
    };
    const before = weights.map((matrix) => ({ ...matrix, data: matrix.data.slice() }));
    expect(descend(weights, target, 1).loss).toBeCloseTo(lossOf(before), 12);
    before.forEach((matrix, l) => {
      matrix.data.forEach((entry, i) => {
        const moved = (by: number): number => {
          const data = matrix.data.slice();
          data[i] = entry + by;
          return lossOf(before.map((own, k) => (k === l ? { ...own, data } : own)));
        };
        const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        expect(entry - weights[l]!.data[i]!).toBeCloseTo(slope, 5);
      });
    });
  });

  test('random orthogonal matrices are orthogonal, wide and tall', () => {
    for (const [rows, columns] of [
      [4, 9],
      [9, 4],
      [6, 6],
    ] as const) {
      const q = randomOrthogonal(rows, columns, randomFromSeed(2));
      const gram = rows <= columns ? matrixProduct(q, transposedMatrix(q)) : matrixProduct(transposedMatrix(q), q);
      for (const [i, entry] of gram.data.entries()) expect(entry).toBeCloseTo(i % (gram.rows + 1) === 0 ? 1 : 0, 14);
    }
  });
});

describe('modes of a network', () => {
  test('rotated, balanced weights keep every mode by itself, on the closed form', () => {
    const s = [5, 3, 2, 1, 0.5];
    const { u, v, rotation, target } = rotated(s, 7, 5);
    const weights = decoupledWeights(u, v, [Math.sqrt(1e-3), Math.sqrt(1e-3)], rotation);
    let [worst, mixed] = [0, 0];
    for (let step = 0; step <= 12_000; step++) {
      const { product } = descend(weights, target, 1e-3);
      modeStrengths(product, u, v).forEach((strength, i) => {
        const theory = balancedStrength(step, { singularValue: s[i]!, start: 1e-3, timeConstant: 1000 });
        worst = Math.max(worst, Math.abs(strength - theory) / s[i]!);
      });
      if (step % 500 > 0) continue;
      const inModes = matrixProduct(transposedMatrix(u), matrixProduct(product, v));
      inModes.data.forEach((entry, i) => {
        if (i % 6 > 0) mixed = Math.max(mixed, Math.abs(entry));
      });
    }
    expect(worst).toBeLessThan(1e-2);
    expect(mixed).toBeLessThan(1e-12);
  });

  test('the simulation draws the same curves, with half times', async () => {
    const params = { singularValues: [5, 3, 2, 1, 0.5], u0: 1e-3, matrices: 2, imbalance: 0, learningRate: 1e-3 };
    const { value, status } = (await simulateModes({ ...params, steps: 9000 }, quiet))!;
    expect(status).toBe('converged');
    for (const { singularValue: s, simulated, theory, halfTime: half, theoryHalfTime } of value.modes) {
      for (const [i, strength] of simulated.entries()) expect(Math.abs(strength - theory[i]!)).toBeLessThan(1e-2 * s);
      expect(theoryHalfTime).toBeCloseTo((1000 / (2 * s)) * Math.log(s / 1e-3 - 1), 6);
      expect(Math.abs(half! / theoryHalfTime - 1)).toBeLessThan(5e-3);
    }
    expect(value.steps[0]).toBe(0);
    expect(value.steps.at(-1)).toBe(9000);
    expect(value.loss[0]).toBeCloseTo(0.5 * [5, 3, 2, 1, 0.5].reduce((sum, s) => sum + (s - 1e-3) ** 2, 0), 10);
    const lastGaps = value.modes.map(({ singularValue, simulated }) => singularValue - simulated.at(-1)!);
    expect(value.loss.at(-1)).toBeCloseTo(0.5 * lastGaps.reduce((sum, gap) => sum + gap * gap, 0), 10);
    const short = (await simulateModes({ ...params, steps: 300 }, quiet))!;
    expect(short.value.modes.map(({ halfTime: half }) => half)).toEqual([null, null, null, null, null]);
  });

  test('an imbalance is in the theory, in either direction', async () => {
    for (const imbalance of [0.5, -0.5]) {
      const params = { singularValues: [2, 1], u0: 1e-3, matrices: 2, imbalance, learningRate: 1e-3, steps: 6000 };
      const { value } = (await simulateModes(params, quiet))!;
      for (const { singularValue: s, simulated, theory, halfTime: half, theoryHalfTime } of value.modes) {
        for (const [i, strength] of simulated.entries()) expect(Math.abs(strength - theory[i]!)).toBeLessThan(2e-3 * s);
        expect(Math.abs(half! / theoryHalfTime - 1)).toBeLessThan(2e-3);
        // Imbalance shortens the plateau.
        expect(theoryHalfTime).toBeLessThan((1000 / (2 * s)) * Math.log(s / 1e-3 - 1));
      }
    }
  });

  test('deep networks take the time of the quadrature, which climbs to its limit', () => {
    const [s, from, to] = [2, 0.1, 1.8];
    const scaled: number[] = [];
    for (const matrices of [2, 3, 5, 10, 100]) {
      const { u, v, rotation, target } = rotated([s, 1], 2, 2);
      const weights = decoupledWeights(u, v, Array(matrices).fill(from ** (1 / matrices)), rotation);
      const rate = 1e-3 / matrices;
      const height = halfTime(to);
      for (let step = 0; height.time === null && step < 10_000; step++)
        height.see(step, modeStrengths(descend(weights, target, rate).product, u, v)[0]!);
      const theory = deepTime(to, { singularValue: s, start: from, matrices, timeConstant: 1 / rate });
      const error = Math.abs(height.time! / theory - 1);
      scaled.push(height.time! * rate * matrices);
      expect(error).toBeLessThan(1e-3);
    }
    const limit = infinitelyDeepTime(to, { singularValue: s, start: from, timeConstant: 1 });
    expect(scaled).toEqual([...scaled].sort((a, b) => a - b));
    expect(limit).toBeCloseTo(6.008, 3);
    expect(scaled.at(-1)).toBeLessThan(limit);
    expect(scaled.at(-1)!).toBeGreaterThan(5.8);
  });

  test('from small random weights modes are learnt in the order of their strength', () => {
    const s = [5, 3, 2, 1];
    for (const deviation of [1e-2, 1e-3]) {
      const { u, v, rng, target } = rotated(s, 6, 5);
      const draw = (rows: number, columns: number): Matrix => ({
        rows,
        columns,
        data: rng.fill(new Float64Array(rows * columns), 'normal').map((entry) => deviation * entry),
      });
      const weights = [draw(8, 5), draw(6, 8)];
      const halves = s.map((own) => halfTime(own / 2));
      const rate = 5e-3;
      for (let step = 0; step < 6000; step++) {
        const strengths = modeStrengths(descend(weights, target, rate).product, u, v);
        for (const [i, half] of halves.entries()) half.see(step, strengths[i]!);
      }
      const times = halves.map(({ time }) => time!);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      const products = times.map((time, i) => time * rate * s[i]!);
      const mean = products.reduce((sum, product) => sum + product, 0) / s.length;
      const spread = Math.max(...products.map((product) => Math.abs(product / mean - 1)));
      expect(spread).toBeLessThan(0.35);
    }
  });

  test('what cannot be simulated is said, and a cancelled one answers nothing', async () => {
    const params = { singularValues: [2], u0: 0.1, matrices: 3, imbalance: 0, learningRate: 1e-3, steps: 10 };
    await expect(simulateModes({ ...params, imbalance: 0.1 }, quiet)).rejects.toThrow(/imbalance is 0.1 with 3/);
    await expect(simulateModes({ ...params, singularValues: [0] }, quiet)).rejects.toThrow(/singularValues/);
    await expect(simulateModes({ ...params, u0: Number.NaN }, quiet)).rejects.toThrow(/u0/);
    expect(await simulateModes(params, { ...quiet, signal: { aborted: true } })).toBeNull();
    const wild = await simulateModes({ ...params, learningRate: 5, steps: 200 }, quiet);
    expect(wild?.status).toBe('diverged');
  });
});
