import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { chainProblem, randomDataset, targetRows } from '../../../support/dense-chain.ts';
import { largestDifference, norm, relativeError, shifted } from '../../../support/vectors.ts';

describe('batches', () => {
  const { objective, theta, v, data, model } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);

  test('a key chooses examples, repeats allowed: the same as a data set of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 9 }), async (indices) => {
        const key = Int32Array.from(indices);
        const labels = data.targets.kind === 'classes' ? data.targets.labels : new Int32Array(0);
        const chosen: Dataset = {
          ...data,
          examples: key.length,
          inputs: Float64Array.from(indices.flatMap((i) => [...data.inputs.slice(4 * i, 4 * i + 4)])),
          targets: { kind: 'classes', classes: 3, labels: key.map((i) => labels[i]!) },
        };
        const other = objective.withData!(chosen);
        const [a, b] = [await objective.linearize(theta, key), await other.linearize(theta)];
        expect(a.loss).toBe(b.loss);
        expect(largestDifference(a.gradient, b.gradient)).toBeLessThan(1e-15);
        expect(largestDifference(await a.hessianProduct(v), await b.hessianProduct(v))).toBeLessThan(1e-15);
        const [p, q] = [await objective.evaluate(theta, { batch: key }), await other.evaluate(theta)];
        expect(p).toEqual(q);
      }),
      { numRuns: 30 },
    );
  });

  test('the whole partition is one batch: the objective itself', async () => {
    expect(objective.batches).toHaveLength(1);
    expect([...objective.batches[0]!]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const copied = Int32Array.from(objective.batches[0]!);
    expect(await objective.evaluate(theta, { batch: copied })).toEqual(await objective.evaluate(theta));
  });

  test('a sum over batches is the whole sum', async () => {
    const sum = mlpObjective(model, { data, loss: 'softmaxCrossEntropy', overExamples: 'sum' });
    const parts = [Int32Array.of(6, 0, 3), Int32Array.of(1, 2, 4, 5)];
    const gradients = await Promise.all(parts.map(async (key) => (await sum.gradient(theta, key)).gradient));
    const whole = (await sum.gradient(theta)).gradient;
    expect(relativeError(shifted(gradients[0]!, 1, gradients[1]!), whole)).toBeLessThan(1e-14);
  });

  test('a key beyond the examples is refused', async () => {
    await expect(objective.gradient(theta, Int32Array.of(7))).rejects.toThrow('Example 7');
    await expect(objective.gradient(theta, Int32Array.of(-1))).rejects.toThrow('Example -1');
    await expect(objective.gradient(theta, Int32Array.of())).rejects.toThrow('without examples');
  });
});

describe('evaluations', () => {
  test('losses of examples, error and standard error follow from the outputs by their formulas', async () => {
    for (const over of ['mean', 'sum'] as const) {
      const { objective, theta, data } = chainProblem('tanh', 'softmaxCrossEntropy', over, [4, 5, 3]);
      const { loss, perExample, outputs, error, standardError } = await objective.evaluate(theta, {
        perExample: true,
        outputs: true,
      });
      const labels = data.targets.kind === 'classes' ? data.targets.labels : new Int32Array(0);
      const rows = Array.from(labels, (_, i) => [...outputs!.data.subarray(3 * i, 3 * i + 3)]);
      const losses = rows.map((f, i) => Math.log(f.map(Math.exp).reduce((a, b) => a + b)) - f[labels[i]!]!);
      expect(largestDifference(perExample!, losses)).toBeLessThan(1e-14);
      const mean = losses.reduce((a, b) => a + b) / 7;
      const variance = losses.reduce((a, b) => a + (b - mean) ** 2, 0) / 6;
      expect(loss).toBeCloseTo(over === 'mean' ? mean : 7 * mean, 13);
      expect(standardError).toBeCloseTo(Math.sqrt(variance / 7) * (over === 'mean' ? 1 : 7), 13);
      const wrong = rows.filter((f, i) => f.indexOf(Math.max(...f)) !== labels[i]).length;
      expect(error).toBe(wrong / 7);
    }
  });

  test('values as targets have no error rate; equal outputs count as the first class', async () => {
    const values = chainProblem('tanh', 'halfSquaredError', 'mean', [4, 5, 3]);
    expect((await values.objective.evaluate(values.theta)).error).toBeNull();
    const { objective, data } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 3]);
    const labels = data.targets.kind === 'classes' ? [...data.targets.labels] : [];
    const share = labels.filter((label) => label !== 0).length / labels.length;
    expect((await objective.evaluate(new Float64Array(15))).error).toBe(share);
  });

  test('classes under a squared error are one-hot values', async () => {
    const model = mlpFromWidths([4, 5, 3], 'tanh');
    const data = randomDataset(6, 4, 3, 'classes', 2);
    const values: Dataset = {
      ...data,
      targets: { kind: 'values', width: 3, values: Float64Array.from(targetRows(data).flat()) },
    };
    const theta = randomFromSeed(1).fill(new Float64Array(model.layout.dim), 'uniform');
    const [a, b] = [data, values].map((one) => mlpObjective(model, { data: one, loss: 'halfSquaredError' }));
    expect((await a!.evaluate(theta)).loss).toBe((await b!.evaluate(theta)).loss);
    expect(largestDifference((await a!.gradient(theta)).gradient, (await b!.gradient(theta)).gradient)).toBe(0);
  });

  test('outputs far apart give a large loss, not an infinite one', async () => {
    const model = mlpFromWidths([1, 2], 'linear');
    const targets = { kind: 'classes', classes: 2, labels: Int32Array.of(1) } as const;
    const data: Dataset = {
      name: 'far',
      examples: 1,
      inputShape: [1],
      inputs: Float64Array.of(1),
      targets,
      source: '',
    };
    const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
    const { loss, gradient } = await objective.gradient(Float64Array.of(5000, 0, 0, 0));
    expect(loss).toBe(5000);
    expect([...gradient]).toEqual([1, -1, 1, -1]);
  });
});

describe('input columns that are zero everywhere', () => {
  test('cost nothing and change nothing: products equal those with the columns in use', async () => {
    const model = mlpFromWidths([6, 4, 3], 'tanh');
    const dense = randomDataset(7, 6, 3, 'classes', 4);
    const inputs = Float64Array.from(dense.inputs, (x, at) => (at % 6 === 1 || at % 6 === 4 ? 0 : x));
    const theta = randomFromSeed(1).fill(new Float64Array(model.layout.dim), 'uniform');
    const v = randomFromSeed(2).fill(new Float64Array(model.layout.dim), 'normal');
    const sparse = await mlpObjective(model, { data: { ...dense, inputs }, loss: 'softmaxCrossEntropy' }).linearize(
      theta,
    );
    // The smallest number there is keeps the columns in use and drowns in every sum.
    const full = Float64Array.from(inputs, (x) => (x === 0 ? Number.MIN_VALUE : x));
    const kept = await mlpObjective(model, { data: { ...dense, inputs: full }, loss: 'softmaxCrossEntropy' }).linearize(
      theta,
    );
    expect(largestDifference(sparse.gradient, kept.gradient)).toBeLessThan(1e-16);
    expect(largestDifference(await sparse.hessianProduct(v), await kept.hessianProduct(v))).toBeLessThan(1e-15);
    expect([...sparse.gradient.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });

  test('all of them zero: only biases matter', async () => {
    const { model, data, theta } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
    const objective = mlpObjective(model, {
      data: { ...data, inputs: new Float64Array(28) },
      loss: 'softmaxCrossEntropy',
    });
    const { gradient } = await objective.gradient(theta);
    expect(norm(gradient.subarray(0, 20))).toBe(0);
    expect(norm(gradient.subarray(20))).toBeGreaterThan(0.01);
  });
});

describe('losses over directions', () => {
  test.each([
    [1, 'softmaxCrossEntropy', [4, 5, 3]],
    [2, 'softmaxCrossEntropy', [4, 5, 3]],
    [3, 'halfSquaredError', [3, 4, 5, 3]],
    [2, 'meanSquaredError', [4, 3]],
    [0, 'meanSquaredError', [4, 3]],
  ] as const)('%d directions, %s, widths %j: the losses at the points', async (count, loss, widths) => {
    const { objective, theta } = chainProblem('swish', loss, 'mean', widths);
    const rng = randomFromSeed(3);
    const directions = Array.from({ length: count }, () => rng.fill(new Float64Array(theta.length), 'normal'));
    const data = rng.fill(new Float64Array(6 * count), 'normal');
    for (const batch of [undefined, Int32Array.of(3, 3, 5)]) {
      const losses = await objective.losses(theta, directions, { rows: 6, columns: count, data }, batch);
      for (let i = 0; i < 6; i++) {
        const point = directions.reduce<Float64Array>((at, d, j) => shifted(at, data[i * count + j]!, d), theta);
        const { loss: alone } = await objective.evaluate(point, batch ? { batch } : {});
        expect(Math.abs(losses[i]! - alone)).toBeLessThan(1e-13 * alone);
      }
    }
  });

  test('errors, standard errors and losses by class are those of each point', async () => {
    const { objective, theta, data: set } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
    const rng = randomFromSeed(3);
    const directions = [theta, theta].map((like) => rng.fill(new Float64Array(like.length), 'normal'));
    const data = rng.fill(new Float64Array(12), 'normal');
    const ask = { errors: true, standardErrors: true, classLosses: true };
    const labels = set.targets.kind === 'classes' ? set.targets.labels : new Int32Array(0);
    const ofOneClass = Int32Array.from(labels.keys()).filter((i) => labels[i] === labels[0]);
    for (const batch of [undefined, ofOneClass]) {
      const found = await objective.evaluations!(theta, directions, { rows: 6, columns: 2, data }, ask, batch);
      const keys = batch ?? Int32Array.from(labels.keys());
      for (let i = 0; i < 6; i++) {
        const point = directions.reduce<Float64Array>((at, d, j) => shifted(at, data[i * 2 + j]!, d), theta);
        const alone = await objective.evaluate(point, { perExample: true, ...(batch ? { batch } : {}) });
        expect(found.errors![i]).toBeCloseTo(alone.error!, 14);
        expect(found.standardErrors![i]).toBeCloseTo(alone.standardError, 12);
        for (let c = 0; c < 3; c++) {
          const own = [...keys].flatMap((key, k) => (labels[key] === c ? [alone.perExample![k]!] : []));
          const mean = own.reduce((sum, loss) => sum + loss, 0) / own.length;
          if (own.length === 0) expect(found.classLosses!.data[3 * i + c]).toBeNaN();
          else expect(found.classLosses!.data[3 * i + c]).toBeCloseTo(mean, 12);
        }
      }
    }
  });

  test('many examples are worked through in chunks', async () => {
    const model = mlpFromWidths([2, 300, 2], 'tanh');
    const data = randomDataset(900, 2, 2, 'classes', 6);
    const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
    const rng = randomFromSeed(4);
    const [theta, d] = [
      rng.fill(new Float64Array(model.layout.dim), 'normal'),
      rng.fill(new Float64Array(model.layout.dim), 'normal'),
    ];
    const losses = await objective.losses(theta, [d], { rows: 2, columns: 1, data: Float64Array.of(0, 0.7) });
    const alone = [(await objective.evaluate(theta)).loss, (await objective.evaluate(shifted(theta, 0.7, d))).loss];
    expect(largestDifference(losses, alone)).toBeLessThan(1e-13 * alone[0]!);
  });
});

describe('memory', () => {
  test('stays flat over linearizations, products and evaluations, and ends at nothing', async () => {
    // The first product makes the work space that lives as long as the program.
    const first = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
    first.objective.space.release((await first.objective.gradient(first.theta)).gradient);
    first.objective.dispose();
    const start = hostArena().bytesInUse;
    const { objective, theta, v } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
    const key = Int32Array.of(1, 4);
    const round = async () => {
      for (const batch of [undefined, key]) {
        const at = await objective.linearize(theta, batch);
        const products = [await at.hessianProduct(v), await at.gaussNewtonProduct!(v)];
        const jv = await at.jacobianProduct!(v);
        products.push(await at.jacobianTransposeProduct!(jv), (await objective.gradient(theta, batch)).gradient);
        await objective.evaluate(theta, batch ? { batch } : {});
        await objective.losses(theta, [v], { rows: 2, columns: 1, data: Float64Array.of(0, 1) }, batch);
        await expect(at.jacobianTransposeProduct!({ ...jv, rows: 1 })).rejects.toThrow('1×3 matrix');
        objective.space.release(...products);
        at.dispose();
        at.dispose();
      }
    };
    await round();
    const after = hostArena().bytesInUse;
    for (let i = 0; i < 10; i++) await round();
    expect(hostArena().bytesInUse).toBe(after);
    const other = objective.withData!(randomDataset(3, 4, 3, 'classes', 1));
    await other.evaluate(theta);
    other.dispose();
    expect(hostArena().bytesInUse).toBe(after);
    objective.dispose();
    expect(hostArena().bytesInUse).toBe(start);
  });

  test('a disposed linearization refuses products', async () => {
    const { objective, theta, v } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 3]);
    const at = await objective.linearize(theta);
    at.dispose();
    await expect(at.hessianProduct(v)).rejects.toThrow('disposed of');
    await expect(at.jacobianTransposeProduct!({ rows: 7, columns: 3, data: new Float64Array(21) })).rejects.toThrow(
      'disposed of',
    );
  });
});

describe('data that do not fit', () => {
  const model = mlpFromWidths([4, 3], 'tanh');
  const fitting = randomDataset(5, 4, 3, 'classes', 1);
  const values = randomDataset(5, 4, 2, 'values', 1);
  const wrongLabel = { kind: 'classes', classes: 3, labels: Int32Array.of(0, 1, 2, 3, 0) } as const;
  test.each<[string, Dataset, LossName, string]>([
    ['inputs', randomDataset(5, 2, 3, 'classes', 1), 'softmaxCrossEntropy', 'have the shape 2 where the model takes 4'],
    ['classes', randomDataset(5, 4, 2, 'classes', 1), 'softmaxCrossEntropy', '3 outputs, but random has 2 classes'],
    ['values', values, 'halfSquaredError', '3 outputs, but random has 2 target values'],
    ['the loss', values, 'softmaxCrossEntropy', 'Cross-entropy needs classes'],
    ['labels', { ...fitting, targets: wrongLabel }, 'softmaxCrossEntropy', 'Example 3 of random has the label 3'],
    ['no examples', randomDataset(0, 4, 3, 'classes', 1), 'softmaxCrossEntropy', 'holds no examples'],
  ])('%s are refused in a sentence', (_, data, loss, message) => {
    const start = hostArena().bytesInUse;
    expect(() => mlpObjective(model, { data, loss })).toThrow(message);
    expect(hostArena().bytesInUse).toBe(start);
  });
});

test('θ₀ trains: gradient descent from the Glorot start lowers the loss', async () => {
  const { objective, model } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
  let theta = initialTheta(model, randomFromSeed(1));
  const first = (await objective.evaluate(theta)).loss;
  for (let step = 0; step < 200; step++) theta = shifted(theta, -0.5, (await objective.gradient(theta)).gradient);
  expect((await objective.evaluate(theta)).loss).toBeLessThan(0.3 * first);
});
