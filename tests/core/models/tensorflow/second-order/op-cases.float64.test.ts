import '../../../../support/float64-realm-first.ts';

import { profile, scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { installSecondOrder } from '../../../../../core/models/tensorflow/second-order/install.ts';
import type { OpCase } from './op-case.ts';
import { OpCaseProblem } from './op-case-problem.ts';
import { opCases } from './op-cases.ts';
import { opCasesOfEveryKernel } from './op-cases-of-every-kernel.ts';

beforeAll(async () => {
  await useBackend('cpu');
  installSecondOrder();
});

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const largest = (a: Float64Array) => a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const shifted = (x: Float64Array, h: number, d: Float64Array) => x.map((value, i) => value + h * d[i]!);

describe.each(opCases)('$name, in double precision', (row) => {
  test('the gradient is the slope of the function, and H is the slope of the gradient, symmetric', async () => {
    const problem = new OpCaseProblem(row);
    const { x, u, v } = problem;
    const { loss, gradient, hu, hv } = await problem.derivatives(x);
    expect(Math.abs((await problem.loss(x)) - loss)).toBeLessThan(1e-13 * Math.max(1, Math.abs(loss)));

    // Differences of the loss find wrong first derivatives, which differences of gradients cannot see.
    const slope = ((await problem.loss(shifted(x, 1e-6, v))) - (await problem.loss(shifted(x, -1e-6, v)))) / 2e-6;
    const scale = gradient.reduce((sum, g, i) => sum + Math.abs(g * v[i]!), 0);
    expect(Math.abs(dot(gradient, v) - slope) / Math.max(scale, 1e-12)).toBeLessThan(1e-6);

    // Small steps, because a step across a kink shows as an error that grows as 1/h.
    const h = 1e-7;
    const ahead = (await problem.derivatives(shifted(x, h, v))).gradient;
    const behind = (await problem.derivatives(shifted(x, -h, v))).gradient;
    const differences = ahead.map((g, i) => (g - behind[i]!) / (2 * h));
    expect(largest(hv.map((value, i) => value - differences[i]!)) / largest(hv)).toBeLessThan(1e-6);

    const asymmetry = Math.abs(dot(u, hv) - dot(v, hu));
    const products = hv.reduce((sum, value, i) => sum + Math.abs(value * u[i]!), 0);
    expect(asymmetry / products).toBeLessThan(1e-13);
  });
});

test('the short table runs every kernel of the whole one', async () => {
  const kernelsOf = async (rows: readonly OpCase[]): Promise<string[]> => {
    const { kernelNames } = await profile(async () => {
      for (const row of rows) {
        const problem = new OpCaseProblem(row);
        await problem.derivatives(problem.x);
        await problem.loss(problem.x);
      }
      return scalar(0);
    });
    return [...new Set(kernelNames)].sort();
  };
  const all = await kernelsOf(opCases);
  expect(all.length).toBeGreaterThan(100);
  expect(await kernelsOf(opCasesOfEveryKernel)).toEqual(all);
});
