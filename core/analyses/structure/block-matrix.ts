import type { Matrix } from '../../linalg/matrix.ts';
import type { CoordinateRange } from '../../linalg/operators/block-of-operator.ts';
import type { ParameterBlock, ParameterLayout } from '../../objective/parameter-layout.ts';

/** A symmetric matrix with dense blocks on its diagonal and zeros elsewhere: the blocks one after another. */
export interface BlockMatrix {
  readonly dim: number;
  readonly blocks: readonly { readonly offset: number; readonly matrix: Matrix }[];
}

/** The blocks of a matrix at some consecutive ranges: the best block-diagonal approximation in every unitarily invariant norm. */
export function diagonalBlocks(matrix: Matrix, ranges: readonly CoordinateRange[]): BlockMatrix {
  const blocks = ranges.map(({ offset, size }) => {
    const data = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      const from = (offset + i) * matrix.columns + offset;
      data.set(matrix.data.subarray(from, from + size), i * size);
    }
    return { offset, matrix: { rows: size, columns: size, data } };
  });
  return { dim: matrix.rows, blocks };
}

/** Ranges of the layers: neighbouring blocks of θ with one layer. */
export function layerRanges({ blocks }: ParameterLayout): (CoordinateRange & { readonly layer: string })[] {
  const ranges: { layer: string; offset: number; size: number }[] = [];
  for (const { layer, offset, size } of blocks) {
    const last = ranges.at(-1);
    if (last?.layer === layer) last.size += size;
    else ranges.push({ layer, offset, size });
  }
  return ranges;
}

export const blockRanges = ({ blocks }: ParameterLayout): readonly ParameterBlock[] => blocks;

export const diagonalRanges = ({ dim }: ParameterLayout): CoordinateRange[] =>
  Array.from({ length: dim }, (_, offset) => ({ offset, size: 1 }));

/** A v. */
export function blockProduct({ dim, blocks }: BlockMatrix, v: Float64Array): Float64Array {
  const product = new Float64Array(dim);
  for (const { offset, matrix } of blocks) {
    const { rows, data } = matrix;
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < rows; j++) sum += data[i * rows + j]! * v[offset + j]!;
      product[offset + i] = sum;
    }
  }
  return product;
}

export function blockTrace({ blocks }: BlockMatrix): number {
  let trace = 0;
  for (const { matrix } of blocks) trace += matrixTrace(matrix);
  return trace;
}

export function matrixTrace({ rows, data }: Matrix): number {
  let trace = 0;
  for (let i = 0; i < rows; i++) trace += data[i * rows + i]!;
  return trace;
}

/** ‖A − M‖_F for a dense M, where the blocks of A cover all coordinates; what M has outside them counts as it is. */
export function frobeniusDistance({ dim, blocks }: BlockMatrix, { data }: Matrix): number {
  let square = 0;
  for (const { offset, matrix } of blocks) {
    const end = offset + matrix.rows;
    for (let i = offset; i < end; i++) {
      const own = (i - offset) * matrix.rows - offset;
      for (let j = 0; j < dim; j++) {
        const inside = j >= offset && j < end;
        square += ((inside ? matrix.data[own + j]! : 0) - data[i * dim + j]!) ** 2;
      }
    }
  }
  return Math.sqrt(square);
}

export const frobeniusNorm = ({ data }: Matrix): number => Math.sqrt(data.reduce((sum, entry) => sum + entry ** 2, 0));
