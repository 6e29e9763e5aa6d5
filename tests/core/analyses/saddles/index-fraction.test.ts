import { expect, it } from 'vitest';
import { sampledIndex } from '../../../../core/analyses/saddles/index-fraction.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { calibrationSpectra, indexScores, rootMeanSquare, worst } from '../../../support/index-calibration.ts';

it('states an error of the index that the true count keeps to', async () => {
  const scores = [
    ...(await indexScores(calibrationSpectra['few negative']!, 12)),
    ...(await indexScores(calibrationSpectra['a kernel']!, 12)),
  ];
  expect(rootMeanSquare(scores)).toBeLessThan(1.1);
  expect(worst(scores)).toBeLessThan(3);
  // And not by being far too large.
  expect(rootMeanSquare(scores)).toBeGreaterThan(0.5);
});

it('does not round what it estimates', async () => {
  const { space, linearize } = quadraticObjective(calibrationSpectra['a kernel']!);
  const { index } = await sampledIndex(
    hessianOperator(space, await linearize(new Float64Array(300))),
    randomFromSeed(1),
    undefined,
  );
  expect(Number.isInteger(index!.negative)).toBe(false);
  expect(index!.negative + index!.null + index!.positive).toBeCloseTo(300, 9);
});
