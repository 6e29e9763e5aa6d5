import {
  addProduct,
  multiply,
  type ResidentMatrix,
  releaseMatrices,
  residentMatrix,
  residentPart,
  transposed,
} from '../../linalg/spaces/float64-gemm.ts';
import { activate, activateWithDerivatives } from './activations.ts';
import type { DenseDescription, MlpDescription } from './mlp-description.ts';

/** Kernels and biases of one vector of parameter length, seen in place. */
export interface Weights {
  /** The first one holds only the rows of the input columns that are kept. */
  readonly kernels: readonly ResidentMatrix[];
  readonly biases: readonly (Float64Array | null)[];
}

/** One layer at a point: A = φ(Z), φ′(Z), and φ″(Z), which `backward` turns to E∘φ″(Z). Null slopes: φ is linear. */
export interface LayerState {
  readonly value: ResidentMatrix;
  readonly slope: ResidentMatrix | null;
  readonly bend: ResidentMatrix | null;
}

/** Matrices and vectors in the arena that end together. */
export interface Scope {
  matrix(rows: number, columns: number): ResidentMatrix;
  /** A copy of a vector from anywhere. */
  vector(source: Float64Array): Float64Array;
  release(): void;
}

export function matrixScope(): Scope {
  const held: ResidentMatrix[] = [];
  const matrix: Scope['matrix'] = (rows, columns) => {
    held.push(residentMatrix(rows, columns));
    return held.at(-1)!;
  };
  return {
    matrix,
    vector(source) {
      const { data } = matrix(1, source.length);
      data.set(source);
      return data;
    },
    release: () => releaseMatrices(...held.splice(0)),
  };
}

/** Runs `use` with a scope that ends with it, however it ends. */
export function withScope<T>(use: (scope: Scope) => T): T {
  const scope = matrixScope();
  try {
    return use(scope);
  } finally {
    scope.release();
  }
}

/**
 * The parts of a vector in the arena as kernels and biases. `kept` lists the input columns that are not zero in all
 * examples: the other rows of the first kernel never matter and are left out.
 */
export function weightsOf(
  { dense, layout }: MlpDescription,
  vector: Float64Array,
  kept: Int32Array | null,
  scope: Scope,
): Weights {
  if (vector.length !== layout.dim) {
    throw new RangeError(`A vector of length ${vector.length} is not in a space of dimension ${layout.dim}.`);
  }
  const kernels: ResidentMatrix[] = [];
  const biases: (Float64Array | null)[] = [];
  let block = 0;
  dense.forEach(({ inputs, units, bias }, i) => {
    const whole = residentPart(vector, layout.blocks[block++]!.offset, inputs, units);
    if (whole === null) throw new RangeError('A vector outside the arena has no resident weights.');
    kernels.push(i === 0 && kept ? gatherRows(whole, kept, scope) : whole);
    const at = bias ? layout.blocks[block++]!.offset : 0;
    biases.push(bias ? vector.subarray(at, at + units) : null);
  });
  return { kernels, biases };
}

/** The rows that `rows` lists, as a matrix of their own. */
export function gatherRows(from: ResidentMatrix, rows: Int32Array, scope: Scope): ResidentMatrix {
  const { columns, data } = from;
  const to = scope.matrix(rows.length, columns);
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i]! * columns;
    to.data.set(data.subarray(at, at + columns), i * columns);
  }
  return to;
}

/** Z = A W + 1 bᵀ as a new matrix. */
export function affine(
  a: ResidentMatrix,
  kernel: ResidentMatrix,
  bias: Float64Array | null,
  scope: Scope,
): ResidentMatrix {
  const z = scope.matrix(a.rows, kernel.columns);
  multiply(z, a, kernel);
  if (bias) addToRows(z, bias);
  return z;
}

/** Outputs only. Cost: one forward pass. `from` may be a deeper layer, with the matrix that enters it. */
export function forward(
  dense: readonly DenseDescription[],
  weights: Weights,
  x: ResidentMatrix,
  scope: Scope,
  from = 0,
): ResidentMatrix {
  let a = x;
  for (let l = from; l < dense.length; l++) {
    a = affine(a, weights.kernels[l]!, weights.biases[l]!, scope);
    activate(dense[l]!.activations, a.data);
  }
  return a;
}

/** All layers with the derivatives of their activations. Cost: one forward pass. */
export function forwardKeeping(
  dense: readonly DenseDescription[],
  weights: Weights,
  x: ResidentMatrix,
  scope: Scope,
): LayerState[] {
  const states: LayerState[] = [];
  let a = x;
  for (const [l, { activations, units }] of dense.entries()) {
    a = affine(a, weights.kernels[l]!, weights.biases[l]!, scope);
    if (activations.every((name) => name === 'linear')) {
      states.push({ value: a, slope: null, bend: null });
      continue;
    }
    const slope = scope.matrix(x.rows, units);
    const bend = scope.matrix(x.rows, units);
    activateWithDerivatives(activations, a.data, slope.data, bend.data);
    states.push({ value: a, slope, bend });
  }
  return states;
}

/**
 * Back-propagation: from E = ∂ℓ/∂A of the last layer (consumed) to the gradient, which is added to `out`. Returns
 * δ = ∂ℓ/∂Z of every layer; with `keepCurvature` the bends of the states become E∘φ″(Z).
 */
export function backward(
  model: MlpDescription,
  weights: Weights,
  x: ResidentMatrix,
  states: readonly LayerState[],
  outputError: ResidentMatrix,
  out: Gradient,
  keepCurvature: boolean,
  scope: Scope,
): ResidentMatrix[] {
  const deltas: ResidentMatrix[] = [];
  let error = outputError;
  for (let l = model.dense.length - 1; l >= 0; l--) {
    const { slope, bend } = states[l]!;
    if (keepCurvature && bend) multiplyEntries(bend.data, error.data);
    if (slope) multiplyEntries(error.data, slope.data);
    deltas[l] = error;
    out.addLayer(l, l > 0 ? states[l - 1]!.value : x, error);
    if (l > 0) {
      error = scope.matrix(x.rows, weights.kernels[l]!.rows);
      multiply(error, deltas[l]!, transposed(weights.kernels[l]!));
    }
  }
  return deltas;
}

/** Where the gradient of every layer is added up: Aᵀδ for the kernel, the column sums of δ for the bias. */
export interface Gradient {
  addLayer(layer: number, a: ResidentMatrix, delta: ResidentMatrix): void;
  /** Adds Aᵀδ to the kernel only. */
  addKernel(layer: number, a: ResidentMatrix, delta: ResidentMatrix): void;
  /** Ends the sum: writes what was kept apart to the vector. */
  finish(): void;
}

/** A gradient that is added to a vector in the arena. */
export function gradientInto(
  model: MlpDescription,
  vector: Float64Array,
  kept: Int32Array | null,
  scope: Scope,
): Gradient {
  const weights = weightsOf(model, vector, kept, scope);
  const addKernel: Gradient['addKernel'] = (layer, a, delta) =>
    addProduct(weights.kernels[layer]!, transposed(a), delta);
  return {
    addKernel,
    addLayer(layer, a, delta) {
      addKernel(layer, a, delta);
      const bias = weights.biases[layer];
      if (bias) addColumnSums(bias, delta);
    },
    finish() {
      if (kept) scatterRows(weights.kernels[0]!, vector, kept);
    },
  };
}

function scatterRows({ columns, data }: ResidentMatrix, to: Float64Array, rows: Int32Array): void {
  for (let i = 0; i < rows.length; i++) to.set(data.subarray(i * columns, (i + 1) * columns), rows[i]! * columns);
}

/** y ← y∘x */
export function multiplyEntries(y: Float64Array, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = y[i]! * x[i]!;
}

function addToRows({ data, columns }: ResidentMatrix, row: Float64Array): void {
  for (let start = 0; start < data.length; start += columns) {
    for (let j = 0; j < columns; j++) data[start + j] = data[start + j]! + row[j]!;
  }
}

function addColumnSums(sums: Float64Array, { data, columns }: ResidentMatrix): void {
  for (let start = 0; start < data.length; start += columns) {
    for (let j = 0; j < columns; j++) sums[j] = sums[j]! + data[start + j]!;
  }
}
