import { describe, expect, it } from 'vitest';
import { denseMatrix } from '../../../core/linalg/dense/dense-symmetric.ts';
import type { LinearOperator } from '../../../core/linalg/linear-operator.ts';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import { counted } from '../../../core/objective/counted.ts';
import { curvatureOperator } from '../../../core/objective/curvature/curvature-operator.ts';
import { createGate, Stopped } from '../../../core/objective/gate.ts';
import { miniBatched } from '../../../core/objective/mini-batched.ts';
import { recalibrated } from '../../../core/objective/recalibrated.ts';
import { restrictedObjective } from '../../../core/objective/restricted.ts';
import { stoppingObjective } from '../../../core/objective/stopping.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { chainProblem } from '../../support/dense-chain.ts';
import { leastSquaresObjective, randomLeastSquares } from '../../support/least-squares.ts';
import { largestDifference, unitVector } from '../../support/vectors.ts';

const { objective: plain, theta } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
const p = theta.length;

describe('columns of the Hessian through what wraps an objective', () => {
  it('are counted, a product each, and breathed after once a call', async () => {
    let turns = 0;
    const objective = counted(breathingObjective(plain, async () => void turns++, -1));
    const at = await objective.linearize(theta);
    const columns = await at.hessianColumns!(3, 10);
    expect(columns).toEqual(await (await plain.linearize(theta)).hessianColumns!(3, 10));
    expect([objective.counts.products, turns]).toEqual([7, 2]);
  });

  it('end at the gate once they are no longer wanted', async () => {
    const signal = { aborted: false };
    const gate = createGate(async () => {});
    gate.watch(signal);
    const at = await stoppingObjective(plain, gate).linearize(theta);
    await at.hessianColumns!(0, 2);
    signal.aborted = true;
    await expect(at.hessianColumns!(0, 2)).rejects.toThrow(Stopped);
  });

  it('settle the point again where the statistics are those of another one', async () => {
    const settled: Float64Array[] = [];
    const objective = recalibrated(plain, async (point) => void settled.push(point), theta);
    const at = await objective.linearize(theta);
    await objective.evaluate(theta);
    await at.hessianColumns!(0, 2);
    expect(settled).toHaveLength(3);
  });

  it('of some blocks are a diagonal block of the whole, in the restricted objective and the operator of blocks', async () => {
    const blocks = plain.layout.blocks.filter((_, i) => i !== 1).map(({ name }) => name);
    const restricted = await restrictedObjective(plain, blocks, theta, hostFloat64Space);
    const { dim } = restricted.space;
    const kept = plain.layout.blocks
      .filter(({ name }) => blocks.includes(name))
      .flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i));
    const linearization = await plain.linearize(theta);
    const whole = await linearization.hessianColumns!(0, p);
    const part = kept.map((i) => theta[i]!);
    const inner = await restricted.linearize(Float64Array.from(part));
    const { operator } = await curvatureOperator(
      { objective: plain, theta, linearization },
      { kind: 'hessian', blocks },
    );
    for (const [from, to] of [
      [0, dim],
      [18, 27],
    ] as const) {
      const expected = kept.slice(from, to).flatMap((j) => kept.map((i) => whole[j * p + i]!));
      expect(Array.from(await inner.hessianColumns!(from, to))).toEqual(expected);
      expect(Array.from(await operator.columns!(from, to))).toEqual(expected);
    }
  });

  it('of batches that are held add up to those of the whole', async () => {
    const whole = await (await plain.linearize(theta)).hessianColumns!(0, p);
    const at = await miniBatched(plain, 3, 3).linearize(theta);
    expect(largestDifference(await at.hessianColumns!(0, p), whole)).toBeLessThan(1e-15);
    expect((await miniBatched(plain, 3, 1).linearize(theta)).hessianColumns).toBeUndefined();
  });

  it('are not offered where the objective inside has none', async () => {
    const bare = leastSquaresObjective(randomLeastSquares(randomFromSeed(1), 12, 5), hostFloat64Space);
    const at = await counted(bare).linearize(bare.space.zeros());
    expect('hessianColumns' in at).toBe(false);
  });
});

describe('the dense matrix by columns', () => {
  /** The identity, of which a column takes `ms`. */
  function slow(dim: number, ms: number): { operator: LinearOperator<Float64Array>; calls: number[] } {
    const calls: number[] = [];
    const space = hostFloat64Space(dim);
    const columns = async (from: number, to: number) => {
      calls.push(to - from);
      const until = performance.now() + ms * (to - from);
      while (performance.now() < until);
      await new Promise((resolve) => setImmediate(resolve));
      const data = new Float64Array((to - from) * dim);
      for (let j = from; j < to; j++) data.set(unitVector(dim, j), (j - from) * dim);
      return data;
    };
    const apply = async (v: Float64Array) => space.copy(v);
    return { operator: { space, symmetric: true, positiveSemidefinite: true, apply, columns }, calls };
  }

  it('asks for more at once as long as that takes little time', async () => {
    const { operator, calls } = slow(200, 0);
    const { value, stats } = await denseMatrix(operator);
    expect(calls.reduce((sum, size) => sum + size, 0)).toBe(200);
    expect(calls.length).toBeLessThan(20);
    expect(stats.products).toBe(200);
    expect(value.matrix.data.every((x, at) => x === (at % 201 === 0 ? 1 : 0))).toBe(true);
  });

  it('ends within a quarter of a second of the signal, where a column takes 10 ms', async () => {
    const { operator, calls } = slow(400, 10);
    const signal = { aborted: false };
    let aborted = Number.NaN;
    setTimeout(() => {
      signal.aborted = true;
      aborted = performance.now();
    }, 200);
    const { status, stats } = await denseMatrix(operator, { signal });
    expect(status).toBe('cancelled');
    expect(performance.now() - aborted).toBeLessThan(250);
    expect(Math.max(...calls)).toBeLessThanOrEqual(4);
    expect(stats.products).toBe(calls.reduce((sum, size) => sum + size, 0));
  });
});
