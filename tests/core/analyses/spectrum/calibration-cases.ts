import type { Dataset } from '../../../../core/data/dataset.ts';
import { symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { plantedOperator, plantedSpectrum } from '../../../../core/linalg/random-matrices/planted-spectrum.ts';
import { wishartEnsemble } from '../../../../core/linalg/random-matrices/wishart-ensemble.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { hessianLikeSpectrum } from '../../../support/test-matrices.ts';

/** An operator all of whose eigenvalues are known from a formula, and not from the method under test. */
export interface CalibrationCase {
  readonly name: string;
  readonly operator: LinearOperator<Float64Array>;
  /** Ascending. */
  readonly eigenvalues: Float64Array;
  /** Half width of what counts as zero; no eigenvalue is near ±δ. */
  readonly delta: number;
  /**
   * The ten largest: apart from each other; some equal, so that one start vector does not see them all; or among fifty
   * within `clusterWidth` of each other, whose ranks no residual above their gaps can tell.
   */
  readonly ends: 'separate' | 'equal' | 'clustered';
}

/** Normal inputs with scales from 1 down to 0.1, classes drawn uniformly or normal values. */
function regressionData(examples: number, width: number, outputs: number, kind: 'classes' | 'values'): Dataset {
  const rng = randomFromSeed(31);
  const inputs = rng.split('inputs').fill(new Float64Array(examples * width), 'normal');
  return {
    name: 'regression',
    examples,
    inputShape: [width],
    inputs: inputs.map((x, at) => x * 10 ** (-(at % width) / width)),
    targets:
      kind === 'classes'
        ? { kind, classes: outputs, labels: Int32Array.from({ length: examples }, () => rng.integer(outputs)) }
        : { kind, width: outputs, values: rng.split('values').fill(new Float64Array(examples * outputs), 'normal') },
    source: 'drawn here',
  };
}

/**
 * One linear layer: H = (1/n) Σ x̃x̃ᵀ ⊗ Aᵢ with x̃ = (x, 1), where A is the identity for half squared errors and diag(p) − ppᵀ for
 * cross-entropy (Böhning 1992), summed up here from the outputs.
 */
async function regression(name: string, classes: number): Promise<CalibrationCase> {
  const outputs = Math.max(1, classes);
  const width = Math.round(150 / outputs) - 1;
  const data = regressionData(300, width, outputs, classes > 0 ? 'classes' : 'values');
  const model = mlpFromWidths([width, outputs], 'linear');
  const objective = mlpObjective(model, { data, loss: classes > 0 ? 'softmaxCrossEntropy' : 'halfSquaredError' });
  const { space } = objective;
  const theta = randomFromSeed(32).fill(new Float64Array(space.dim), 'normal');
  const f = (await objective.evaluate(theta, { outputs: true })).outputs!.data;
  const p = space.dim;
  const hessian = new Float64Array(p * p);
  for (let i = 0; i < data.examples; i++) {
    const exponentials = Array.from(f.subarray(i * outputs, (i + 1) * outputs), Math.exp);
    const sum = exponentials.reduce((a, b) => a + b);
    const shares = exponentials.map((one) => one / sum);
    const curvature = (a: number, b: number) =>
      classes === 0 ? Number(a === b) : (a === b ? shares[a]! : 0) - shares[a]! * shares[b]!;
    const x = (j: number) => (j === width ? 1 : data.inputs[i * width + j]!);
    // Kernel width × outputs row by row, then the bias, which is one more row.
    for (let row = 0; row < p; row++) {
      for (let column = 0; column <= row; column++) {
        const [j, a, k, b] = [Math.floor(row / outputs), row % outputs, Math.floor(column / outputs), column % outputs];
        hessian[row * p + column]! += (x(j) * x(k) * curvature(a, b)) / data.examples;
      }
    }
  }
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) hessian[j * p + i] = hessian[i * p + j]!;
  const eigenvalues = symmetricEigenvalues({ rows: p, columns: p, data: hessian });
  const at = await objective.linearize(theta);
  return {
    name,
    operator: { space, symmetric: true, positiveSemidefinite: true, apply: (v) => at.hessianProduct(v) },
    eigenvalues,
    delta: thresholdNear(eigenvalues, 0.1 * eigenvalues.at(-1)!),
    ends: 'separate',
  };
}

function wishart(name: string, p: number, m: number): CalibrationCase {
  const matrix = wishartEnsemble(p, m, randomFromSeed(33));
  const eigenvalues = symmetricEigenvalues(matrix);
  const operator = matrixOperator(hostFloat64Space(p), matrix);
  return { name, operator, eigenvalues, delta: thresholdNear(eigenvalues, 0.5), ends: 'separate' };
}

function planted(
  name: string,
  values: ArrayLike<number>,
  delta: number,
  ends: CalibrationCase['ends'] = 'separate',
): CalibrationCase {
  const spectrum = plantedSpectrum(values, randomFromSeed(34), 8);
  const operator = plantedOperator(hostFloat64Space(values.length), spectrum);
  const eigenvalues = Float64Array.from(values).sort();
  return { name, operator, eigenvalues, delta: thresholdNear(eigenvalues, delta), ends };
}

/** The middle of the gap of the |λ| around a value, so that counts do not hang on rounding. */
function thresholdNear(eigenvalues: Float64Array, wanted: number): number {
  const sizes = eigenvalues.map(Math.abs).sort();
  const above = sizes.findIndex((size) => size > wanted);
  return (sizes[above - 1]! + sizes[above]!) / 2;
}

const copies = (...counts: readonly (readonly [number, number])[]): number[] =>
  counts.flatMap(([value, count]) => new Array<number>(count).fill(value));
/** `count` values from `low` to `low + width`. */
const cluster = (low: number, width: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + (width * i) / (count - 1));

/** Of the uppermost cluster. */
export const clusterWidth = 1e-5;

export async function calibrationCases(): Promise<CalibrationCase[]> {
  return [
    await regression('linear regression', 0),
    await regression('logistic regression', 2),
    await regression('softmax regression', 5),
    wishart('Wishart', 150, 300),
    wishart('singular Wishart', 150, 60),
    planted('planted spikes', hessianLikeSpectrum(200), 0.02),
    planted('degenerate', copies([-1, 20], [0, 100], [1, 50], [3, 26], [5, 4]), 0.5, 'equal'),
    planted(
      'clustered',
      [...cluster(-0.5, 1e-3, 40), ...cluster(0, 1e-4, 110), ...cluster(2, clusterWidth, 50)],
      0.1,
      'clustered',
    ),
  ];
}

export const share = (values: ArrayLike<number>, holds: (value: number) => boolean): number =>
  Array.from(values).filter(holds).length / values.length;
