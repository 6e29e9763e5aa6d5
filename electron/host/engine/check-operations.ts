import os from 'node:os';
import {
  type HostNumbers,
  type NativeAttributes,
  type NativeBinding,
  type NativeDevice,
  type NativeType,
  nativeType,
} from '../../../core/models/tensorflow/native/binding.ts';
import { type Case, operationCases } from './operation-cases.ts';

/** What was seen when an engine was checked. */
export interface Verification {
  /** ISO 8601. */
  readonly date: string;
  /** Of the TensorFlow library, as it says itself. */
  readonly version: string;
  readonly abi: number;
  readonly threads: number;
  readonly devices: readonly NativeDevice[];
  /** How many results were compared with sums in plain double precision. */
  readonly results: number;
  /** The largest difference, over the largest entry of the result. */
  readonly worstFloat32: number;
  readonly worstFloat64: number;
  /** Milliseconds of one 512 × 512 × 512 matrix product, the quickest of several. */
  readonly product512Ms: { readonly float32: number; readonly float64: number };
}

interface Precision {
  readonly name: 'float32' | 'float64';
  readonly type: NativeType;
  /** Sums of at most a few hundred terms stay below; TF32 or a wrong kernel does not. */
  readonly tolerance: number;
  array(values: ArrayLike<number>): Float32Array | Float64Array;
}

const precisions: readonly Precision[] = [
  { name: 'float32', type: nativeType.float32, tolerance: 1e-5, array: (values) => Float32Array.from(values) },
  { name: 'float64', type: nativeType.float64, tolerance: 1e-13, array: (values) => Float64Array.from(values) },
];

function execute(binding: NativeBinding, one: Case, { type, array }: Precision): (Float32Array | Float64Array)[] {
  const inputs = one.inputs.map(({ shape, values, whole }) =>
    whole
      ? binding.upload(nativeType.int32, shape, Int32Array.from(values))
      : binding.upload(type, shape, array(values)),
  );
  const ids = inputs.map(({ id }) => id);
  try {
    const outputs = binding.execute(one.operation, ids, one.attributes, one.outputs);
    try {
      return one.expected.map(({ output, values }) => {
        const value = outputs[output];
        if (value === undefined) throw new Error(`${one.operation} gave no output ${output}`);
        const size = value.shape.reduce((product, length) => product * length, 1);
        if (size !== values.length) throw new Error(`${one.operation} gave the shape [${value.shape}]`);
        const read = array({ length: size });
        binding.read(value.id, read);
        return read;
      });
    } finally {
      for (const { id } of outputs) binding.free(id);
    }
  } finally {
    for (const id of ids) binding.free(id);
  }
}

/** ‖found − expected‖∞ / ‖expected‖∞; NaN where either holds one. */
function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs((found[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    if (Number.isNaN(distance)) return Number.NaN;
    worst = Math.max(worst, distance);
    largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  }
  return worst / (largest || 1);
}

/** Throws an Error that names the first operation whose result is wrong. */
function worstDifference(binding: NativeBinding, cases: readonly Case[], precision: Precision): number {
  let worst = 0;
  for (const one of cases) {
    const found = execute(binding, one, precision);
    for (const [index, { output, values }] of one.expected.entries()) {
      const distance = difference(found[index] ?? [], values);
      if (!(distance <= precision.tolerance))
        throw new Error(
          `${one.operation} (${one.about}) in ${precision.name} is off by ${distance.toExponential(1)} at output ${output}`,
        );
      worst = Math.max(worst, distance);
    }
  }
  return worst;
}

const side = 512;
const repeats = 7;

function product512Ms(binding: NativeBinding, { type, array }: Precision): number {
  const values: HostNumbers = array(Float64Array.from({ length: side * side }, (_, i) => Math.sin(i)));
  const matrix = binding.upload(type, [side, side], values);
  const attributes: NativeAttributes = {};
  const into = array({ length: side * side });
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const began = performance.now();
    const [product] = binding.execute('MatMul', [matrix.id, matrix.id], attributes, 1);
    if (product === undefined) throw new Error('MatMul gave no output');
    // Reading waits for a device that works on its own.
    binding.read(product.id, into);
    best = Math.min(best, performance.now() - began);
    binding.free(product.id);
  }
  binding.free(matrix.id);
  return best;
}

/**
 * Runs the operations that training and second derivatives stand on, in both precisions, and compares each with plain
 * sums in doubles. Throws an Error that says what is wrong.
 */
export function checkOperations(binding: NativeBinding): Verification {
  const threads = os.availableParallelism();
  binding.start(threads);
  const cases = operationCases();
  const [float32 = Number.NaN, float64 = Number.NaN] = precisions.map((one) => worstDifference(binding, cases, one));
  const left = binding.alive().tensors;
  if (left !== 0) throw new Error(`${left} tensors were not given back`);
  const [single = Number.NaN, double = Number.NaN] = precisions.map((one) => product512Ms(binding, one));
  return {
    date: new Date().toISOString(),
    version: binding.version,
    abi: binding.abi,
    threads,
    devices: binding.devices().map(({ name, kind, memoryBytes }) => ({ name, kind, memoryBytes })),
    results: precisions.length * cases.reduce((sum, { expected }) => sum + expected.length, 0),
    worstFloat32: float32,
    worstFloat64: float64,
    product512Ms: { float32: single, float64: double },
  };
}
