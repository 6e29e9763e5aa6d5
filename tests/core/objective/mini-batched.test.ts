import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../core/linalg/spaces/host-arena.ts';
import { counted } from '../../../core/objective/counted.ts';
import { miniBatched } from '../../../core/objective/mini-batched.ts';
import { consecutiveBatches, epochBatches } from '../../../core/objective/mini-batched-keys.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { denseTwin, leastSquaresObjective, randomLeastSquares, timesDense } from '../../support/least-squares.ts';

function near(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-11) {
  expect(got.length).toBe(expected.length);
  const size = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - expected[i]!)).toBeLessThan(tolerance * size);
}

const cases = fc.record({
  seed: fc.nat(),
  examples: fc.integer({ min: 1, max: 25 }),
  dim: fc.integer({ min: 1, max: 7 }),
  batchSize: fc.integer({ min: 1, max: 30 }),
  held: fc.nat(4),
  over: fc.constantFrom('mean' as const, 'sum' as const),
});

describe('mini-batched objective', () => {
  const inUse = () => hostArena().bytesInUse;
  hostFloat64Space(1);
  const before = inUse();
  afterAll(() => expect(inUse()).toBe(before));

  it('has the loss, gradient and products of the whole: dense twin, penalty included, mean and sum', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, examples, dim, batchSize, held, over }) => {
        const rng = randomFromSeed(seed);
        const problem = randomLeastSquares(rng, examples, dim, { over });
        const objective = miniBatched(leastSquaresObjective(problem, hostFloat64Space), batchSize, held);
        const { space } = objective;
        const [theta, v] = [space.random(rng, 'normal'), space.random(rng, 'normal')];
        const twin = denseTwin(problem, theta);
        const value = await objective.gradient(theta);
        near([value.loss], [twin.loss]);
        near(value.gradient, twin.gradient);
        const linearization = await objective.linearize(theta);
        const thetaThen = theta.slice();
        theta.fill(0); // a linearization belongs to its point, whatever becomes of the vector
        near([linearization.loss], [twin.loss]);
        near(linearization.gradient, twin.gradient);
        const hv = await linearization.hessianProduct(v);
        near(hv, timesDense(twin.hessian, v));
        const gv = await linearization.gaussNewtonProduct!(v);
        near(
          gv,
          timesDense(twin.hessian, v).map((value, j) => value - problem.penalty * v[j]!),
        );
        const jv = await linearization.jacobianProduct!(v);
        near(jv.data, timesDense(twin.jacobian, v));
        const u = { rows: examples, columns: 1, data: rng.fill(new Float64Array(examples), 'normal') };
        const transposed = twin.gradient.map((_, j) => twin.jacobian.map((row) => row[j]!));
        const jtu = await linearization.jacobianTransposeProduct!(u);
        near(jtu, timesDense(transposed, u.data));
        linearization.dispose();
        theta.set(thetaThen);
        const coefficients = { rows: 3, columns: 1, data: Float64Array.of(-1, 0, 0.5) };
        const losses = await objective.losses(theta, [v], coefficients);
        const moved = [-1, 0, 0.5].map(
          (c) =>
            denseTwin(
              problem,
              theta.map((value, j) => value + c * v[j]!),
            ).loss,
        );
        near(losses, moved);
        space.release(theta, v, value.gradient, hv, gv, jtu);
      }),
    );
  });

  it('evaluates as the whole does: loss, standard error, error, per-example losses, outputs', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, examples, dim, batchSize, over }) => {
        const rng = randomFromSeed(seed);
        const whole = leastSquaresObjective(randomLeastSquares(rng, examples, dim, { over }), hostFloat64Space);
        const objective = miniBatched(whole, batchSize);
        const theta = whole.space.random(rng, 'normal');
        const ask = { perExample: true, outputs: true };
        const [got, expected] = [await objective.evaluate(theta, ask), await whole.evaluate(theta, ask)];
        near([got.loss, got.standardError, got.error!], [expected.loss, expected.standardError, expected.error!]);
        expect(got.perExample).toEqual(expected.perExample);
        expect(got.outputs).toEqual(expected.outputs);
        const bare = await objective.evaluate(theta);
        expect(Object.keys(bare).sort()).toEqual(['error', 'loss', 'standardError']);
        whole.space.release(theta);
      }),
    );
  });

  it('takes a batch key apart in the same way', async () => {
    const rng = randomFromSeed(3);
    const problem = randomLeastSquares(rng, 20, 4);
    const objective = miniBatched(leastSquaresObjective(problem, hostFloat64Space), 3);
    const theta = objective.space.random(rng, 'normal');
    const batch = Int32Array.of(3, 3, 19, 0, 7, 1, 4);
    const { loss, gradient } = await objective.gradient(theta, batch);
    const twin = denseTwin(problem, theta, batch);
    near([loss], [twin.loss]);
    near(gradient, twin.gradient);
    const linearization = await objective.linearize(theta, batch);
    const product = await linearization.hessianProduct(theta);
    near(product, timesDense(twin.hessian, theta));
    linearization.dispose();
    objective.space.release(theta, gradient, product);
  });

  it('never asks for more examples than the batch size at once', async () => {
    const rng = randomFromSeed(4);
    const whole = leastSquaresObjective(randomLeastSquares(rng, 23, 4, { over: 'sum' }), hostFloat64Space);
    const sizes: number[] = [];
    const objective = miniBatched(
      {
        ...whole,
        linearize(theta, batch) {
          sizes.push(batch!.length);
          return whole.linearize(theta, batch);
        },
      },
      5,
    );
    const theta = whole.space.random(rng, 'normal');
    const linearization = await objective.linearize(theta);
    const product = await linearization.hessianProduct(theta);
    expect(sizes).toEqual([5, 5, 5, 5, 3, 1, 2, 5, 5, 5, 5, 3, 1, 2]);
    linearization.dispose();
    whole.space.release(theta, product);
  });

  it('costs a gradient and a product a batch, and no further gradients where linearizations are held', async () => {
    const rng = randomFromSeed(5);
    const inner = counted(leastSquaresObjective(randomLeastSquares(rng, 12, 4), hostFloat64Space));
    const theta = inner.space.random(rng, 'normal');
    for (const [held, gradients] of [
      [0, 4 + 2 * 4],
      [3, 4 + 2 * 1],
      [9, 4],
    ] as const) {
      inner.reset();
      const linearization = await miniBatched(inner, 3, held).linearize(theta);
      inner.space.release(await linearization.hessianProduct(theta), await linearization.hessianProduct(theta));
      linearization.dispose();
      expect(inner.counts).toEqual({ products: 8, gradients, losses: 0 });
    }
    inner.space.release(theta);
  });

  it('refuses a loss that is no sum over examples, and useless batch sizes', () => {
    const whole = leastSquaresObjective(randomLeastSquares(randomFromSeed(6), 4, 2), hostFloat64Space);
    const none = { ...whole, convention: { ...whole.convention, overExamples: 'none' as const } };
    expect(() => miniBatched(none, 2)).toThrow(BadInput);
    expect(miniBatched(none, 4).batches.length).toBe(1);
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => miniBatched(whole, size)).toThrow(BadInput);
  });
});

describe('batches of an epoch', () => {
  it('are a partition with one ragged batch at most, the last', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 50 }), fc.nat(), fc.nat(), (examples, size, seed, epoch) => {
        const batches = epochBatches(examples, size, randomFromSeed(seed), epoch);
        expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...Array(examples).keys()]);
        batches.forEach((batch, i) => {
          const ragged = examples % size || size;
          expect(batch.length).toBe(i < batches.length - 1 ? size : ragged);
        });
      }),
    );
  });

  it('depend on the stream and the epoch only, not on what was drawn', () => {
    const rng = randomFromSeed(7);
    const first = epochBatches(30, 7, rng, 4);
    rng.permutation(100);
    expect(epochBatches(30, 7, rng, 4)).toEqual(first);
    expect(epochBatches(30, 7, rng, 5)).not.toEqual(first);
    expect(epochBatches(30, 7, randomFromSeed(8), 4)).not.toEqual(first);
  });

  it('place every example everywhere equally often', () => {
    const rng = randomFromSeed(9);
    const counts = new Float64Array(16);
    const epochs = 4000;
    for (let epoch = 0; epoch < epochs; epoch++) {
      epochBatches(4, 3, rng, epoch)
        .flatMap((batch) => [...batch])
        .forEach((example, place) => {
          counts[4 * place + example]!++;
        });
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - epochs / 4) ** 2 / (epochs / 4), 0);
    expect(chiSquare).toBeLessThan(28); // 9 degrees of freedom, probability 0.001
  });

  it('consecutive batches keep the order of a key', () => {
    expect(consecutiveBatches(Int32Array.of(5, 1, 1, 2, 9), 2)).toEqual([
      Int32Array.of(5, 1),
      Int32Array.of(1, 2),
      Int32Array.of(9),
    ]);
    expect(consecutiveBatches(new Int32Array(0), 2)).toEqual([]);
  });
});
