import type { Matrix } from '../../linalg/matrix.ts';
import { matrixProduct, transposedMatrix } from '../../linalg/matrix-product.ts';
import type { LinearNetwork } from './modes.ts';

/** What a point of a linear network has of the modes of its target. */
export interface ModeReading {
  /** (UᵀWV)ᵢᵢ. */
  readonly strengths: Float64Array;
  /** Of UᵀWV, by the Frobenius norm; the diagonal goes on beyond the modes, to directions with s = 0. */
  readonly offDiagonal: number;
  readonly loss: number;
  /** D_l = W_{l+1}ᵀW_{l+1} − W_lW_lᵀ of neighbouring layers, and ‖W_{l+1}ᵀW_{l+1}‖_F + ‖W_lW_lᵀ‖_F. */
  readonly differences: readonly { readonly matrix: Matrix; readonly size: number }[];
}

/** Reads a point; `kernels` are W₁ᵀ … W_Nᵀ. Cost: a few products of matrices a layer. */
export function readModes(kernels: readonly Matrix[], { singularValues, u, v }: LinearNetwork): ModeReading {
  // Rows W v₁, W v₂ …
  const images = kernels.reduce(matrixProduct, v === null ? identity(kernels[0]!.rows) : transposedMatrix(v));
  const along = u === null ? images : matrixProduct(images, u);
  const strengths = Float64Array.from(singularValues, (_, i) => along.data[i * along.columns + i]!);
  let [offDiagonal, loss] = [0, 0];
  along.data.forEach((entry, at) => {
    const [row, column] = [Math.floor(at / along.columns), at % along.columns];
    if (row !== column) offDiagonal += entry * entry;
    loss += 0.5 * (row === column ? entry - (singularValues[row] ?? 0) : entry) ** 2;
  });
  const differences = kernels.slice(1).map((kernel, l) => difference(kernels[l]!, kernel));
  return { strengths, offDiagonal: Math.sqrt(offDiagonal), loss, differences };
}

function difference(before: Matrix, after: Matrix): { matrix: Matrix; size: number } {
  const [inner, outer] = [
    matrixProduct(transposedMatrix(before), before),
    matrixProduct(after, transposedMatrix(after)),
  ];
  const data = outer.data.map((entry, i) => entry - inner.data[i]!);
  return { matrix: { ...outer, data }, size: frobenius(outer.data) + frobenius(inner.data) };
}

export const frobenius = (data: Float64Array): number => Math.sqrt(data.reduce((sum, entry) => sum + entry * entry, 0));

/** How each mode stands in the network at a point. */
export interface ModeStart {
  /**
   * κ of two matrices: with x = W₁v and y = W₂ᵀu the equations τ dx/dt = y(s − x·y), τ dy/dt = x(s − x·y) of a mode that
   * meets no other conserve κ² = (‖x‖² + ‖y‖²)² − 4(x·y)², because x + y grows as x − y shrinks. So u = x·y obeys
   * τ du/dt = √(κ² + 4u²)(s − u) whatever the angle between x and y; where they are parallel, κ = |a² − b²|. 0 for more
   * matrices.
   */
  readonly imbalance: number;
  readonly alignment: number;
  readonly unevenness: number;
}

/** By mode; `kernels` as for `readModes`. */
export function modeStarts(kernels: readonly Matrix[], { singularValues, widths, u, v }: LinearNetwork): ModeStart[] {
  const count = singularValues.length;
  const forward = [firstRows(v, widths[0]!, count)];
  for (const kernel of kernels) forward.push(matrixProduct(forward.at(-1)!, kernel));
  const backward = [firstRows(u, widths.at(-1)!, count)];
  for (const kernel of [...kernels].reverse()) backward.unshift(matrixProduct(backward[0]!, transposedMatrix(kernel)));
  return singularValues.map((_, mode) => {
    const x = forward.map((matrix) => rowOf(matrix, mode));
    const y = backward.map((matrix) => rowOf(matrix, mode));
    const cosines = x.slice(1, -1).map((one, l) => cosine(one, y[l + 1]!));
    const gains = [
      ...x.slice(1, -1).map((one, l) => frobenius(one) / frobenius(x[l]!)),
      frobenius(y.at(-2)!) / frobenius(y.at(-1)!),
    ];
    const [least, most] = [Math.min(...gains), Math.max(...gains)];
    return {
      imbalance: kernels.length === 2 ? conserved(x[1]!, y[1]!) : 0,
      alignment: Math.min(...cosines),
      unevenness: most > 0 ? 1 - (least / most) ** 2 : 0,
    };
  });
}

/** κ = 4 ‖p‖ ‖m‖ with p = (x + y)/2, m = (x − y)/2: without cancellation. */
function conserved(x: Float64Array, y: Float64Array): number {
  const sum = x.map((entry, i) => entry + y[i]!);
  return frobenius(sum) * frobenius(x.map((entry, i) => entry - y[i]!));
}

function cosine(x: Float64Array, y: Float64Array): number {
  const dot = x.reduce((sum, entry, i) => sum + entry * y[i]!, 0);
  return dot / (frobenius(x) * frobenius(y));
}

function firstRows(basis: Matrix | null, size: number, count: number): Matrix {
  const whole = basis === null ? identity(size) : transposedMatrix(basis);
  return { rows: count, columns: size, data: whole.data.subarray(0, count * size) };
}

const rowOf = ({ columns, data }: Matrix, row: number): Float64Array =>
  data.subarray(row * columns, (row + 1) * columns);

function identity(size: number): Matrix {
  const data = new Float64Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return { rows: size, columns: size, data };
}
