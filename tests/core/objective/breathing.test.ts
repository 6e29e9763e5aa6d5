import { describe, expect, it } from 'vitest';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { leastSquaresObjective, randomLeastSquares } from '../../support/least-squares.ts';

const rng = randomFromSeed(1);
const plain = leastSquaresObjective(randomLeastSquares(rng, 12, 5), hostFloat64Space);
const theta = plain.space.random(rng, 'normal');
const coefficients = { rows: 3, columns: 1, data: Float64Array.of(0, 0.5, 1) };

describe('breathing objective', () => {
  it('breathes after every piece of work that ends later than the interval', async () => {
    let turns = 0;
    const objective = breathingObjective(plain, async () => void turns++, -1);
    await objective.evaluate(theta);
    await objective.gradient(theta);
    await objective.losses(theta, [theta], coefficients);
    const linearization = await objective.linearize(theta);
    expect(turns).toBe(4);
    await linearization.hessianProduct(theta);
    await linearization.gaussNewtonProduct!(theta);
    await linearization.jacobianTransposeProduct!(await linearization.jacobianProduct!(theta));
    expect(turns).toBe(8);
  });

  it('lets timers run between products of an engine that never waits, and no oftener than the interval', async () => {
    let turns = 0;
    const turn = () =>
      new Promise<void>((resolve) => {
        turns++;
        setImmediate(resolve);
      });
    const busy = breathingObjective(
      {
        ...plain,
        async evaluate(at) {
          const until = performance.now() + 1;
          while (performance.now() < until);
          return plain.evaluate(at);
        },
      },
      turn,
      10,
    );
    let fired = Number.NaN;
    const began = performance.now();
    setTimeout(() => {
      fired = performance.now() - began;
    }, 20);
    let calls = 0;
    for (; performance.now() - began < 150; calls++) await busy.evaluate(theta);
    expect(fired).toBeLessThan(150);
    expect(turns).toBeGreaterThan(1);
    expect(turns).toBeLessThanOrEqual(15);
    expect(calls).toBeGreaterThan(turns);
  });

  it('changes no number and offers only the products that the objective inside has', async () => {
    const objective = breathingObjective(plain, async () => {}, -1);
    expect(await objective.evaluate(theta, { perExample: true })).toEqual(
      await plain.evaluate(theta, { perExample: true }),
    );
    expect(await objective.losses(theta, [theta], coefficients)).toEqual(
      await plain.losses(theta, [theta], coefficients),
    );
    const [mine, its] = [await objective.linearize(theta), await plain.linearize(theta)];
    expect(mine.gradient).toEqual(its.gradient);
    expect(await mine.hessianProduct(theta)).toEqual(await its.hessianProduct(theta));
    const bare = breathingObjective(
      {
        ...plain,
        async linearize(at) {
          const { loss, gradient, hessianProduct, dispose } = await plain.linearize(at);
          return { loss, gradient, exact: false, inexactReason: 'differences', hessianProduct, dispose };
        },
      },
      async () => {},
    );
    const linearization = await bare.linearize(theta);
    expect(linearization.gaussNewtonProduct).toBeUndefined();
    expect(linearization.inexactReason).toBe('differences');
    expect(bare.withData).toBeUndefined();
  });
});
