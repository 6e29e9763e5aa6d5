import '../../../../support/float64-realm-first.ts';

import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { deviation } from '../../../../support/deviation.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../../support/native-engine.ts';
import { type Derivatives, derivativesOfCases, OpCaseProblem } from './op-case-problem.ts';
import { opCases } from './op-cases.ts';

const rows = opCases.map((row, place) => ({ ...row, row, place }));

describe.skipIf(nativeEngine === null)(`on the TensorFlow library, in doubles (${noNativeEngine})`, () => {
  let truth: (Derivatives | string)[];
  beforeAll(async () => {
    truth = await derivativesOfCases(opCases.map(({ name }) => name));
    await useBackend('tensorflow', { native: nativeBinding() });
  });

  test.each(rows)('$name: value, gradient and Hessian products are those of JavaScript', async ({ row, place }) => {
    const problem = new OpCaseProblem(row);
    const { gradient, hu, hv } = await problem.derivatives(problem.x);
    const exact = truth[place]!;
    if (typeof exact === 'string') throw new Error(`In JavaScript: ${exact}`);
    const loss = await problem.loss(problem.x);
    expect(Math.abs(loss - exact.loss)).toBeLessThan(1e-12 * Math.max(1, Math.abs(exact.loss)));
    expect(deviation(gradient, exact.gradient)).toBeLessThan(1e-12);
    expect(deviation(hu, exact.hu)).toBeLessThan(1e-12);
    expect(deviation(hv, exact.hv)).toBeLessThan(1e-12);
  });
});
