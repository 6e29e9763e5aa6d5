import { describe, expect, it } from 'vitest';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { counted } from '../../../core/objective/counted.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { leastSquaresObjective, randomLeastSquares } from '../../support/least-squares.ts';

const rng = randomFromSeed(1);
const plain = leastSquaresObjective(randomLeastSquares(rng, 12, 5), hostFloat64Space);
const theta = plain.space.random(rng, 'normal');

describe('counted objective', () => {
  it('counts each kind of work once where it is spent', async () => {
    const objective = counted(plain);
    expect(objective.counts).toEqual({ products: 0, gradients: 0, losses: 0 });
    await objective.evaluate(theta);
    expect(objective.counts).toEqual({ products: 0, gradients: 0, losses: 1 });
    const coefficients = { rows: 7, columns: 2, data: new Float64Array(14) };
    await objective.losses(theta, [theta, theta], coefficients);
    expect(objective.counts).toEqual({ products: 0, gradients: 0, losses: 8 });
    await objective.gradient(theta, Int32Array.of(1, 2));
    const linearization = await objective.linearize(theta);
    expect(objective.counts).toEqual({ products: 0, gradients: 2, losses: 8 });
    await linearization.hessianProduct(theta);
    await linearization.gaussNewtonProduct!(theta);
    const outputs = await linearization.jacobianProduct!(theta);
    await linearization.jacobianTransposeProduct!(outputs);
    expect(objective.counts).toEqual({ products: 4, gradients: 2, losses: 8 });
    const live = objective.counts;
    objective.reset();
    expect(live).toEqual({ products: 0, gradients: 0, losses: 0 });
    await linearization.hessianProduct(theta);
    expect(live.products).toBe(1);
    linearization.dispose();
  });

  it('counts the points of evaluations, where the objective inside has them', async () => {
    expect(counted(plain).evaluations).toBeUndefined();
    const found = { losses: new Float64Array(3), standardErrors: null, errors: null, classLosses: null };
    const objective = counted({ ...plain, evaluations: async () => found });
    const points = { rows: 3, columns: 1, data: new Float64Array(3) };
    expect(await objective.evaluations!(theta, [theta], points, { errors: true })).toBe(found);
    expect(objective.counts.losses).toBe(3);
  });

  it('changes no number', async () => {
    const objective = counted(plain);
    expect(await objective.evaluate(theta, { perExample: true })).toEqual(
      await plain.evaluate(theta, { perExample: true }),
    );
    const [mine, its] = [await objective.linearize(theta), await plain.linearize(theta)];
    expect(mine.gradient).toEqual(its.gradient);
    expect(await mine.hessianProduct(theta)).toEqual(await its.hessianProduct(theta));
    expect(objective.layout).toBe(plain.layout);
  });

  it('offers only the products that the objective inside has', async () => {
    const bare = counted({
      ...plain,
      async linearize(at) {
        const { loss, gradient, hessianProduct, dispose } = await plain.linearize(at);
        return { loss, gradient, exact: false, inexactReason: 'differences', hessianProduct, dispose };
      },
    });
    const linearization = await bare.linearize(theta);
    expect(linearization.gaussNewtonProduct).toBeUndefined();
    expect(linearization.jacobianProduct).toBeUndefined();
    expect(linearization.inexactReason).toBe('differences');
    expect(bare.withData).toBeUndefined();
  });

  it('adds the work on other data to the same counts, and ends the objective inside', async () => {
    let ended = 0;
    const movable = { ...plain, withData: () => plain, dispose: () => ended++ };
    const objective = counted(movable);
    const data = { name: '', examples: 0, inputShape: [1], inputs: new Float64Array(0), source: '' };
    const other = objective.withData!({ ...data, targets: { kind: 'values', width: 1, values: new Float64Array(0) } });
    await other.evaluate(theta);
    expect(objective.counts.losses).toBe(1);
    objective.dispose();
    expect(ended).toBe(1);
  });
});
