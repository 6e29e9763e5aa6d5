import { describe, expect, it } from 'vitest';
import type { FinderId, FinderOptions } from '../../../../../core/analyses/saddles/finders/finder.ts';
import { defaultIterations, finderTable } from '../../../../../core/analyses/saddles/finders/finders.ts';
import { matrixVector } from '../../../../../core/linalg/matrix-operator.ts';
import { hostFloat32Space } from '../../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../../core/linalg/spaces/float64-space.ts';
import { closedFormObjective } from '../../../../../core/models/closed-form/closed-form-objective.ts';
import { quadraticObjective } from '../../../../../core/models/closed-form/quadratic.ts';
import { surfaceObjective, surfaces } from '../../../../../core/models/closed-form/surfaces.ts';
import { counted } from '../../../../../core/objective/counted.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { denseJudgement } from '../../../../support/dense-judgement.ts';
import { leastSquaresObjective, randomLeastSquares } from '../../../../support/least-squares.ts';
import { withLiveVectors } from '../../../../support/live-vectors.ts';
import { withSpectrum } from '../../../../support/test-matrices.ts';
import { largestDifference, norm } from '../../../../support/vectors.ts';

const ids = Object.keys(finderTable) as FinderId[];
/** Those that minimise ‖∇L‖. */
const ofGradient = ids.filter((id) => id !== 'saddle-free' && id !== 'newton-pinv');
const tolerance = 1e-16;

const optionsOf = (id: FinderId, more: Partial<FinderOptions> = {}): FinderOptions => ({
  ...{ tolerance, maxIterations: defaultIterations[id], maxProducts: Number.POSITIVE_INFINITY, denseLimit: 100 },
  rng: randomFromSeed(1),
  ...more,
});

describe.each(ids)('%s on surfaces whose critical points are known', (id) => {
  it.each(Object.keys(surfaces))('%s: whatever converges is one of them, with its index', async (name) => {
    const { domain, criticalPoints } = surfaces[name]!;
    const objective = surfaceObjective(name);
    const rng = randomFromSeed(7);
    const inside = ([low, high]: readonly [number, number]) => low + (high - low) * rng.uniform();
    let seen = 0;
    for (let i = 0; i < 6; i++) {
      const start = Float64Array.of(inside(domain.x), inside(domain.y));
      const { value, status } = await finderTable[id](objective, start, optionsOf(id, { maxIterations: 300 }));
      const [x, y] = value.theta as unknown as [number, number];
      const found = Math.min(Math.max(x, domain.x[0]), domain.x[1]) === x && y >= domain.y[0] && y <= domain.y[1];
      if (status !== 'converged' || !found) continue;
      seen++;
      const nearest = criticalPoints.reduce((a, b) =>
        Math.hypot(a.x - x, a.y - y) < Math.hypot(b.x - x, b.y - y) ? a : b,
      );
      // ∇L of the degenerate one is of second order: ‖∇L‖ = 1e-8 at a distance of 6e-5.
      expect(Math.hypot(nearest.x - x, nearest.y - y)).toBeLessThan(nearest.nullity > 0 ? 1e-4 : 1e-7);
      if (nearest.nullity > 0) continue;
      expect((await denseJudgement(objective, value.theta)).negative).toBe(nearest.index);
      if (id === 'saddle-free') expect(nearest.index).toBe(0);
    }
    // The saddles have no minimum: there the loss of a descent falls for ever.
    const bottomless = id === 'saddle-free' && (name === 'saddle' || name === 'monkeySaddle');
    expect(seen).toBeGreaterThanOrEqual(bottomless ? 0 : 1);
  });
});

describe.each([
  ['the dense Hessian', 100],
  ['products alone', 0],
])('a quadratic of 40 variables by %s', (_, denseLimit) => {
  it.each(ids)('%s: its one critical point', async (id) => {
    const sign = (i: number) => (id === 'saddle-free' || i % 3 ? 1 : -1);
    const matrix = withSpectrum(
      Array.from({ length: 40 }, (_unused, i) => sign(i) * (1 + i / 4)),
      3,
    );
    const truth = randomFromSeed(4).fill(new Float64Array(40), 'normal');
    const objective = quadraticObjective(
      matrix,
      matrixVector(matrix, truth).map((entry) => -entry),
    );
    const { value, status, stats } = await finderTable[id](
      objective,
      new Float64Array(40),
      optionsOf(id, { denseLimit }),
    );
    expect([status, value.reason]).toEqual(['converged', 'gradientTolerance']);
    expect(largestDifference(value.theta, truth)).toBeLessThan(1e-8);
    const { loss, gradient } = await objective.gradient(value.theta);
    expect(value.gradientNormSquared).toBeCloseTo(norm(gradient) ** 2, 20);
    expect(value.loss).toBe(loss);
    expect(value.history).toHaveLength(value.iterations + 1);
    expect(value.history.at(-1)).toBe(value.gradientNormSquared);
    expect(stats.products).toBeLessThanOrEqual(id === 'gradient-norm' ? 400 : 5 * 40);
  });
});

/** L = x³ + x + ½ Σ k yₖ²: ∇L = (3x² + 1, k yₖ) vanishes nowhere, and ‖∇L‖ is least at 0, where H (1, 0) = 0. */
const withoutCriticalPoints = closedFormObjective({
  dim: 6,
  formula: 'x³ + x + ½ Σ k yₖ²',
  value: (theta) => theta[0]! ** 3 + theta.reduce((sum, y, k) => sum + (k / 2) * y * y, theta[0]!),
  gradient: (theta, out) => out.set(theta.map((y, k) => (k === 0 ? 3 * y * y + 1 : k * y))),
  hessianAt: (theta) => (v, out) => out.set(v.map((entry, k) => (k === 0 ? 6 * theta[0]! : k) * entry)),
});

describe('where ½‖∇L‖² is stationary and ∇L is not zero', () => {
  const start = Float64Array.of(0.7, 1, -1, 0.5, 2, 0.1);

  it.each(ofGradient)('%s finds the gradient-flat point and says so', async (id) => {
    for (const denseLimit of [100, 0]) {
      const { value, status } = await finderTable[id](withoutCriticalPoints, start, optionsOf(id, { denseLimit }));
      expect([id, status]).toEqual([id, 'stagnated']);
      expect(['stationary', 'noProgress']).toContain(value.reason);
      expect(value.gradientNormSquared).toBeCloseTo(1, 4);
      expect(norm(value.theta)).toBeLessThan(1e-2);
    }
  });

  it('descents fall for ever and never converge', async () => {
    const { status, value } = await finderTable['saddle-free'](withoutCriticalPoints, start, optionsOf('saddle-free'));
    expect(status).not.toBe('converged');
    expect(value.loss).toBeLessThan(-1e3);
  });
});

describe.each(ids)('%s as every finder', (id) => {
  const run = finderTable[id];
  const problem = randomLeastSquares(randomFromSeed(2), 30, 12, { penalty: 0.05 });
  const start = randomFromSeed(3).fill(new Float64Array(12), 'normal');

  it('counts every product and gradient, and leaves the start as it was', async () => {
    const objective = counted(leastSquaresObjective(problem, hostFloat64Space));
    const mine = start.slice();
    const { stats, value } = await run(objective, mine, optionsOf(id));
    expect(value.reason).toBe('gradientTolerance');
    expect(stats).toMatchObject(objective.counts);
    expect(mine).toEqual(start);
  });

  it('gives back every vector but the point', async () => {
    for (const denseLimit of [100, 0]) {
      for (const limits of [{}, { maxIterations: 2 }, { maxProducts: 7 }]) {
        const { space, live } = withLiveVectors(hostFloat64Space(12));
        const mine = space.fromHost(start);
        const objective = leastSquaresObjective(problem, () => space);
        const { value } = await run(objective, mine, optionsOf(id, { denseLimit, ...limits }));
        space.release(value.theta);
        expect(new Set(live)).toEqual(new Set([mine]));
      }
    }
  });

  it('ends at the limits of iterations and products', async () => {
    const objective = leastSquaresObjective(problem, hostFloat64Space);
    const few = await run(objective, start, optionsOf(id, { maxIterations: 1 }));
    expect([few.status, few.value.reason, few.value.iterations]).toEqual(['budgetSpent', 'iterations', 1]);
    for (const denseLimit of [100, 0]) {
      const cheap = await run(objective, start, optionsOf(id, { maxProducts: 9, denseLimit }));
      expect([cheap.status, cheap.value.reason]).toEqual(['budgetSpent', 'products']);
      expect(cheap.stats.products).toBeLessThanOrEqual(9 + 1);
    }
  });

  it('ends after the iteration during which it is cancelled, which it awaits', async () => {
    const objective = leastSquaresObjective(problem, hostFloat64Space);
    const signal = { aborted: false };
    const told: number[] = [];
    const onIteration = async ({ iteration }: { iteration: number }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      told.push(iteration);
      if (iteration === 2) signal.aborted = true;
    };
    const { status, value } = await run(objective, start, optionsOf(id, { signal, onIteration }));
    expect([status, value.reason, told]).toEqual(['cancelled', 'cancelled', [1, 2]]);
    expect(value.history).toHaveLength(3);
  });

  it('costs one gradient where the start is critical already, and says where it is not finite', async () => {
    const objective = quadraticObjective(Float64Array.of(1, -2, 3));
    const there = await run(objective, new Float64Array(3), optionsOf(id));
    expect(there.stats).toMatchObject({ products: 0, gradients: 1, losses: 0 });
    expect([there.status, there.value.iterations, there.value.history]).toEqual(['converged', 0, [0]]);
    const nowhere = await run(objective, Float64Array.of(1, Number.NaN, 0), optionsOf(id));
    expect([nowhere.status, nowhere.value.reason]).toEqual(['notFinite', 'notFinite']);
  });

  it('in float32 comes to the floor of its rounding and ends', async () => {
    const objective = leastSquaresObjective(problem, hostFloat32Space);
    const { value, status } = await run(objective, Float32Array.from(start), optionsOf(id, { tolerance: 1e-30 }));
    expect(value.gradientNormSquared).toBeLessThan(1e-10);
    expect(['converged', 'stagnated', 'budgetSpent']).toContain(status);
  });

  it('is the same for the same random numbers', async () => {
    const objective = leastSquaresObjective(problem, hostFloat64Space);
    const [first, second] = [await run(objective, start, optionsOf(id)), await run(objective, start, optionsOf(id))];
    expect(first.value).toEqual(second.value);
  });
});
