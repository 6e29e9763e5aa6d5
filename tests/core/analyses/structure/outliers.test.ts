import { describe, expect, it } from 'vitest';
import { exactSpectralNumbers } from '../../../../core/analyses/structure/exact.ts';
import { runStructure } from '../../../../core/analyses/structure/run.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { trainedMixture } from './trained-mixture.ts';

describe.each([3, 4, 5])('a trained classifier of %i classes', (classes) => {
  const setting = (async () => {
    const { objective, theta } = await trainedMixture(classes);
    const { value, status } = await runStructure(objective, theta, {}, { rng: randomFromSeed(1) });
    return { objective, theta, value, status };
  })();

  it('has as many outliers as classes, beyond the errors of the eigenvalues', async () => {
    const { value, status } = await setting;
    expect(status).toBe('converged');
    expect(value.classes!.hessianRatios.largestAt).toBe(classes);
    expect(value.classes!.hessianRatios.certain).toBe(true);
  });

  it('has them from the class means: G1 spans their space and has most of their size', async () => {
    const { g1OverGaussNewton, overlapWithHessian, parts, traceOfG } = (await setting).value.classes!;
    expect(g1OverGaussNewton).toHaveLength(classes);
    for (const share of g1OverGaussNewton) {
      // Between 0.56 and 0.956 over three seeds of the data; above 1 is impossible.
      expect(share).toBeGreaterThan(0.5);
      expect(share).toBeLessThan(1);
    }
    expect(overlapWithHessian.value).toBeGreaterThan(0.9);
    expect(overlapWithHessian.error).toBeLessThan(1e-3);
    // G1 tells more of G than G0 and G2.
    const [g0, g1, g2] = parts.map(({ trace }) => trace / traceOfG.value);
    expect(g1!).toBeGreaterThan(Math.max(g0!, g2!));
  });

  it('has its gradient in their space, as the dense Hessian says and on either half of the data', async () => {
    const { objective, theta, value } = await setting;
    const [share] = value.gradientShares!;
    expect(share!.k).toBe(classes);
    expect(share!.share.value).toBeGreaterThan(0.9);
    if (classes === 3) {
      const exact = (await exactSpectralNumbers(objective, theta)).gradientShares[classes - 1]!;
      expect(Math.abs(share!.share.value - exact)).toBeLessThanOrEqual(share!.share.error);
    }
    for (const { value: crossed } of share!.halves!.crossed) expect(crossed).toBeGreaterThan(0.5);
  });
});
