import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { hostArena } from '../../../../core/linalg/host-arena.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { type ActivationName, activationNames } from '../../../../core/models/closed-form/activations.ts';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromSpecification, mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import {
  chainOutputs,
  exampleLoss,
  hyperDualHessian,
  randomDataset,
  targetRows,
} from '../../../support/dense-chain.ts';
import { constant, scale } from '../../../support/hyper-dual.ts';
import { dot, largestDifference, norm, relativeError, shifted, unitVector } from '../../../support/vectors.ts';

const lossNames: readonly LossName[] = ['softmaxCrossEntropy', 'meanSquaredError', 'halfSquaredError'];
const widthsByDepth = { 1: [4, 3], 2: [4, 5, 3], 3: [3, 4, 5, 3], 4: [3, 4, 3, 4, 2] } as const;

/** A chain with data: classes for cross-entropy, values for squared errors. */
function problem(
  activation: ActivationName,
  loss: LossName,
  overExamples: 'mean' | 'sum',
  widths: readonly number[],
  useBias = true,
) {
  const model = mlpFromWidths(widths, activation, useBias);
  const kind = loss === 'softmaxCrossEntropy' ? 'classes' : 'values';
  const data = randomDataset(7, widths[0]!, widths.at(-1)!, kind, 3);
  const rng = randomFromSeed(17);
  const theta = rng.split('theta').fill(new Float64Array(model.layout.dim), 'uniform');
  const [v, w] = ['v', 'w'].map((name) => rng.split(name).fill(new Float64Array(model.layout.dim), 'sphere'));
  return { model, data, theta, v: v!, w: w!, objective: mlpObjective(model, { data, loss, overExamples }) };
}

/** The loss from its definition, example by example. */
function definedLoss({ model, data, theta }: ReturnType<typeof problem>, loss: LossName, over: 'mean' | 'sum'): number {
  const rows = targetRows(data);
  const width = data.inputs.length / data.examples;
  const sum = rows.reduce((total, y, i) => {
    const x = data.inputs.slice(i * width, (i + 1) * width);
    return total + exampleLoss(loss, chainOutputs(model, Array.from(theta, constant), x), y).a;
  }, 0);
  return over === 'mean' ? sum / data.examples : sum;
}

const cases = activationNames.flatMap((activation) =>
  lossNames.flatMap((loss) =>
    (['mean', 'sum'] as const).flatMap((over) =>
      ([1, 2, 3, 4] as const).map((depth) => [activation, loss, over, depth] as const),
    ),
  ),
);

describe.each(cases)('a chain with %s, %s, %s, depth %d', (activation, loss, over, depth) => {
  const setting = problem(activation, loss, over, widthsByDepth[depth]);
  const { objective, theta, v, w } = setting;

  test('has the loss of its definition', async () => {
    const defined = definedLoss(setting, loss, over);
    for (const value of [
      (await objective.evaluate(theta)).loss,
      (await objective.gradient(theta)).loss,
      (await objective.linearize(theta)).loss,
    ]) {
      expect(Math.abs(value - defined) / defined).toBeLessThan(1e-14);
    }
  });

  test('has the gradient that differences of its loss give', async () => {
    const { gradient } = await objective.linearize(theta);
    expect(largestDifference(gradient, (await objective.gradient(theta)).gradient)).toBe(0);
    const step = 1e-5;
    for (const direction of [v, w]) {
      const [up, down] = [shifted(theta, step, direction), shifted(theta, -step, direction)];
      const slope = ((await objective.evaluate(up)).loss - (await objective.evaluate(down)).loss) / (2 * step);
      expect(Math.abs(slope - dot(gradient, direction)) / norm(gradient)).toBeLessThan(1e-9);
    }
  });

  test('has the Hessian product that differences of its gradient give, symmetric and linear', async () => {
    const at = await objective.linearize(theta);
    const [hv, hw] = [await at.hessianProduct(v), await at.hessianProduct(w)];
    const step = 1e-5;
    const up = (await objective.gradient(shifted(theta, step, v))).gradient;
    const down = (await objective.gradient(shifted(theta, -step, v))).gradient;
    const differences = shifted(up, -1, down).map((value) => value / (2 * step));
    // One linear layer with ReLU or a linear activation may have next to no curvature along v: measure against both.
    const size = Math.max(norm(hv), norm(at.gradient));
    expect(norm(shifted(differences, -1, hv)) / size).toBeLessThan(1e-9);
    expect(Math.abs(dot(w, hv) - dot(v, hw))).toBeLessThan(1e-14 * size);
    const both = await at.hessianProduct(shifted(v, -3, w));
    expect(norm(shifted(both, -1, shifted(hv, -3, hw)))).toBeLessThan(1e-14 * size);
  });

  test('has a symmetric, positive semidefinite Gauss–Newton product Jᵀ A J', async () => {
    const at = await objective.linearize(theta);
    const product = at.gaussNewtonProduct!;
    const [gv, gw] = [await product(v), await product(w)];
    expect(Math.abs(dot(w, gv) - dot(v, gw))).toBeLessThan(1e-14 * norm(gv));
    expect(dot(v, gv)).toBeGreaterThan(-1e-16);
    const jv = await at.jacobianProduct!(v);
    const { outputs } = await objective.evaluate(theta, { outputs: true });
    const curved = curvatureTimes(loss, outputs!, jv, over === 'mean' ? 1 / jv.rows : 1);
    expect(relativeError(await at.jacobianTransposeProduct!(curved), gv)).toBeLessThan(1e-13);
  });

  test('has J and Jᵀ that are transposes, J as differences of the outputs give it', async () => {
    const at = await objective.linearize(theta);
    const jv = await at.jacobianProduct!(v);
    const u = { ...jv, data: randomFromSeed(5).fill(new Float64Array(jv.data.length), 'normal') };
    const adjoint = dot(await at.jacobianTransposeProduct!(u), v);
    expect(Math.abs(adjoint - dot(u.data, jv.data))).toBeLessThan(1e-13 * norm(u.data) * norm(jv.data));
    const outputsAt = async (point: Float64Array) => (await objective.evaluate(point, { outputs: true })).outputs!.data;
    const step = 1e-5;
    const [up, down] = [await outputsAt(shifted(theta, step, v)), await outputsAt(shifted(theta, -step, v))];
    expect(
      relativeError(
        shifted(up, -1, down).map((d) => d / (2 * step)),
        jv.data,
      ),
    ).toBeLessThan(1e-9);
  });
});

/** scale · A u from the dense matrix diag(p) − ppᵀ, (2/C) I or I of every example. */
function curvatureTimes(loss: LossName, outputs: Matrix, u: Matrix, factor: number): Matrix {
  const { rows, columns } = outputs;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const exponentials = Array.from(outputs.data.subarray(i * columns, (i + 1) * columns), Math.exp);
    const p = exponentials.map((e) => e / exponentials.reduce((a, b) => a + b));
    for (let c = 0; c < columns; c++) {
      for (let d = 0; d < columns; d++) {
        const identity = c === d ? 1 : 0;
        const a =
          loss === 'softmaxCrossEntropy'
            ? p[c]! * (identity - p[d]!)
            : loss === 'meanSquaredError'
              ? (2 / columns) * identity
              : identity;
        data[i * columns + c]! += factor * a * u.data[i * columns + d]!;
      }
    }
  }
  return { rows, columns, data };
}

describe('whole Hessians against hyper-dual numbers', () => {
  const chains: readonly (readonly [string, LossName, { type: string; options: Record<string, unknown> }[], number])[] =
    [
      ['tanh without biases', 'softmaxCrossEntropy', [dense(4, 'tanh', false), dense(3, 'linear', false)], 3],
      ['swish, a bias in the second layer only', 'meanSquaredError', [dense(4, 'swish', false), dense(2)], 2],
      [
        'softplus then an activation layer',
        'halfSquaredError',
        [dense(3, 'softplus'), activation('tanh'), dense(2)],
        2,
      ],
      ['an activated output', 'meanSquaredError', [dense(3, 'sigmoid'), dense(2, 'tanh')], 2],
      ['an activation in front', 'softmaxCrossEntropy', [activation('tanh'), dense(3, 'tanh'), dense(2)], 2],
      ['relu then sigmoid', 'softmaxCrossEntropy', [dense(4, 'relu'), dense(3, 'sigmoid'), dense(2)], 2],
    ];

  test.each(chains)('%s', async (_, loss, layers, outputs) => {
    const model = mlpFromSpecification({ layers }, [3])!;
    const data = randomDataset(5, 3, outputs, loss === 'softmaxCrossEntropy' ? 'classes' : 'values', 8);
    const theta = randomFromSeed(9).fill(new Float64Array(model.layout.dim), 'uniform');
    const seen: Dataset = {
      ...data,
      inputs: data.inputs.map((x) => (layers[0]!.type === 'activation' ? Math.tanh(x) : x)),
    };
    const rows = targetRows(data);
    const exact = hyperDualHessian(model, theta, seen, (f, i) => scale(1 / 5, exampleLoss(loss, f, rows[i]!)));
    const at = await mlpObjective(model, { data, loss }).linearize(theta);
    for (let i = 0; i < theta.length; i++) {
      const column = await at.hessianProduct(unitVector(theta.length, i));
      expect(largestDifference(column, exact.subarray(i * theta.length, (i + 1) * theta.length))).toBeLessThan(1e-14);
    }
  });

  function dense(units: number, name: ActivationName = 'linear', useBias = true) {
    return { type: 'dense', options: { units, activation: name, useBias } };
  }
  function activation(name: ActivationName) {
    return { type: 'activation', options: { activation: name } };
  }
});

describe('batches', () => {
  const { objective, theta, v, data, model } = problem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);

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
      const { objective, theta, data } = problem('tanh', 'softmaxCrossEntropy', over, [4, 5, 3]);
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
    const values = problem('tanh', 'halfSquaredError', 'mean', [4, 5, 3]);
    expect((await values.objective.evaluate(values.theta)).error).toBeNull();
    const { objective, data } = problem('tanh', 'softmaxCrossEntropy', 'mean', [4, 3]);
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
    const { model, data, theta } = problem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
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
    const { objective, theta } = problem('swish', loss, 'mean', widths);
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
    const first = problem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
    first.objective.space.release((await first.objective.gradient(first.theta)).gradient);
    first.objective.dispose();
    const start = hostArena().bytesInUse;
    const { objective, theta, v } = problem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
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
    const { objective, theta, v } = problem('tanh', 'softmaxCrossEntropy', 'mean', [4, 3]);
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
    [
      'classes',
      randomDataset(5, 4, 2, 'classes', 1),
      'softmaxCrossEntropy',
      '2 classes where the last layer has 3 units',
    ],
    ['values', values, 'halfSquaredError', '2 target values an example where the last layer has 3 units'],
    ['the loss', values, 'softmaxCrossEntropy', 'numbers as targets, not classes'],
    ['labels', { ...fitting, targets: wrongLabel }, 'softmaxCrossEntropy', 'Example 3 of random has the label 3'],
    ['no examples', randomDataset(0, 4, 3, 'classes', 1), 'softmaxCrossEntropy', 'holds no examples'],
  ])('%s are refused in a sentence', (_, data, loss, message) => {
    const start = hostArena().bytesInUse;
    expect(() => mlpObjective(model, { data, loss })).toThrow(message);
    expect(hostArena().bytesInUse).toBe(start);
  });
});

test('θ₀ trains: gradient descent from the Glorot start lowers the loss', async () => {
  const { objective, model } = problem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
  let theta = initialTheta(model, randomFromSeed(1));
  const first = (await objective.evaluate(theta)).loss;
  for (let step = 0; step < 200; step++) theta = shifted(theta, -0.5, (await objective.gradient(theta)).gradient);
  expect((await objective.evaluate(theta)).loss).toBeLessThan(0.3 * first);
});
