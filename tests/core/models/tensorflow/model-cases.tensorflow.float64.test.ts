import '../../../support/float64-realm-first.ts';

import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { deviation } from '../../../support/deviation.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { type Derivatives, derivativesOf, derivativesOfCases, problemOf } from './model-case-problem.ts';
import { modelCases } from './model-cases.ts';

const rows = modelCases.map((row, place) => ({ ...row, row, place }));

describe.skipIf(nativeEngine === null)(`on the TensorFlow library, in doubles (${noNativeEngine})`, () => {
  let truth: (Derivatives | string)[];
  beforeAll(async () => {
    truth = await derivativesOfCases(modelCases.map(({ name }) => name));
    await useBackend('tensorflow', { native: nativeBinding() });
  }, 300_000);

  test.each(rows)('$name: loss, gradient and all products are those of JavaScript', async ({ row, place }) => {
    const found = await derivativesOf(problemOf(row));
    const exact = truth[place];
    if (typeof exact !== 'object') throw new Error(`In JavaScript: ${exact}`);
    expect(Math.abs(found.loss / exact.loss - 1)).toBeLessThan(1e-12);
    for (const key of ['gradient', 'hv', 'gv', 'jv'] as const)
      expect(deviation(found[key], exact[key]), key).toBeLessThan(1e-12);
  });
});
