import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../core/linalg/spaces/host-arena.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { shardedObjective } from '../../../core/objective/sharded.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import type { Random } from '../../../core/random/random.ts';
import {
  denseTwin,
  type LeastSquares,
  leastSquaresObjective,
  randomLeastSquares,
  timesDense,
} from '../../support/least-squares.ts';

function near(got: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(got.length).toBe(expected.length);
  const size = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - expected[i]!)).toBeLessThan(1e-12 * size);
}

/** The problem on consecutive pieces of its examples. */
function piecesOf(problem: LeastSquares, sizes: readonly number[]): LeastSquares[] {
  let end = 0;
  return sizes.map((examples) => {
    const start = end;
    end += examples;
    const { a, y, dim } = problem;
    return { ...problem, examples, a: a.slice(start * dim, end * dim), y: y.slice(start, end) };
  });
}

type Shard = Objective<Float64Array>;
const shardsOf = (problem: LeastSquares, sizes: readonly number[]): Shard[] =>
  piecesOf(problem, sizes).map((piece) => leastSquaresObjective(piece, hostFloat64Space));

/** Answers later, and not in the order of the questions. */
function late(shard: Shard, rng: Random): Shard {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 3 * rng.uniform()));
  return {
    ...shard,
    async gradient(theta, batch) {
      await wait();
      return shard.gradient(theta, batch);
    },
    async linearize(theta, batch) {
      const inner = await shard.linearize(theta, batch);
      return {
        ...inner,
        async hessianProduct(v) {
          await wait();
          return inner.hessianProduct(v);
        },
      };
    },
  };
}

const cases = fc.record({
  seed: fc.nat(),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  dim: fc.integer({ min: 1, max: 7 }),
  over: fc.constantFrom('mean' as const, 'sum' as const),
  picks: fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 12 }), { nil: undefined }),
});

const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);

describe('sharded objective', () => {
  hostFloat64Space(1);
  const before = hostArena().bytesInUse;
  afterAll(() => expect(hostArena().bytesInUse).toBe(before));

  it('has the loss, gradient and products of the whole, and of any batch: dense twin, penalty included', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, sizes, dim, over, picks }) => {
        const rng = randomFromSeed(seed);
        const examples = total(sizes);
        const problem = randomLeastSquares(rng, examples, dim, { over });
        const objective = shardedObjective(shardsOf(problem, sizes));
        const { space } = objective;
        const batch = picks && Int32Array.from(picks, (pick) => pick % examples);
        const n = batch?.length ?? examples;
        const [theta, v] = [space.random(rng, 'normal'), space.random(rng, 'normal')];
        const twin = denseTwin(problem, theta, batch);
        const value = await objective.gradient(theta, batch);
        near([value.loss], [twin.loss]);
        near(value.gradient, twin.gradient);
        const linearization = await objective.linearize(theta, batch);
        near([linearization.loss], [twin.loss]);
        near(linearization.gradient, twin.gradient);
        expect(linearization.exact).toBe(true);
        const hv = await linearization.hessianProduct(v);
        const exact = timesDense(twin.hessian, v);
        near(hv, exact);
        const gv = await linearization.gaussNewtonProduct!(v);
        near(
          gv,
          exact.map((entry, j) => entry - problem.penalty * v[j]!),
        );
        near((await linearization.jacobianProduct!(v)).data, timesDense(twin.jacobian, v));
        const u = { rows: n, columns: 1, data: rng.fill(new Float64Array(n), 'normal') };
        const jtu = await linearization.jacobianTransposeProduct!(u);
        const transposed = twin.gradient.map((_, j) => twin.jacobian.map((row) => row[j]!));
        near(jtu, timesDense(transposed, u.data));
        linearization.dispose();
        const steps = [-1, 0, 0.5];
        const line = { rows: 3, columns: 1, data: Float64Array.from(steps) };
        const moved = steps.map((c) => theta.map((entry, j) => entry + c * v[j]!));
        near(
          await objective.losses(theta, [v], line, batch),
          moved.map((point) => denseTwin(problem, point, batch).loss),
        );
        space.release(theta, v, value.gradient, hv, gv, jtu);
      }),
    );
  });

  it('evaluates as the whole does, rows in the order that was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, sizes, dim, over, picks }) => {
        const rng = randomFromSeed(seed);
        const examples = total(sizes);
        const problem = randomLeastSquares(rng, examples, dim, { over });
        const whole = leastSquaresObjective(problem, hostFloat64Space);
        const theta = whole.space.random(rng, 'normal');
        const batch = picks && Int32Array.from(picks, (pick) => pick % examples);
        const ask = { perExample: true, outputs: true, ...(batch && { batch }) };
        const objective = shardedObjective(shardsOf(problem, sizes));
        const [got, expected] = [await objective.evaluate(theta, ask), await whole.evaluate(theta, ask)];
        near([got.loss, got.standardError, got.error!], [expected.loss, expected.standardError, expected.error!]);
        expect(got.perExample).toEqual(expected.perExample);
        expect(got.outputs).toEqual(expected.outputs);
        expect(Object.keys(await objective.evaluate(theta)).sort()).toEqual(['error', 'loss', 'standardError']);
        whole.space.release(theta);
      }),
    );
  });

  it('adds in the order of the shards, whichever answers first: the same bits', async () => {
    const rng = randomFromSeed(11);
    const problem = randomLeastSquares(rng, 40, 6);
    const sizes = [13, 9, 11, 7];
    const prompt = shardedObjective(shardsOf(problem, sizes));
    const slow = shardedObjective(shardsOf(problem, sizes).map((shard) => late(shard, rng)));
    const { space } = prompt;
    const theta = space.random(rng, 'normal');
    const there = await prompt.linearize(theta);
    const expected = await there.hessianProduct(theta);
    for (let repeat = 0; repeat < 10; repeat++) {
      const linearization = await slow.linearize(theta);
      const product = await linearization.hessianProduct(theta);
      expect(product).toEqual(expected);
      linearization.dispose();
      space.release(product);
    }
    there.dispose();
    space.release(theta, expected);
  });

  it('asks all shards before the first has answered', async () => {
    const rng = randomFromSeed(12);
    let [asked, most] = [0, 0];
    const shards = shardsOf(randomLeastSquares(rng, 9, 3), [3, 3, 3]).map(
      (shard): Shard => ({
        ...shard,
        async gradient(theta, batch) {
          most = Math.max(most, ++asked);
          await new Promise((resolve) => setTimeout(resolve, 5));
          asked--;
          return shard.gradient(theta, batch);
        },
      }),
    );
    const objective = shardedObjective(shards);
    const theta = objective.space.zeros();
    objective.space.release(theta, (await objective.gradient(theta)).gradient);
    expect(most).toBe(3);
  });

  it('asks only the shards that a batch falls into, and no penalty twice where there is none', async () => {
    const rng = randomFromSeed(13);
    const problem = randomLeastSquares(rng, 9, 3, { over: 'sum', penalty: 0 });
    const asked: string[] = [];
    const shards = shardsOf(problem, [3, 3, 3]).map(
      (shard, k): Shard => ({
        ...shard,
        gradient(theta, batch) {
          asked.push(`${k}: ${batch ?? 'all'}`);
          return shard.gradient(theta, batch);
        },
      }),
    );
    const objective = shardedObjective(shards, { penalized: false });
    const theta = objective.space.random(rng, 'normal');
    const batch = Int32Array.of(8, 0, 7, 8);
    const { loss, gradient } = await objective.gradient(theta, batch);
    near([loss], [denseTwin(problem, theta, batch).loss]);
    expect(asked).toEqual(['0: 0', '2: 2,1,2']);
    objective.space.release(theta, gradient);
  });

  it('throws the first failure once all have answered, and frees what the others made', async () => {
    const rng = randomFromSeed(14);
    const [one, two, three] = shardsOf(randomLeastSquares(rng, 9, 3), [3, 3, 3]);
    const failing: Shard = {
      ...two!,
      gradient: () => {
        throw new BadInput('The thread has ended.', 'Try again.');
      },
      async linearize(theta, batch) {
        const inner = await two!.linearize(theta, batch);
        return { ...inner, hessianProduct: () => Promise.reject(new Error('lost')) };
      },
    };
    const objective = shardedObjective([one!, failing, late(three!, rng)]);
    const { space } = objective;
    const theta = space.random(rng, 'normal');
    const inUse = hostArena().bytesInUse;
    await expect(objective.gradient(theta)).rejects.toThrow('The thread has ended.');
    expect(hostArena().bytesInUse).toBe(inUse);
    const linearization = await objective.linearize(theta);
    const held = hostArena().bytesInUse;
    await expect(linearization.hessianProduct(theta)).rejects.toThrow('lost');
    expect(hostArena().bytesInUse).toBe(held);
    linearization.dispose();
    expect(hostArena().bytesInUse).toBe(inUse);
    space.release(theta);
  });

  it('passes on that one shard is not exact, and does not promise products that one lacks', async () => {
    const rng = randomFromSeed(15);
    const [one, two] = shardsOf(randomLeastSquares(rng, 6, 3), [3, 3]);
    const differences: Shard = {
      ...two!,
      async linearize(theta, batch) {
        const { gaussNewtonProduct: _, ...rest } = await two!.linearize(theta, batch);
        return { ...rest, exact: false, inexactReason: 'differences' };
      },
    };
    const theta = one!.space.random(rng, 'normal');
    const linearization = await shardedObjective([one!, differences]).linearize(theta);
    expect([linearization.exact, linearization.inexactReason]).toEqual([false, 'differences']);
    expect(linearization.gaussNewtonProduct).toBeUndefined();
    linearization.dispose();
    one!.space.release(theta);
  });

  it('refuses a loss that is no sum over examples, and batches that it does not have', async () => {
    const shards = shardsOf(randomLeastSquares(randomFromSeed(16), 4, 2), [2, 2]);
    const none = shards.map((shard) => ({
      ...shard,
      convention: { ...shard.convention, overExamples: 'none' as const },
    }));
    expect(() => shardedObjective(none)).toThrow(BadInput);
    const objective = shardedObjective(shards);
    const theta = objective.space.zeros();
    for (const batch of [[], [4], [-1]])
      await expect(objective.gradient(theta, Int32Array.from(batch))).rejects.toThrow(RangeError);
    objective.space.release(theta);
  });
});
