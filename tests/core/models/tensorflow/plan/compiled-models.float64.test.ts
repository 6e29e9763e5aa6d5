import '../../../../support/float64-realm-first.ts';

import { beforeAll, describe, expect, test } from 'vitest';
import type { HostVector } from '../../../../../core/linalg/vector-space.ts';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../../core/models/tensorflow/theta.ts';
import type { Linearization, Objective } from '../../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { datasetOf } from '../model-case-problem.ts';
import { type ModelCase, modelCases, outputs, specificationOf } from '../model-cases.ts';
import { modelOfBuilt } from '../model-cases-built.ts';

beforeAll(() => useBackend('cpu'));

function problemOf(row: ModelCase) {
  const rng = randomFromSeed(11).split(row.name);
  const model = row.built
    ? modelOfBuilt(row.built, outputs)
    : modelFromSpecification(specificationOf(row), row.inputShape, rng.split('model'));
  const { loss = 'softmaxCrossEntropy', overExamples = 'mean', mode = 'inference' } = row;
  const options = { model, data: datasetOf(row), loss, overExamples, mode, space: 'host' } as const;
  const compiled = tensorflowObjective(options);
  const walked = tensorflowObjective({ ...options, products: 'tape' });
  const { space } = compiled;
  const draw = (name: string) => space.random(rng.split(name), 'normal');
  const start = space.fromHost(initialTheta(model));
  const near = (name: string) => space.addScaled(space.copy(start), 0.05, draw(name));
  const u = { rows: 12, columns: 3, data: rng.split('u').fill(new Float64Array(36), 'normal') };
  return { compiled, walked, elsewhere: near('elsewhere'), here: near('here'), v: draw('v'), u };
}

/** Everything that a linearisation gives, as numbers. */
async function products(
  at: Linearization<HostVector>,
  v: HostVector,
  u: Parameters<NonNullable<typeof at.jacobianTransposeProduct>>[0],
) {
  return {
    loss: Float64Array.of(at.loss),
    gradient: at.gradient,
    hessian: await at.hessianProduct(v),
    gaussNewton: await at.gaussNewtonProduct!(v),
    jacobian: (await at.jacobianProduct!(v)).data,
    jacobianTranspose: await at.jacobianTransposeProduct!(u),
  };
}

function deviation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [difference, most] = [0, 1e-300];
  for (let i = 0; i < other.length; i++) {
    difference = Math.max(difference, Math.abs(one[i]! - other[i]!));
    most = Math.max(most, Math.abs(other[i]!));
  }
  return one.length === other.length ? difference / most : Number.POSITIVE_INFINITY;
}

describe.each(modelCases)('$name', (row) => {
  test('programs made at one point are the walker at another', async () => {
    const { compiled, walked, elsewhere, here, v, u } = problemOf(row);
    const traced = await compiled.linearize(elsewhere);
    await products(traced, elsewhere, u);
    traced.dispose();
    const [fast, slow] = [await compiled.linearize(here), await walked.linearize(here)];
    const [found, twin] = [await products(fast, v, u), await products(slow, v, u)];
    for (const name of Object.keys(twin) as (keyof typeof twin)[])
      expect(deviation(found[name], twin[name]), name).toBeLessThan(1e-12);
    const { blocks } = compiled.layout;
    const some = blocks.filter((_, i) => i % 2 === 0);
    const names = some.map((block) => block.name);
    const part = some.flatMap((block) => [...v.subarray(block.offset, block.offset + block.size)]);
    const embedded = compiled.space.zeros();
    for (const { offset, size } of some) embedded.set(v.subarray(offset, offset + size), offset);
    const whole = await slow.hessianProduct(embedded);
    const expected = some.flatMap((block) => [...whole.subarray(block.offset, block.offset + block.size)]);
    for (const at of [fast, slow]) {
      const found = await at.blockHessianProduct!(names, Float64Array.from(part));
      expect(deviation(found, expected)).toBeLessThan(1e-12);
    }
    for (const objective of [compiled, walked] as Objective<HostVector>[]) {
      await objective.gradient(elsewhere);
      const again = await objective.gradient(here);
      expect(deviation(again.gradient, twin.gradient)).toBeLessThan(1e-12);
      expect(Math.abs(again.loss - slow.loss)).toBeLessThan(1e-12 * Math.max(1, Math.abs(slow.loss)));
    }
    fast.dispose();
    slow.dispose();
    compiled.dispose();
    walked.dispose();
  });
});
