import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannedStarts, readAmplitudes, thetaOfStart } from '../../../../core/analyses/saddles/starts.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const theta = Float64Array.of(1, -2, 3, 0.5);
const plan = { starts: 12, noise: [0, 0.1], scales: [0.3, 2] };

describe('starts', () => {
  it('go over the whole trajectory, ends included, with the noise in turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 1, max: 300 }), (starts, count) => {
        const steps = Array.from({ length: count }, (_, i) => 10 * i);
        const planned = plannedStarts({ ...plan, from: 'trajectory', starts }, steps);
        expect(planned.map(({ number }) => number)).toEqual(Array.from({ length: starts }, (_, i) => i));
        expect([planned[0]!.step, planned.at(-1)!.step]).toEqual([steps[0], steps.at(-1)]);
        const gaps = planned.slice(1).map(({ step }, i) => step! - planned[i]!.step!);
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(10);
        expect(planned.every(({ noise, number }) => noise === plan.noise[number % 2])).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('one start of a trajectory is its end', () => {
    expect(plannedStarts({ ...plan, from: 'trajectory', starts: 1 }, [0, 5, 9])[0]!.step).toBe(9);
  });

  it('have the same point whichever were made before, and others different ones', async () => {
    const sources = () => ({ theta, rng: randomFromSeed(3) });
    const starts = plannedStarts({ ...plan, from: 'random' }, []);
    const forward = await Promise.all(starts.map((start) => thetaOfStart(start, sources())));
    const shared = sources();
    for (const start of [...starts].reverse()) expect(await thetaOfStart(start, shared)).toEqual(forward[start.number]);
    expect(new Set(forward.map((point) => point.join())).size).toBe(starts.length);
  });

  it('random points have the standard deviations that are asked for', async () => {
    const wide = new Float64Array(20_000);
    for (const start of plannedStarts({ ...plan, from: 'random', starts: 2 }, [])) {
      const point = await thetaOfStart(start, { theta: wide, rng: randomFromSeed(1) });
      const deviation = Math.sqrt(point.reduce((sum, x) => sum + x * x, 0) / point.length);
      // Four standard errors of a standard deviation from 20,000 draws.
      expect(Math.abs(deviation / start.scale! - 1)).toBeLessThan(4 / Math.sqrt(2 * wide.length));
    }
  });

  it('noise is within its amplitude and fills it; without noise the point is the checkpoint itself', async () => {
    const wide = new Float64Array(5000).fill(7);
    const trajectory = { steps: [0, 40], theta: async (index: number) => wide.map((x) => x + index) };
    for (const start of plannedStarts({ ...plan, from: 'trajectory', starts: 4 }, trajectory.steps)) {
      const point = await thetaOfStart(start, { theta: wide, trajectory, rng: randomFromSeed(1) });
      const from = 7 + trajectory.steps.indexOf(start.step!);
      const largest = Math.max(...point.map((x) => Math.abs(x - from)));
      expect(largest).toBeLessThanOrEqual(start.noise);
      if (start.noise > 0) expect(largest).toBeGreaterThan(0.99 * start.noise);
      expect(Math.abs(point.reduce((sum, x) => sum + x - from, 0) / point.length)).toBeLessThan(0.05 * 0.1 + 1e-12);
    }
  });

  it('refuse a trajectory without points, and amplitudes that are none', () => {
    expect(() => plannedStarts({ ...plan, from: 'trajectory' }, [])).toThrow('no checkpoint');
    expect(readAmplitudes('noise', '0, 1e-3,0.1')).toEqual([0, 1e-3, 0.1]);
    for (const text of ['', '1,,2', '-1', 'x', '1;2', 'Infinity', 'NaN'])
      expect(() => readAmplitudes('noise', text)).toThrow('--noise is');
  });
});
