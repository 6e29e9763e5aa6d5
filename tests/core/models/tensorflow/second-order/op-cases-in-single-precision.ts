import { beforeAll, describe, expect, test } from 'vitest';
import { type BackendName, useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { installSecondOrder } from '../../../../../core/models/tensorflow/second-order/install.ts';
import { inFloat64Realm } from '../../../../support/float64-oracle.ts';
import type { OpCase } from './op-case.ts';
import { type Derivatives, OpCaseProblem } from './op-case-problem.ts';
import { opCases } from './op-cases.ts';

/** Largest deviation relative to the largest entry. */
function deviation(single: Float64Array, double: Float64Array): number {
  let [difference, most] = [0, 0];
  for (let i = 0; i < double.length; i++) {
    difference = Math.max(difference, Math.abs(single[i]! - double[i]!));
    most = Math.max(most, Math.abs(double[i]!));
  }
  return Number.isFinite(difference) && most > 0 ? difference / most : Number.POSITIVE_INFINITY;
}

/** Every case, or some of them, on one backend against the same case in double precision. */
export function testInSinglePrecision(
  backend: BackendName,
  start = () => useBackend(backend),
  tolerance = 1e-6,
  cases: readonly OpCase[] = opCases,
): void {
  let truth: (Derivatives | string)[];
  beforeAll(async () => {
    truth = await inFloat64Realm<(Derivatives | string)[]>(
      new URL('op-case-problem.ts', import.meta.url),
      'derivativesOfCases',
      cases.map(({ name }) => name),
    );
    await start();
    installSecondOrder();
  });

  describe.each(cases.map((row, place) => ({ ...row, row, place })))(`$name, on ${backend}`, ({ row, place }) => {
    test('value, gradient and Hessian products are those of double precision', async () => {
      const problem = new OpCaseProblem(row);
      const { gradient, hu, hv } = await problem.derivatives(problem.x);
      const exact = truth[place]!;
      if (typeof exact === 'string') throw new Error(`In double precision: ${exact}`);
      // Rounding of the point alone moves the loss in proportion to Σ |gᵢ xᵢ|, however its terms cancel.
      const reach = exact.gradient.reduce((sum, g, i) => sum + Math.abs(g * problem.x[i]!), 0);
      // Without a tape other kernels run: the fused ones.
      expect(Math.abs((await problem.loss(problem.x)) - exact.loss)).toBeLessThan(
        tolerance * Math.max(1, Math.abs(exact.loss), reach),
      );
      expect(deviation(gradient, exact.gradient)).toBeLessThan(tolerance);
      expect(deviation(hu, exact.hu)).toBeLessThan(tolerance);
      expect(deviation(hv, exact.hv)).toBeLessThan(tolerance);
    });
  });
}
