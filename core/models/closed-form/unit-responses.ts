import { multiply, type ResidentMatrix, transposed } from '../../linalg/spaces/float64-gemm.ts';
import { outputCurvatureProduct } from '../../objective/output-losses.ts';
import type { Scope } from './mlp-passes.ts';
import type { MlpPoint } from './mlp-point.ts';

/**
 * What follows when the argument Z of one unit is raised, in every example by itself: for the units b of layer l, rows
 * i·units + b, and a layer m ≥ l.
 */
export interface UnitResponses {
  /** ∂Aₘ/∂Zₗ, at [l][m − l]. */
  readonly values: readonly (readonly ResidentMatrix[])[];
  /** ∂δₘ/∂Zₗ = ∂²L/∂Zₗ∂Zₘ, at [l][m − l]. */
  readonly deltas: readonly (readonly ResidentMatrix[])[];
}

/** Numbers in the matrices of `unitResponses`. */
export function sizeOfResponses({ model, batch }: MlpPoint): number {
  const widths = model.dense.map(({ units }) => units);
  const pairs = widths.reduce((sum, own, l) => sum + own * widths.slice(l).reduce((a, b) => a + b, 0), 0);
  return 2 * batch.x.rows * pairs;
}

/**
 * The responses at a point, by the R-operator on all units of a layer at once. They live as long as `scope`. Cost: that
 * of as many products as there are units, without the first layer in them.
 */
export function unitResponses(point: MlpPoint, scope: Scope): UnitResponses {
  const values: ResidentMatrix[][] = [];
  const deltas: ResidentMatrix[][] = [];
  for (let l = 0; l < point.states.length; l++) {
    const forward = forwardFrom(point, l, scope);
    values.push(forward.map(({ value }) => value));
    deltas.push(backwardTo(point, l, forward, scope));
  }
  return { values, deltas };
}

/** R{Z} and R{A} of a layer; one matrix where the activation is linear. */
interface Response {
  readonly argument: ResidentMatrix;
  readonly value: ResidentMatrix;
}

/** R{Zₗ} = 1, R{Zₘ} = R{A_{m−1}} Wₘ, R{A} = φ′(Z)∘R{Z}. */
function forwardFrom({ weights, states, batch }: MlpPoint, l: number, scope: Scope): Response[] {
  const units = states[l]!.value.columns;
  const responses: Response[] = [];
  for (let m = l; m < states.length; m++) {
    const argument = scope.matrix(batch.x.rows * units, states[m]!.value.columns);
    const before = responses.at(-1);
    if (before) multiply(argument, before.value, weights.kernels[m]!);
    else fillWithUnits(argument.data, units);
    const { slope } = states[m]!;
    const value = slope ? copyOf(argument, scope) : argument;
    if (slope) multiplyRepeated(value.data, slope, units);
    responses.push({ argument, value });
  }
  return responses;
}

/** R{δ} = φ′(Z)∘R{E} + E∘φ″(Z)∘R{Z} and R{E_before} = R{δ} Wᵀ, from the outputs back to layer l. */
function backwardTo(point: MlpPoint, l: number, forward: readonly Response[], scope: Scope): ResidentMatrix[] {
  const { states, weights, batch, loss, probabilities } = point;
  const units = states[l]!.value.columns;
  let error = copyOf(forward.at(-1)!.value, scope);
  const repeated = probabilities ? repeatedRows(probabilities, units) : error.data;
  outputCurvatureProduct(loss, repeated, error.data, error.columns, batch.scale);
  const deltas: ResidentMatrix[] = [];
  for (let m = states.length - 1; m >= l; m--) {
    const { slope, bend } = states[m]!;
    if (slope) multiplyRepeated(error.data, slope, units);
    if (bend) addProductRepeated(error.data, bend, forward[m - l]!.argument.data, units);
    deltas.unshift(error);
    if (m === l) break;
    const before = scope.matrix(error.rows, states[m - 1]!.value.columns);
    multiply(before, error, transposed(weights.kernels[m]!));
    error = before;
  }
  return deltas;
}

/** The identity for every example. */
function fillWithUnits(data: Float64Array, units: number): void {
  data.fill(0);
  for (let start = 0; start < data.length; start += units * units) {
    for (let b = 0; b < units; b++) data[start + b * (units + 1)] = 1;
  }
}

function copyOf(from: ResidentMatrix, scope: Scope): ResidentMatrix {
  const copy = scope.matrix(from.rows, from.columns);
  copy.data.set(from.data);
  return copy;
}

/** y ← y∘x with every row of x for k rows of y. */
function multiplyRepeated(y: Float64Array, { rows, columns, data }: ResidentMatrix, k: number): void {
  let at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < k; j++) {
      for (let from = i * columns; from < (i + 1) * columns; from++, at++) y[at] = y[at]! * data[from]!;
    }
  }
}

/** y ← y + a∘x with every row of a for k rows of x and y. */
function addProductRepeated(
  y: Float64Array,
  { rows, columns, data }: ResidentMatrix,
  x: Float64Array,
  k: number,
): void {
  let at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < k; j++) {
      for (let from = i * columns; from < (i + 1) * columns; from++, at++) y[at] = y[at]! + data[from]! * x[at]!;
    }
  }
}

function repeatedRows({ rows, columns, data }: ResidentMatrix, k: number): Float64Array {
  const repeated = new Float64Array(rows * k * columns);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < k; j++) repeated.set(row, (i * k + j) * columns);
  }
  return repeated;
}
