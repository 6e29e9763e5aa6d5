import { beforeAll, describe, expect, test } from 'vitest';
import { type BackendName, useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { inFloat64Realm } from '../../../support/float64-oracle.ts';
import { type Derivatives, derivativesOf, problemOf } from './model-case-problem.ts';
import { type ModelCase, modelCases } from './model-cases.ts';

/** Largest deviation relative to the largest entry. */
function deviation(single: Float64Array, double: Float64Array): number {
  let [difference, most] = [0, 0];
  for (let i = 0; i < double.length; i++) {
    difference = Math.max(difference, Math.abs((single[i] ?? Number.NaN) - (double[i] ?? 0)));
    most = Math.max(most, Math.abs(double[i] ?? 0));
  }
  return Number.isFinite(difference) && most > 0 ? difference / most : Number.POSITIVE_INFINITY;
}

/** Every model of the table, or some of them, on one backend against the same model in double precision. */
export function testInSinglePrecision(
  backend: BackendName,
  start = () => useBackend(backend),
  tolerance = 1e-6,
  cases: readonly ModelCase[] = modelCases,
): void {
  let truth: (Derivatives | string)[];
  beforeAll(async () => {
    const names = cases.map(({ name }) => name);
    truth = await inFloat64Realm(new URL('model-case-problem.ts', import.meta.url), 'derivativesOfCases', names);
    await start();
  }, 300_000);

  describe.each(cases.map((row, place) => ({ ...row, row, place })))(`$name, on ${backend}`, ({ row, place }) => {
    test('loss, gradient and all products are those of double precision', async () => {
      const single = await derivativesOf(problemOf(row));
      const exact = truth[place];
      if (typeof exact !== 'object') throw new Error(`In double precision: ${exact}`);
      expect(Math.abs(single.loss / exact.loss - 1)).toBeLessThan(tolerance);
      for (const key of ['gradient', 'hv', 'gv', 'jv'] as const)
        expect(deviation(single[key], exact[key]), key).toBeLessThan(tolerance);
    });
  });
}
