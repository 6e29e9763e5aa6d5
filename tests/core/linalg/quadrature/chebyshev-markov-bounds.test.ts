import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import {
  boundsAt,
  cumulativeBoundSteps,
  cumulativeBounds,
  largestMass,
  prescribedQuadrature,
} from '../../../../core/linalg/quadrature/chebyshev-markov-bounds.ts';
import { massInterval } from '../../../../core/linalg/quadrature/mass-interval.ts';
import { probeQuadrature, quadratureOfRecurrence } from '../../../../core/linalg/quadrature/spectral-quadrature.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import { massSpectra, rotated } from './rotated-spectra.ts';

/** The spectral measure of the start of a probe: the masses of the eigenvalues. */
function startMeasure(
  values: readonly number[],
  eigenvector: (i: number) => Float64Array,
  probe: number,
  seed: number,
) {
  const start = randomFromSeed(seed)
    .split(`density probe ${probe}`)
    .fill(new Float64Array(values.length), 'rademacher');
  return values.map((_, i) => eigenvector(i).reduce((sum, u, j) => sum + u * start[j]!, 0) ** 2 / values.length);
}

describe('quadrature of one start', () => {
  it('has positive weights that add to 1 and is exact to degree 2m − 1', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e6 }), async (steps, seed) => {
        const values = Array.from({ length: 40 }, (_, i) => Math.sin(3 * i + seed) - 0.2);
        const { operator } = rotated(values, 1);
        const { quadrature } = await probeQuadrature(operator, 3, { steps, rng: randomFromSeed(seed) });
        const { nodes, weights } = quadrature!;
        expect(weights.every((weight) => weight > 0)).toBe(true);
        expect(Math.abs(weights.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-13);
        expect([...nodes]).toEqual([...nodes].sort((a, b) => a - b));
        let v: Float64Array = randomFromSeed(seed).split('density probe 3').fill(new Float64Array(40), 'rademacher');
        const start = v.map((entry) => entry / Math.sqrt(40));
        v = start.slice();
        for (let degree = 0; degree < 2 * nodes.length; degree++) {
          const moment = v.reduce((sum, entry, j) => sum + entry * start[j]!, 0);
          const ours = nodes.reduce((sum, node, k) => sum + weights[k]! * node ** degree, 0);
          expect(Math.abs(ours - moment)).toBeLessThan(1e-12 * 1.2 ** degree);
          v = await operator.apply(v);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('depends on seed and number of the probe only', async () => {
    const { operator } = rotated([1, 2, 3, 4, 5, 6], 2);
    const once = await probeQuadrature(operator, 7, { steps: 3, rng: randomFromSeed(3) });
    const rng = randomFromSeed(3);
    rng.uniform();
    await probeQuadrature(operator, 2, { steps: 3, rng });
    expect(await probeQuadrature(operator, 7, { steps: 3, rng })).toEqual(once);
  });

  it('takes the length after reorthogonalisation: no ghosts of a converged outlier', async () => {
    const values = Array.from({ length: 100 }, (_, i) => (i === 0 ? 1e4 : Math.sin(i)));
    const { operator } = rotated(values, 4);
    const { quadrature } = await probeQuadrature(operator, 0, { steps: 60, rng: randomFromSeed(5) });
    expect(quadrature!.nodes.filter((node) => node > 2)).toHaveLength(1);
    expect(quadrature!.nodes.every((node) => !Number.isNaN(node) && node > -1.001)).toBe(true);
  });
});

describe('bounds of the distribution function', () => {
  it('with a node prescribed are exact to degree 2m and put the node there', () => {
    const q = quadratureOfRecurrence([0.3, -0.2, 0.5], [0.7, 0.4, 0.6]);
    for (const x of [-3, -0.41, 0.1, 0.9, 4]) {
      const { nodes, weights, below, through } = prescribedQuadrature(q, x);
      expect(nodes).toHaveLength(4);
      expect(nodes[below]).toBeCloseTo(x, 12);
      expect(through).toBe(below + 1);
      for (let degree = 0; degree <= 5; degree++) {
        const gauss = q.nodes.reduce((sum, node, k) => sum + q.weights[k]! * node ** degree, 0);
        const radau = nodes.reduce((sum, node, k) => sum + weights[k]! * node ** degree, 0);
        expect(Math.abs(radau - gauss)).toBeLessThan(1e-10 * Math.max(1, Math.abs(x)) ** degree);
      }
    }
  });

  it.each(massSpectra)('hold the measure of each start: $name', async ({ values }) => {
    const { operator, eigenvector } = rotated(values, 6);
    for (const probe of [0, 1]) {
      const masses = startMeasure(values, eigenvector, probe, 7);
      const { quadrature } = await probeQuadrature(operator, probe, { steps: 20, rng: randomFromSeed(7) });
      const q = quadrature!;
      const points = [...q.nodes, ...values, ...q.nodes.map((node) => node + 0.013)].sort((a, b) => a - b);
      const steps = boundsAt(cumulativeBoundSteps(q), Float64Array.from(points));
      points.forEach((x, i) => {
        // The matrix itself has its eigenvalues to rounding only: those at the point itself may lie on either side.
        const upTo = masses.reduce((sum, mass, k) => sum + (values[k]! < x - 1e-12 ? mass : 0), 0);
        const through = masses.reduce((sum, mass, k) => sum + (values[k]! < x + 1e-12 ? mass : 0), 0);
        const { lower, upper } = cumulativeBounds(q, x);
        expect(lower).toBeLessThanOrEqual(through + 1e-11);
        expect(upper).toBeGreaterThanOrEqual(upTo - 1e-11);
        expect(steps.lower[i]).toBeLessThanOrEqual(through + 1e-11);
        expect(steps.upper[i]).toBeGreaterThanOrEqual(upTo - 1e-11);
      });
      for (let i = 1; i < points.length; i++) {
        expect(steps.lower[i]).toBeGreaterThanOrEqual(steps.lower[i - 1]!);
        expect(steps.upper[i]).toBeGreaterThanOrEqual(steps.upper[i - 1]!);
      }
    }
  });

  it('are those of the prescribed quadrature at every step, from a hundred Lanczos steps in float32 too', async () => {
    const values = Array.from({ length: 300 }, (_, i) => (i < 10 ? 3 + i : 0.3 * Math.sin(i) ** 5));
    const matrix = withSpectrum(values, 9);
    const float32 = matrixOperator(hostFloat32Space(300), matrix);
    const quadratures = [
      (await probeQuadrature(float32, 0, { steps: 100, rng: randomFromSeed(4) })).quadrature!,
      (await probeQuadrature(rotated(values, 6).operator, 0, { steps: 40, rng: randomFromSeed(4) })).quadrature!,
      (await probeQuadrature(rotated([1, 2, 3], 6).operator, 0, { steps: 3, rng: randomFromSeed(4) })).quadrature!,
    ];
    for (const q of quadratures) {
      const { x, lower, upper } = cumulativeBoundSteps(q);
      // A step stands `nodeError` beside the point that it was computed at.
      const slow = (at: number) => {
        const { weights, below, through } = prescribedQuadrature(q, at);
        const upTo = (count: number) => weights.subarray(0, count).reduce((sum, weight) => sum + weight, 0);
        return { lower: upTo(below), upper: upTo(through) };
      };
      const distance = (q.nodes.at(-1)! - q.nodes[0]!) / q.nodes.length;
      for (const [end, side] of [[q.nodes[0]!, -1] as const, [q.nodes.at(-1)!, 1] as const]) {
        for (const share of [0.2, 1]) {
          const at = end + side * share * distance;
          const expected = slow(at);
          expect(Math.abs(expected.upper - expected.lower - largestMass(q, at))).toBeLessThan(1e-12);
          const step = (place: number) =>
            x.reduce((best, one, i) => (Math.abs(one - place) < Math.abs(x[best]! - place) ? i : best), 0);
          expect(Math.abs(lower[step(at + q.nodeError)]! - expected.lower)).toBeLessThan(1e-10);
          expect(Math.abs(upper[step(at - q.nodeError)]! - expected.upper)).toBeLessThan(1e-10);
        }
      }
    }
  });

  it('close in a gap, where the neighbouring nodes alone would leave their weights open', async () => {
    const { values } = massSpectra[0]!;
    const { quadrature } = await probeQuadrature(rotated(values, 6).operator, 0, { steps: 24, rng: randomFromSeed(8) });
    const { lower, upper } = cumulativeBounds(quadrature!, 0.4);
    const last = quadrature!.nodes.filter((node) => node < 0.4).length - 1;
    expect(upper - lower).toBeLessThan(1e-9);
    expect(quadrature!.weights[last]! + quadrature!.weights[last + 1]!).toBeGreaterThan(1e-2);
  });

  it('in float32 leave what rounding decides undecided', async () => {
    const values = massSpectra[1]!.values;
    const operator = matrixOperator(hostFloat32Space(values.length), withSpectrum(values, 9));
    const { quadrature } = await probeQuadrature(operator, 0, { steps: 60, rng: randomFromSeed(9) });
    const atZero = cumulativeBounds(quadrature!, 0);
    expect(atZero.upper - atZero.lower).toBeGreaterThan(0.5);
    const beside = cumulativeBounds(quadrature!, 0.01);
    expect(beside.upper - beside.lower).toBeLessThan(1e-3);
  });
});

describe('interval of a mass', () => {
  it('covers shares of coordinates of uniform unit vectors in 95 of 100, with a single one as well', () => {
    for (const [count, starts] of [
      [145, 3],
      [145, 1],
      [1, 1],
      [1, 10],
      [20, 10],
    ] as const) {
      let inside = 0;
      for (let seed = 0; seed < 600; seed++) {
        const rng = randomFromSeed(seed);
        let sum = 0;
        for (let k = 0; k < starts; k++) {
          const v = rng.fill(new Float64Array(200), 'sphere');
          for (let i = 0; i < count; i++) sum += v[i]! ** 2 / starts;
        }
        const { low, high } = massInterval(sum, sum, starts, 200);
        if (low <= count / 200 && count / 200 <= high) inside++;
      }
      expect(inside / 600).toBeGreaterThan(0.925);
      expect(inside / 600).toBeLessThan(0.975);
    }
  });

  it('is all of 0…1 without a start, and ends at 0 or 1 where nothing or everything was seen', () => {
    expect(massInterval(0.3, 0.3, 0, 100)).toEqual({ low: 0, high: 1 });
    expect(massInterval(0, 0, 5, 100)).toEqual({ low: 0, high: 0 });
    expect(massInterval(1, 1, 5, 100)).toEqual({ low: 1, high: 1 });
    expect(massInterval(Number.NaN, 0.5, 5, 100)).toEqual({ low: 0, high: 1 });
  });
});
