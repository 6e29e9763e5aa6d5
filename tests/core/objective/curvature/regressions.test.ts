import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import type { CurvatureKind } from '../../../../core/objective/curvature/curvature-kinds.ts';
import { curvatureOperator } from '../../../../core/objective/curvature/curvature-operator.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { randomDataset } from '../../../support/dense-chain.ts';
import { addOuter, denseColumns } from '../../../support/dense-columns.ts';
import { largestDifference } from '../../../support/vectors.ts';

const [examples, inputs] = [11, 3];

/**
 * Linear, logistic and softmax regression: f = Wᵀx + b. With x̃ = (x, 1) parameter (j, c) is entry jC + c of θ, and every
 * matrix here is Σᵢ x̃ᵢ x̃ᵢᵀ ⊗ (something small of example i).
 */
function regression(loss: LossName, outputs: number, overExamples: 'mean' | 'sum') {
  const kind = loss === 'softmaxCrossEntropy' ? 'classes' : 'values';
  const data = randomDataset(examples, inputs, outputs, kind, 31);
  const model = mlpFromWidths([inputs, outputs], 'tanh');
  const theta = randomFromSeed(32).fill(new Float64Array(model.layout.dim), 'normal');
  const f = Array.from({ length: examples }, (_, i) =>
    Array.from({ length: outputs }, (_, c) =>
      extended(data, i).reduce((sum, x, j) => sum + x * theta[j * outputs + c]!, 0),
    ),
  );
  return { data, theta, f, objective: mlpObjective(model, { data, loss, overExamples }), outputs };
}

type Regression = ReturnType<typeof regression>;

const extended = (data: Dataset, i: number) => [...data.inputs.slice(i * inputs, (i + 1) * inputs), 1];

/** Σᵢ weight · x̃ᵢ x̃ᵢᵀ ⊗ Bᵢ */
function kronecker({ data, outputs: c }: Regression, small: readonly number[][][], weight: number): Float64Array {
  const dim = (inputs + 1) * c;
  const dense = new Float64Array(dim * dim);
  for (let i = 0; i < examples; i++) {
    const x = extended(data, i);
    for (let row = 0; row < dim; row++) {
      for (let column = 0; column < dim; column++) {
        const entry = small[i]![row % c]![column % c]!;
        dense[row * dim + column]! += weight * x[Math.floor(row / c)]! * x[Math.floor(column / c)]! * entry;
      }
    }
  }
  return dense;
}

async function matrixOf({ objective, theta }: Regression, kind: CurvatureKind): Promise<Float64Array> {
  const linearization = await objective.linearize(theta);
  const { operator, dispose } = await curvatureOperator({ objective, theta, linearization }, { kind });
  const dense = await denseColumns(operator);
  dispose();
  linearization.dispose();
  return dense;
}

const table = (size: number, entry: (a: number, b: number) => number) =>
  Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) => entry(a, b)));

const softmax = (f: readonly number[]) => {
  const exponentials = f.map(Math.exp);
  return exponentials.map((one) => one / exponentials.reduce((sum, other) => sum + other, 0));
};

const labelOf = ({ data: { targets } }: Regression, i: number) =>
  targets.kind === 'classes' ? targets.labels[i]! : Number.NaN;
const targetOf = ({ data: { targets }, outputs }: Regression, i: number, c: number) =>
  targets.kind === 'values' ? targets.values[i * outputs + c]! : Number.NaN;

/** For each loss: Aᵢ, and the slope ∂ℓᵢ/∂f, by hand. */
const cases = [
  {
    name: 'linear regression, half the square',
    loss: 'halfSquaredError',
    outputs: 3,
    curvature: () => table(3, (a, b) => (a === b ? 1 : 0)),
    slope: (of: Regression, i: number) => of.f[i]!.map((value, c) => value - targetOf(of, i, c)),
  },
  {
    name: 'linear regression, mean square',
    loss: 'meanSquaredError',
    outputs: 3,
    curvature: () => table(3, (a, b) => (a === b ? 2 / 3 : 0)),
    slope: (of: Regression, i: number) => of.f[i]!.map((value, c) => (2 / 3) * (value - targetOf(of, i, c))),
  },
  {
    name: 'logistic regression',
    loss: 'softmaxCrossEntropy',
    outputs: 2,
    curvature: (of: Regression, i: number) => {
      const s = 1 / (1 + Math.exp(of.f[i]![0]! - of.f[i]![1]!));
      return table(2, (a, b) => (a === b ? s * (1 - s) : -s * (1 - s)));
    },
    slope: (of: Regression, i: number) => {
      const s = 1 / (1 + Math.exp(of.f[i]![0]! - of.f[i]![1]!));
      const y = labelOf(of, i);
      return [y - s, s - y];
    },
  },
  {
    name: 'softmax regression',
    loss: 'softmaxCrossEntropy',
    outputs: 4,
    curvature: (of: Regression, i: number) => {
      const p = softmax(of.f[i]!);
      return table(4, (a, b) => (a === b ? p[a]! : 0) - p[a]! * p[b]!);
    },
    slope: (of: Regression, i: number) => softmax(of.f[i]!).map((p, c) => p - (labelOf(of, i) === c ? 1 : 0)),
  },
] as const;

describe.each(cases)('$name', ({ loss, outputs, curvature, slope }) => {
  describe.each(['mean', 'sum'] as const)('over examples: %s', (overExamples) => {
    const of = regression(loss, outputs, overExamples);
    const weight = overExamples === 'mean' ? 1 / examples : 1;
    const all = Array.from({ length: examples }, (_, i) => i);
    const slopes = all.map((i) => slope(of, i) as number[]);
    const outers = slopes.map((u) => table(outputs, (a, b) => u[a]! * u[b]!));
    const curvatures = all.map((i) => curvature(of, i));

    test('Hessian, Gauss–Newton and Fisher are X̃ᵀ A X̃, and H − G vanishes', async () => {
      const expected = kronecker(of, curvatures, weight);
      for (const kind of ['hessian', 'gaussNewton', 'fisher'] as const)
        expect(largestDifference(await matrixOf(of, kind), expected), kind).toBeLessThan(1e-13);
      expect(Math.max(...(await matrixOf(of, 'residual')).map(Math.abs))).toBeLessThan(1e-13);
    });

    test('empirical Fisher and gradient covariance', async () => {
      expect(largestDifference(await matrixOf(of, 'fisherEmpirical'), kronecker(of, outers, weight))).toBeLessThan(
        1e-12,
      );
      const covariance = kronecker(of, outers, 1 / examples);
      const gradients = all.map((i) => extended(of.data, i).flatMap((x) => slopes[i]!.map((u) => x * u)));
      const mean = gradients[0]!.map((_, k) => gradients.reduce((sum, g) => sum + g[k]!, 0) / examples);
      addOuter(covariance, mean, -1);
      expect(largestDifference(await matrixOf(of, 'gradientCovariance'), covariance)).toBeLessThan(1e-12);
    });

    test('tangent kernel: (x̃ᵢ·x̃ⱼ)/N for equal outputs, whatever the loss', async () => {
      const size = examples * outputs;
      const expected = Float64Array.from({ length: size * size }, (_, at) => {
        const [row, column] = [Math.floor(at / size), at % size];
        if (row % outputs !== column % outputs) return 0;
        const other = extended(of.data, Math.floor(column / outputs));
        return extended(of.data, Math.floor(row / outputs)).reduce((sum, x, j) => sum + x * other[j]!, 0) / examples;
      });
      expect(largestDifference(await matrixOf(of, 'ntk'), expected)).toBeLessThan(1e-13);
    });

    test('slopes of single examples', async () => {
      const { outputGradients } = await of.objective.evaluate(of.theta, { outputGradients: true });
      expect(largestDifference(outputGradients!.data, slopes.flat())).toBeLessThan(1e-13);
      expect([outputGradients!.rows, outputGradients!.columns]).toEqual([examples, outputs]);
    });
  });
});
