import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { type ActivationName, activationNames } from '../../../../core/models/closed-form/activations.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromSpecification } from '../../../../core/models/closed-form/mlp-description.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import {
  chainOutputs,
  chainProblem,
  exampleLoss,
  hyperDualHessian,
  randomDataset,
  targetRows,
} from '../../../support/dense-chain.ts';
import { constant, scale } from '../../../support/hyper-dual.ts';
import { dot, largestDifference, norm, relativeError, shifted, unitVector } from '../../../support/vectors.ts';

const lossNames: readonly LossName[] = ['softmaxCrossEntropy', 'meanSquaredError', 'halfSquaredError'];
const widthsByDepth = { 1: [4, 3], 2: [4, 5, 3], 3: [3, 4, 5, 3], 4: [3, 4, 3, 4, 2] } as const;

/** The loss from its definition, example by example. */
function definedLoss(
  { model, data, theta }: ReturnType<typeof chainProblem>,
  loss: LossName,
  over: 'mean' | 'sum',
): number {
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
  const setting = chainProblem(activation, loss, over, widthsByDepth[depth]);
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
