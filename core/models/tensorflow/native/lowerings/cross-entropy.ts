import type { NativeValue } from '../binding.ts';
import type { Lowering, NativeOperations } from '../lowering.ts';
import { reshape, sizeOf, sum } from './values.ts';

/**
 * Softmax cross-entropy of each example and its two derivatives; with p = softmax z and s = Σ y these are
 * s·ln Σ exp z − y·z, the cotangent dy (s p − y), and s (p∘u − p (p·u)).
 */
export const crossEntropyLowerings: Readonly<Record<string, Lowering>> = {
  SoftmaxCrossEntropy: (native, { labels, logits }) => {
    const shape = [rows(logits!), logits!.shape.at(-1) ?? 1];
    const inputs = [reshape(native, logits!, shape), reshape(native, labels!, shape)];
    const [loss] = native.runMany('SoftmaxCrossEntropyWithLogits', inputs, {}, 2);
    return reshape(native, loss!, logits!.shape.slice(0, -1));
  },
  SoftmaxCrossEntropyGrad: (native, { labels, logits, dy }) => {
    const wanted = native.run('Sub', [weighted(native, labels!, logits!), labels!]);
    return native.run('Mul', [wanted, native.run('ExpandDims', [dy!, native.int(-1)])]);
  },
  SoftmaxCrossEntropyCurvature: (native, { labels, logits, u }) => {
    const p = native.run('Softmax', [logits!]);
    const mean = sum(native, native.run('Mul', [p, u!]), [-1], true);
    return native.run('Mul', [weighted(native, labels!, logits!, p), native.run('Sub', [u!, mean])]);
  },
};

const rows = (v: NativeValue): number => sizeOf(v.shape.slice(0, -1));

/** s p. */
function weighted(
  native: NativeOperations,
  labels: NativeValue,
  logits: NativeValue,
  p = native.run('Softmax', [logits]),
): NativeValue {
  return native.run('Mul', [p, sum(native, labels, [-1], true)]);
}
