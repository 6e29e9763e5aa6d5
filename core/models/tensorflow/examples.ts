import { type Tensor, type Tensor2D, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { BadInput } from '../../bad-input.ts';
import { gatheredRows } from '../../data/chunks.ts';
import { type AnyDataset, inputWidth, isChunked } from '../../data/dataset.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Gate } from '../../objective/gate.ts';
import type { BatchKey } from '../../objective/objective.ts';
import { otherWidth } from '../class-numbers.ts';

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
  /** Whether the targets are classes. */
  readonly hasClasses: boolean;
  /**
   * Runs `body` on one part after the other, of the examples of `key` or of all. The tensors of the first parts of all
   * examples are made once and kept, as many as may be held; those of the others and of a key are freed after each part.
   * `from`: only the parts from this one on, for what holds something of the first parts.
   */
  forEachPart(
    key: BatchKey | undefined,
    body: (part: ExampleBatch, index: number) => Promise<void>,
    from?: number,
  ): Promise<void>;
  dispose(): void;
}

export interface ExamplesOptions {
  /** Bytes of tensors that are kept; default 1 GiB. */
  readonly heldBytes?: number;
  /** Passed before every part. */
  readonly gate?: Gate | null;
}

/** Some of the examples: by key, or those from `start` on. */
interface Span {
  readonly start: number;
  readonly count: number;
  readonly key: BatchKey | null;
}

/** Rows of a row-major table in the realm's floats, in an array of their own: the cpu backend keeps what it is given. */
function rowsOf(table: HostVector, width: number, { start, count, key }: Span): Float32Array {
  if (key === null) return new Float32Array(table.subarray(start * width, (start + count) * width));
  const out = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const from = (key[i] ?? 0) * width;
    out.set(table.subarray(from, from + width), i * width);
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
 * gather of rows on the device costs more than the copy. Rows that are not in memory are read while the part before them
 * is worked on, so that two parts are in memory at most. Throws `BadInput` where data and model do not fit.
 */
export function examplesOf(
  data: AnyDataset,
  inputShape: readonly number[],
  outputWidth: number,
  partSize: number,
  { heldBytes = 2 ** 30, gate = null }: ExamplesOptions = {},
): Examples {
  const { targets } = data;
  const width = inputWidth(data);
  const targetWidth = targets.kind === 'classes' ? targets.classes : targets.width;
  if (data.examples < 1) throw new BadInput(`The data set ${data.name} is empty.`, 'Give at least one example.');
  if (inputShape.join() !== data.inputShape.join())
    throw new BadInput(
      `The model takes inputs of the shape [${inputShape.join(', ')}], but ${data.name} has [${data.inputShape.join(', ')}].`,
      'Use a model for this data, or other data.',
    );
  if (targetWidth !== outputWidth) throw otherWidth(data, outputWidth);
  const wrong =
    targets.kind === 'classes' ? targets.labels.find((label) => label < 0 || label >= targetWidth) : undefined;
  if (wrong !== undefined)
    throw new BadInput(`${data.name} has the label ${wrong}.`, `Labels must be 0…${targetWidth - 1}.`);

  function inputsOf(span: Span): HostVector | Promise<HostVector> {
    if (!isChunked(data)) return rowsOf(data.inputs, width, span);
    const { start, count, key } = span;
    return key ? gatheredRows(data, key) : data.rows.read(start, start + count);
  }

  function batchOf(span: Span, rows: HostVector): ExampleBatch {
    const { start, count, key } = span;
    // One that came from elsewhere may be of the other precision.
    const values = rows instanceof Float32Array ? rows : new Float32Array(rows);
    const inputs = tensor(values, [count, ...inputShape]);
    if (targets.kind === 'values') {
      const wanted = tensor2d(rowsOf(targets.values, targetWidth, span), [count, targetWidth]);
      return { count, inputs, targets: wanted, labels: null };
    }
    const labels = key
      ? Int32Array.from(key, (index) => targets.labels[index] ?? 0)
      : targets.labels.subarray(start, start + count);
    const oneHot = new Float32Array(count * targetWidth);
    for (let i = 0; i < count; i++) oneHot[i * targetWidth + (labels[i] ?? 0)] = 1;
    return { count, inputs, targets: tensor2d(oneHot, [count, targetWidth]), labels };
  }

  const bytesOf = ({ count }: ExampleBatch) => count * (width + targetWidth) * Float32Array.BYTES_PER_ELEMENT;
  const heldParts: ExampleBatch[] = [];
  let held = 0;
  let users = 0;
  let disposed = false;

  /** Keeps the part if it is the next one and fits; the held parts are always the first ones. */
  function hold(part: ExampleBatch, index: number): boolean {
    if (index !== heldParts.length || held + bytesOf(part) > heldBytes) return false;
    heldParts.push(part);
    held += bytesOf(part);
    return true;
  }

  function releaseUnused(): void {
    if (!disposed || users > 0) return;
    for (const part of heldParts.splice(0)) release(part);
  }

  function spansOf(key: BatchKey | undefined): Span[] {
    const count = key?.length ?? data.examples;
    return Array.from({ length: Math.ceil(count / partSize) }, (_, i) => {
      const start = i * partSize;
      const end = Math.min(count, start + partSize);
      return { start, count: end - start, key: key?.subarray(start, end) ?? null };
    });
  }

  /** The inputs of a part that is not held, on their way; a failure is told to the one who waits for them. */
  function ahead(span: Span | undefined, index: number): Promise<HostVector> | null {
    if (!isChunked(data) || !span || (!span.key && index < heldParts.length)) return null;
    const rows = Promise.resolve(inputsOf(span));
    rows.catch(() => {});
    return rows;
  }

  async function forEachPart(
    key: BatchKey | undefined,
    body: (part: ExampleBatch, index: number) => Promise<void>,
    from = 0,
  ): Promise<void> {
    if (disposed) throw new Error('This objective was disposed.');
    if (key) checkKey(key, data.examples);
    const spans = spansOf(key);
    users++;
    try {
      let next = ahead(spans[from], from);
      for (const [i, span] of spans.entries()) {
        if (i < from) continue;
        // Not before the first part: what is one piece is finished.
        if (i > 0) await gate?.pass();
        const there = key ? undefined : heldParts[i];
        const rows = there ? null : next ? await next : await inputsOf(span);
        next = ahead(spans[i + 1], i + 1);
        // Another call may have made it meanwhile.
        const part = (key ? undefined : heldParts[i]) ?? batchOf(span, rows ?? (await inputsOf(span)));
        const keep = heldParts[i] === part || (!key && hold(part, i));
        try {
          await body(part, i);
        } finally {
          if (!keep) release(part);
        }
      }
    } finally {
      users--;
      releaseUnused();
    }
  }

  return {
    count: data.examples,
    hasClasses: targets.kind === 'classes',
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
