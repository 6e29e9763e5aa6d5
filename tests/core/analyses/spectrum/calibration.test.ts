import { describe, expect, test } from 'vitest';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { densityMasses } from '../../../../core/linalg/quadrature/density-masses.ts';
import { stochasticLanczosDensity } from '../../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import { estimateTrace } from '../../../../core/linalg/quadrature/trace/estimate-trace.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { calibrationCases, clusterWidth, share } from './calibration-cases.ts';

/**
 * Whether stated errors are true ones. A bound has to hold the truth for each of 40 seeds. An interval of 95 % has to hold it in
 * 90 of 100 over the seeds of all spectra together (288 of 320), and on none in fewer than 34 of 40: exactly calibrated
 * ones hold 35 or fewer once in twenty spectra, 33 or fewer once in a thousand.
 */
const seeds = Array.from({ length: 40 }, (_, seed) => seed);
const fewest = 34;
const together = new Map<string, number>();

function expectHeld(what: string, held: number): void {
  together.set(what, (together.get(what) ?? 0) + held);
  expect(held).toBeGreaterThanOrEqual(fewest);
}

interface Range {
  readonly low95: number;
  readonly high95: number;
}
const holds = (interval: Range, truth: number): boolean =>
  // Counts of none or all are ends of intervals: rounding must not decide.
  interval.low95 - 1e-12 <= truth && truth <= interval.high95 + 1e-12;

const cases = await calibrationCases();

describe.each(cases)('$name: over 40 seeds', ({ operator, eigenvalues, delta, ends }) => {
  const p = eigenvalues.length;
  const trace = eigenvalues.reduce((a, b) => a + b, 0);
  const shares = {
    below: share(eigenvalues, (value) => value < -delta),
    near: share(eigenvalues, (value) => Math.abs(value) <= delta),
    above: share(eigenvalues, (value) => value > delta),
  };

  test('an eigenvalue lies within the error bound of each of ten, at a loose tolerance too', async () => {
    for (const seed of seeds) {
      const { value, status } = await lanczos(operator, { top: 10, residualTol: 1e-2, rng: randomFromSeed(seed) });
      expect(status).toBe('converged');
      for (const pair of value.top) {
        const nearest = Math.min(...eigenvalues.map((one) => Math.abs(one - pair.value)));
        expect(nearest).toBeLessThanOrEqual(pair.errorBound);
      }
    }
  });

  test('the ten largest eigenvalues lie within their error bounds, rank by rank', async () => {
    for (const seed of seeds) {
      const { value, status } = await lanczos(operator, {
        top: 10,
        eigenvalueTol: 1e-8,
        verifyMultiplicity: ends !== 'separate',
        rng: randomFromSeed(seed),
      });
      expect(status).toBe('converged');
      value.top.forEach((pair, i) => {
        const bound = ends === 'clustered' ? clusterWidth : pair.errorBound;
        expect(Math.abs(pair.value - eigenvalues[p - 1 - i]!)).toBeLessThanOrEqual(bound);
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
      expectHeld(`trace by ${method}`, held);
    },
  );

  test.each([1, 3])(
    'masses of the density and its distribution lie within their intervals, probes: %i',
    async (probes) => {
      const held = { below: 0, near: 0, above: 0 };
      let [inside, points] = [0, 0];
      for (const seed of seeds) {
        const { value } = await stochasticLanczosDensity(operator, {
          probes,
          steps: 24,
          gridPoints: 20,
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
      for (const part of ['below', 'near', 'above'] as const) expectHeld(`mass ${part}, probes: ${probes}`, held[part]);
      expect(inside / points).toBeGreaterThan(0.9);
    },
  );
});

test('over all spectra together every interval holds the truth in 90 of 100', () => {
  expect(together.size).toBe(9);
  for (const [what, held] of together)
    expect({ what, share: held / (40 * cases.length) }).toEqual({
      what,
      share: expect.toSatisfy((share: number) => share >= 0.9),
    });
});
