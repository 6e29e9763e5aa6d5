import { multiply, type ResidentMatrix, transposed } from '../../linalg/spaces/float64-gemm.ts';
import { type Scope, withScope } from './mlp-passes.ts';
import type { MlpPoint } from './mlp-point.ts';
import { type UnitResponses, unitResponses } from './unit-responses.ts';

/** One layer as the columns see it: its bias is the last row of its kernel, for an input that is always 1. */
interface Layer {
  /** N × rows: A of the layer before, and the ones. */
  readonly inputs: ResidentMatrix;
  /** Width of A of the layer before. */
  readonly width: number;
  readonly units: number;
  /** Where the rows of `inputs` begin in θ. */
  readonly offsets: Int32Array;
  readonly first: number;
  readonly end: number;
}

/** The parameters that a call asks for, as far as they belong to one layer and matter at all. */
interface Asked {
  readonly rows: number[];
  readonly units: number[];
  /** Which column of the answer. */
  readonly columns: number[];
}

/** Numbers in one matrix at a time: it stays in the second cache. */
const matrixSize = 131072;

/**
 * The columns of H that belong to the parameters from … to − 1, one after another (p numbers each). Raising the weight
 * (a, b) of layer l moves Zₗ of unit b by A_{l−1,a}, so that every R{·} of the R-operator above it is A_{l−1,a} times the
 * response to that unit, and all responses are known from one pass for the units. For the weights of a layer m:
 *
 *   m ≥ l:  R{δₘ} = A_{l−1,a} ∂δₘ/∂Z_{l,b}     m < l:  R{δₘ} = A_{l−1,a} ∂δₗ,b/∂Zₘ + δₗ,b ∂A_{l−1,a}/∂Zₘ
 *   R{A_{m−1}} = A_{l−1,a} ∂A_{m−1}/∂Z_{l,b} for m > l, zero below
 *
 * and the column is A_{m−1}ᵀR{δₘ} + R{A_{m−1}}ᵀδₘ, examples summed by products of matrices for all columns together. No
 * number depends on how many columns are asked for at once.
 *
 * Cost: 2 N p operations a column, at most 4 N p (a single product: 4 to 12 N p), and once a point the responses, which
 * live in `scope`.
 */
export function hessianColumns(point: MlpPoint, scope: Scope): (from: number, to: number) => Float64Array {
  const layers = layersOf(point, scope);
  const responses = unitResponses(point, scope);
  const p = point.model.layout.dim;
  const widest = layers.reduce((most, { units, width }) => Math.max(most, units, width), 1);
  const most = Math.max(1, Math.floor(matrixSize / (point.batch.x.rows * widest)));
  return (from, to) => {
    if (!(from >= 0 && from <= to && to <= p)) throw new RangeError(`There are no columns ${from} … ${to} of ${p}.`);
    const out = new Float64Array((to - from) * p);
    for (let start = from; start < to; start += most) {
      const end = Math.min(to, start + most);
      const into = out.subarray((start - from) * p, (end - from) * p);
      layers.forEach((layer, l) => {
        const asked = askedOf(layer, start, end);
        if (asked.rows.length > 0) addColumns({ point, layers, responses }, l, asked, into);
      });
    }
    return out;
  };
}

function layersOf({ model, states, batch }: MlpPoint, scope: Scope): Layer[] {
  let block = 0;
  return model.dense.map(({ inputs: allInputs, units, bias }, l) => {
    const { offset } = model.layout.blocks[block]!;
    block += bias ? 2 : 1;
    const values = l > 0 ? states[l - 1]!.value : batch.x;
    const kept = l === 0 ? batch.kept : null;
    const width = values.columns;
    const offsets = Int32Array.from({ length: width + (bias ? 1 : 0) }, (_, row) => {
      if (row === width) return offset + allInputs * units;
      return offset + (kept ? kept[row]! : row) * units;
    });
    const end = offset + (allInputs + (bias ? 1 : 0)) * units;
    return { inputs: bias ? withOnes(values, scope) : values, width, units, offsets, first: offset, end };
  });
}

function withOnes({ rows, columns, data }: ResidentMatrix, scope: Scope): ResidentMatrix {
  const wider = scope.matrix(rows, columns + 1);
  for (let i = 0; i < rows; i++) {
    const at = i * (columns + 1);
    wider.data.set(data.subarray(i * columns, (i + 1) * columns), at);
    wider.data[at + columns] = 1;
  }
  return wider;
}

/** Rows of inputs that are zero in all examples have columns of zeros and are left out. */
function askedOf({ offsets, units, first, end }: Layer, from: number, to: number): Asked {
  const asked: Asked = { rows: [], units: [], columns: [] };
  if (to <= first || from >= end) return asked;
  offsets.forEach((offset, row) => {
    for (let j = Math.max(from, offset); j < Math.min(to, offset + units); j++) {
      asked.rows.push(row);
      asked.units.push(j - offset);
      asked.columns.push(j - from);
    }
  });
  return asked;
}

interface Parts {
  readonly point: MlpPoint;
  readonly layers: readonly Layer[];
  readonly responses: UnitResponses;
}

/** The columns of the weights that are asked for in layer l. */
function addColumns(parts: Parts, l: number, asked: Asked, into: Float64Array): void {
  for (let m = 0; m < parts.layers.length; m++) {
    withScope((scratch) => {
      setByErrors(parts, l, m, asked, into, scratch);
      if (m > l) addByValues(parts, l, m, asked, into, scratch);
    });
  }
}

/** A_{m−1}ᵀR{δₘ} of every column. */
function setByErrors(parts: Parts, l: number, m: number, asked: Asked, into: Float64Array, scratch: Scope): void {
  const { inputs, units, offsets } = parts.layers[m]!;
  const k = asked.rows.length;
  const p = parts.point.model.layout.dim;
  const errors = scratch.matrix(inputs.rows, k * units);
  if (m >= l) scaledResponses(errors.data, parts.layers[l]!, parts.responses.deltas[l]![m - l]!, asked);
  else errorsBelow(errors.data, parts, l, m, asked);
  const products = scratch.matrix(offsets.length, k * units);
  multiply(products, transposed(inputs), errors);
  for (let row = 0; row < offsets.length; row++) {
    for (let j = 0; j < k; j++) {
      const from = (row * k + j) * units;
      const to = asked.columns[j]! * p + offsets[row]!;
      for (let b = 0; b < units; b++) into[to + b] = products.data[from + b]!;
    }
  }
}

/** R{A_{m−1}}ᵀδₘ of every column, for a layer above that of the weights. */
function addByValues(parts: Parts, l: number, m: number, asked: Asked, into: Float64Array, scratch: Scope): void {
  const { inputs, width, units, offsets } = parts.layers[m]!;
  const k = asked.rows.length;
  const p = parts.point.model.layout.dim;
  const values = scratch.matrix(inputs.rows, k * width);
  scaledResponses(values.data, parts.layers[l]!, parts.responses.values[l]![m - 1 - l]!, asked);
  const products = scratch.matrix(k * width, units);
  multiply(products, transposed(values), parts.point.deltas[m]!);
  const size = width * units;
  for (let j = 0; j < k; j++) {
    const to = asked.columns[j]! * p + offsets[0]!;
    for (let i = 0; i < size; i++) into[to + i] = into[to + i]! + products.data[j * size + i]!;
  }
}

/** A_{l−1,a} times the response to unit b, for every example and column. */
function scaledResponses(to: Float64Array, { inputs, units }: Layer, response: ResidentMatrix, asked: Asked): void {
  const { columns, data } = response;
  const k = asked.rows.length;
  let at = 0;
  for (let i = 0; i < inputs.rows; i++) {
    for (let j = 0; j < k; j++) {
      const factor = inputs.data[i * inputs.columns + asked.rows[j]!]!;
      const from = (i * units + asked.units[j]!) * columns;
      for (let c = from; c < from + columns; c++, at++) to[at] = factor * data[c]!;
    }
  }
}

/** R{δₘ} of a layer below that of the weights. */
function errorsBelow(to: Float64Array, { point, layers, responses }: Parts, l: number, m: number, asked: Asked): void {
  const { inputs, width, units } = layers[l]!;
  const own = layers[m]!.units;
  const delta = point.deltas[l]!.data;
  const curved = responses.deltas[m]![l - m]!.data;
  const values = responses.values[m]![l - 1 - m]!.data;
  const k = asked.rows.length;
  let at = 0;
  for (let i = 0; i < inputs.rows; i++) {
    for (let j = 0; j < k; j++) {
      const [a, b] = [asked.rows[j]!, asked.units[j]!];
      const factor = inputs.data[i * inputs.columns + a]!;
      const share = a < width ? delta[i * units + b]! : 0;
      const row = a < width ? a : 0;
      for (let c = i * own; c < (i + 1) * own; c++, at++) {
        to[at] = factor * curved[c * units + b]! + share * values[c * width + row]!;
      }
    }
  }
}
