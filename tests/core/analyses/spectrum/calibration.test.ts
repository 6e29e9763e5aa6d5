import { describe, expect, test } from 'vitest';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { densityMasses } from '../../../../core/linalg/quadrature/density-masses.ts';
import { stochasticLanczosDensity } from '../../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import { estimateTrace } from '../../../../core/linalg/quadrature/trace/estimate-trace.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { calibrationCases, share } from './calibration-cases.ts';

/**
 * Whether stated errors are true ones: over 40 seeds an interval of 95 % has to hold the truth at least 36 times, and a bound
 * all 40 times.
 */
const seeds = Array.from({ length: 40 }, (_, seed) => seed);
const enough = 36;

interface Range {
  readonly low95: number;
  readonly high95: number;
}
const holds = (interval: Range, truth: number): boolean =>
  // Counts of none or all are ends of intervals: rounding must not decide.
  interval.low95 - 1e-12 <= truth && truth <= interval.high95 + 1e-12;

const cases = await calibrationCases();

describe.each(cases)('$name: over 40 seeds', ({ operator, eigenvalues, delta, multiple }) => {
  const p = eigenvalues.length;
  const trace = eigenvalues.reduce((a, b) => a + b, 0);
  const shares = {
    below: share(eigenvalues, (value) => value < -delta),
    near: share(eigenvalues, (value) => Math.abs(value) <= delta),
    above: share(eigenvalues, (value) => value > delta),
  };

  test('the ten largest eigenvalues lie within their error bounds, all of them', async () => {
    for (const seed of seeds) {
      const rng = randomFromSeed(seed);
      const { value, status } = await lanczos(operator, { top: 10, verifyMultiplicity: multiple, rng });
      expect(status).toBe('converged');
      value.top.forEach((pair, i) => {
        expect(Math.abs(pair.value - eigenvalues[p - 1 - i]!)).toBeLessThanOrEqual(pair.errorBound);
      });
    }
  });

  test.each(['hutchinson', 'hutch++', 'xtrace'] as const)(
    'the trace lies within its interval by %s',
    async (method) => {
      let held = 0;
      for (const seed of seeds) {
        const { value } = await estimateTrace(method, operator, { maxProducts: 30, rng: randomFromSeed(seed) });
        if (holds(value, trace)) held++;
      }
      expect(held).toBeGreaterThanOrEqual(enough);
    },
  );

  test.each([1, 5])(
    'masses of the density and its distribution lie within their intervals, probes: %i',
    async (probes) => {
      const held = { below: 0, near: 0, above: 0 };
      let [inside, points] = [0, 0];
      for (const seed of seeds) {
        const { value } = await stochasticLanczosDensity(operator, {
          probes,
          steps: 30,
          gridPoints: 200,
          rng: randomFromSeed(seed),
        });
        const masses = densityMasses(value, delta);
        for (const part of ['below', 'near', 'above'] as const) if (holds(masses[part], shares[part])) held[part]++;
        const cell = value.x[1]! - value.x[0]!;
        value.x.forEach((x, i) => {
          const truth = share(eigenvalues, (one) => one <= x + cell / 2);
          points++;
          if (holds({ low95: value.cumulativeLower[i]!, high95: value.cumulativeUpper[i]! }, truth)) inside++;
        });
      }
      for (const part of ['below', 'near', 'above'] as const) expect(held[part]).toBeGreaterThanOrEqual(enough);
      expect(inside / points).toBeGreaterThan(0.9);
    },
  );
});
