import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../core/data/dataset.ts';
import { exampleRange } from '../../../core/data/subset.ts';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { mlpObjective } from '../../../core/models/closed-form/mlp.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import { miniBatched } from '../../../core/objective/mini-batched.ts';
import type { Objective, PointEvaluations } from '../../../core/objective/objective.ts';
import { pointEvaluations } from '../../../core/objective/point-evaluations.ts';
import { restrictedObjective } from '../../../core/objective/restricted.ts';
import { eachPoint } from '../../../core/objective/separate-points.ts';
import { shardedObjective } from '../../../core/objective/sharded.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { chainProblem } from '../../support/dense-chain.ts';

const everything = { errors: true, standardErrors: true, classLosses: true };
const rng = randomFromSeed(5);
const points = 5;

function problemOf(over: 'mean' | 'sum') {
  const { model, objective, theta, data } = chainProblem('tanh', 'softmaxCrossEntropy', over, [4, 5, 3]);
  const directions = [theta, theta].map((like) => rng.fill(new Float64Array(like.length), 'normal'));
  const plane = { rows: points, columns: 2, data: rng.fill(new Float64Array(2 * points), 'normal') };
  return { model, objective, theta, data, directions, plane };
}

function near(found: ArrayLike<number> | null | undefined, wanted: ArrayLike<number> | null | undefined): void {
  expect(found?.length).toBe(wanted?.length);
  for (let i = 0; i < (wanted?.length ?? 0); i++) {
    // A class without examples.
    if (Number.isNaN(wanted![i])) expect(found![i]).toBeNaN();
    else expect(found![i]).toBeCloseTo(wanted![i]!, 11);
  }
}

function same(found: PointEvaluations, wanted: PointEvaluations): void {
  near(found.losses, wanted.losses);
  near(found.errors, wanted.errors);
  near(found.standardErrors, wanted.standardErrors);
  near(found.classLosses?.data, wanted.classLosses?.data);
  expect(found.classCounts).toEqual(wanted.classCounts);
}

const withoutShortcut = <V>({ evaluations: _, ...rest }: Objective<V>): Objective<V> => rest;

describe.each(['mean', 'sum'] as const)('evaluations of points, %s over examples', (over) => {
  const { model, objective, theta, data, directions, plane } = problemOf(over);
  const all = (of: Objective<Float64Array>, batch?: Int32Array) =>
    pointEvaluations(of, theta, directions, plane, everything, batch);

  test('without a shortcut they are those of `evaluate`; losses by class are not known', async () => {
    const found = await all(withoutShortcut(objective));
    const { classLosses, classCounts: _, ...wanted } = await all(objective);
    expect(classLosses!.rows).toBe(points);
    same(found, { ...wanted, classLosses: null });
    const { losses } = await pointEvaluations(objective, theta, directions, plane, {});
    near(losses, await objective.losses(theta, directions, plane));
  });

  test.each([1, 2, 3, 100])('mini-batches of %d are the whole', async (size) => {
    same(await all(miniBatched(objective, size)), await all(objective));
    const batch = Int32Array.of(0, 2, 2, 5, 1);
    same(await all(miniBatched(objective, size), batch), await all(objective, batch));
  });

  test('shards are the whole, and so is a batch over them', async () => {
    const set = data as Dataset;
    const bounds = [0, 1, 4, set.examples];
    const shards = bounds.slice(1).map((to, k) =>
      mlpObjective(model, {
        data: exampleRange(set, bounds[k]!, to),
        loss: 'softmaxCrossEntropy',
        overExamples: over,
      }),
    );
    const sharded = shardedObjective(shards);
    same(await all(sharded), await all(objective));
    const batch = Int32Array.of(6, 0, 3, 0);
    same(await all(sharded, batch), await all(objective, batch));
    expect(shardedObjective([shards[0]!, withoutShortcut(shards[1]!)]).evaluations).toBeUndefined();
    sharded.dispose();
  });

  test('a restriction and a breathing objective pass them on', async () => {
    same(await all(breathingObjective(objective, async () => {})), await all(objective));
    const names = objective.layout.blocks.map(({ name }) => name);
    same(await all(await restrictedObjective(objective, names, theta, hostFloat64Space)), await all(objective));
    const only = await restrictedObjective(objective, names.slice(0, 1), theta, hostFloat64Space);
    const { size } = objective.layout.blocks[0]!;
    const short = directions.map((direction) => direction.slice(0, size));
    const long = short.map((direction) => {
      const padded = new Float64Array(theta.length);
      padded.set(direction);
      return padded;
    });
    same(
      await only.evaluations!(theta.slice(0, size), short, plane, everything),
      await objective.evaluations!(theta, long, plane, everything),
    );
  });

  test('points one by one are the points of one call', async () => {
    const none = { rows: 1, columns: 0, data: new Float64Array(0) };
    const found = await eachPoint(objective.space, theta, directions, plane, (point) =>
      objective.evaluations!(point, [], none, everything),
    );
    same(found, await all(objective));
  });
});
