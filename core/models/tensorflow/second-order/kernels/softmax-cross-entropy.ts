import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { HostBackend } from './host-view.ts';
import { hostKernel } from './kernel.ts';

/**
 * Softmax cross-entropy of each example, ℓ = s·ln Σₖ exp zₖ − Σₖ yₖ zₖ with s = Σₖ yₖ (1 for ordinary labels), and its
 * first two derivatives in closed form: ∂ℓ/∂z = s p − y and (∂²ℓ/∂z²) u = s (p∘u − p (p·u)) with p = softmax z.
 * One pass each over [examples, classes], in doubles, instead of a dozen operations.
 */
export const softmaxCrossEntropy = hostKernel('SoftmaxCrossEntropy', ({ labels, logits }, _, host) => {
  const rows = rowsOf(labels!, logits!, host);
  const out = host.allocate(logits!.shape.slice(0, -1), 'float32');
  const [to, y, z] = [host.floats(out), host.floats(labels!), host.floats(logits!)];
  for (let i = 0; i < to.length; i++) {
    const p = rows(i);
    let sum = 0;
    for (let k = 0; k < p.classes; k++) sum += y[p.start + k]! * (p.logSum - z[p.start + k]!);
    to[i] = sum;
  }
  return out;
});

export const softmaxCrossEntropyGradient = hostKernel('SoftmaxCrossEntropyGrad', ({ labels, logits, dy }, _, host) => {
  const out = host.allocate(logits!.shape, 'float32');
  const rows = rowsOf(labels!, logits!, host);
  const [to, y, dys] = [host.floats(out), host.floats(labels!), host.floats(dy!)];
  for (let i = 0; i < dys.length; i++) {
    const p = rows(i);
    for (let k = 0; k < p.classes; k++) {
      to[p.start + k] = dys[i]! * (p.mass * p.probabilities[k]! - y[p.start + k]!);
    }
  }
  return out;
});

export const softmaxCrossEntropyCurvature = hostKernel(
  'SoftmaxCrossEntropyCurvature',
  ({ labels, logits, u }, _, host) => {
    const out = host.allocate(logits!.shape, 'float32');
    const rows = rowsOf(labels!, logits!, host);
    const [to, us] = [host.floats(out), host.floats(u!)];
    const examples = to.length / (logits!.shape.at(-1) || 1);
    for (let i = 0; i < examples; i++) {
      const p = rows(i);
      let mean = 0;
      for (let k = 0; k < p.classes; k++) mean += p.probabilities[k]! * us[p.start + k]!;
      for (let k = 0; k < p.classes; k++) {
        to[p.start + k] = p.mass * p.probabilities[k]! * (us[p.start + k]! - mean);
      }
    }
    return out;
  },
);

interface Row {
  start: number;
  readonly classes: number;
  /** ln Σ exp z. */
  logSum: number;
  /** Σ y. */
  mass: number;
  readonly probabilities: Float64Array;
}

/** One example's numbers, in an object that is used again for the next. */
function rowsOf(labels: TensorInfo, logits: TensorInfo, host: HostBackend): (i: number) => Row {
  const classes = logits.shape.at(-1) ?? 1;
  const [y, z] = [host.floats(labels), host.floats(logits)];
  const row: Row = { start: 0, classes, logSum: 0, mass: 0, probabilities: new Float64Array(classes) };
  const p = row.probabilities;
  return (i) => {
    const start = i * classes;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) most = Math.max(most, z[start + k]!);
    let sum = 0;
    let mass = 0;
    for (let k = 0; k < classes; k++) {
      p[k] = Math.exp(z[start + k]! - most);
      sum += p[k]!;
      mass += y[start + k]!;
    }
    for (let k = 0; k < classes; k++) p[k]! /= sum;
    row.start = start;
    row.mass = mass;
    row.logSum = most + Math.log(sum);
    return row;
  };
}
