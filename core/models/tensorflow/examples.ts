import { type Tensor, type Tensor2D, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { BadInput } from '../../bad-input.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { BatchKey } from '../../objective/objective.ts';

/** Some examples on the device: inputs, targets one row each (one-hot for classes), and class labels if they have any. */
export interface ExampleBatch {
  readonly count: number;
  readonly inputs: Tensor;
  readonly targets: Tensor2D;
  readonly labels: Int32Array | null;
}

/** A data set as tensors, in parts of bounded size. */
export interface Examples {
  readonly count: number;
  /**
   * Runs `body` on one part after the other, of the examples of `key` or of all; the tensors of all examples are made
   * once and kept, those of a key are freed after each part.
   */
  forEachPart(key: BatchKey | undefined, body: (part: ExampleBatch, index: number) => Promise<void>): Promise<void>;
  dispose(): void;
}

/** Rows of a row-major table, in the realm's floats. */
function rowsOf(table: HostVector, width: number, rows: ArrayLike<number> | null): Float32Array {
  if (rows === null) return Float32Array.from(table);
  const out = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const start = (rows[i] ?? 0) * width;
    out.set(table.subarray(start, start + width), i * width);
  }
  return out;
}

function checkKey(key: BatchKey, examples: number): void {
  if (key.length === 0) throw new RangeError('A batch needs at least one example.');
  for (const index of key)
    if (index < 0 || index >= examples) throw new RangeError(`Example ${index} is not among 0…${examples - 1}.`);
}

/**
 * A data set for a model with `outputWidth` outputs. Batches are gathered on the host and sent: on the wasm backend a
 * gather of rows on the device costs more than the copy. Throws `BadInput` where data and model do not fit.
 */
export function examplesOf(
  data: Dataset,
  inputShape: readonly number[],
  outputWidth: number,
  partSize: number,
): Examples {
  const { targets } = data;
  const width = data.inputShape.reduce((product, extent) => product * extent, 1);
  const targetWidth = targets.kind === 'classes' ? targets.classes : targets.width;
  if (data.examples < 1) throw new BadInput(`The data set ${data.name} is empty.`, 'Give at least one example.');
  if (inputShape.join() !== data.inputShape.join())
    throw new BadInput(
      `The model takes inputs of the shape [${inputShape.join(', ')}], but ${data.name} has [${data.inputShape.join(', ')}].`,
      'Use a model for this data, or other data.',
    );
  if (targetWidth !== outputWidth)
    throw new BadInput(
      `The model has ${outputWidth} outputs, but ${data.name} has ${targetWidth} ${targets.kind === 'classes' ? 'classes' : 'target values'}.`,
      `Give the last layer ${targetWidth} units.`,
    );
  const wrong =
    targets.kind === 'classes' ? targets.labels.find((label) => label < 0 || label >= targetWidth) : undefined;
  if (wrong !== undefined)
    throw new BadInput(`${data.name} has the label ${wrong}.`, `Labels must be 0…${targetWidth - 1}.`);

  function batchOf(key: BatchKey | null): ExampleBatch {
    const count = key?.length ?? data.examples;
    const inputs = tensor(rowsOf(data.inputs, width, key), [count, ...inputShape]);
    if (targets.kind === 'values') {
      const values = tensor2d(rowsOf(targets.values, targetWidth, key), [count, targetWidth]);
      return { count, inputs, targets: values, labels: null };
    }
    const labels = key ? Int32Array.from(key, (index) => targets.labels[index] ?? 0) : targets.labels;
    const oneHot = new Float32Array(count * targetWidth);
    for (let i = 0; i < count; i++) oneHot[i * targetWidth + (labels[i] ?? 0)] = 1;
    return { count, inputs, targets: tensor2d(oneHot, [count, targetWidth]), labels };
  }

  const wholeParts: ExampleBatch[] = [];
  let users = 0;
  let disposed = false;

  function releaseUnused(): void {
    if (!disposed || users > 0) return;
    for (const part of wholeParts.splice(0)) release(part);
  }

  async function forEachPart(
    key: BatchKey | undefined,
    body: (part: ExampleBatch, index: number) => Promise<void>,
  ): Promise<void> {
    if (disposed) throw new Error('This objective was disposed.');
    if (key) checkKey(key, data.examples);
    const count = key?.length ?? data.examples;
    users++;
    try {
      for (let start = 0, i = 0; start < count; start += partSize, i++) {
        const end = Math.min(count, start + partSize);
        const part = key ? batchOf(key.subarray(start, end)) : (wholeParts[i] ?? batchOf(partOfAll(start, end)));
        if (!key) wholeParts[i] = part;
        try {
          await body(part, i);
        } finally {
          if (key) release(part);
        }
      }
    } finally {
      users--;
      releaseUnused();
    }
  }

  function partOfAll(start: number, end: number): BatchKey | null {
    return start === 0 && end === data.examples ? null : Int32Array.from({ length: end - start }, (_, i) => start + i);
  }

  return {
    count: data.examples,
    forEachPart,
    dispose() {
      disposed = true;
      releaseUnused();
    },
  };
}

function release(batch: ExampleBatch): void {
  batch.inputs.dispose();
  batch.targets.dispose();
}
