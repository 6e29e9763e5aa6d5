import {
  broadcastTo,
  cast,
  div,
  equal,
  exp,
  type GradConfig,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  util,
} from '@tensorflow/tfjs-core';
import { rule, ruleOfOutput } from './rule.ts';

interface Axes {
  axis?: number | number[];
}
/** Max and Min name the same attribute differently. */
interface ExtremumAxes extends Axes {
  reductionIndices?: number | number[];
}

/** Sums, means and extrema along axes, and the two softmaxes. Among equal extrema the cotangent is divided. */
export const reductionRules: readonly GradConfig[] = [
  rule<['x'], Axes>('Sum', ['x'], (dy, { x }, { axis }) => ({ x: () => broadcastTo(withAxes(dy, x, axis), x.shape) })),

  rule<['x'], Axes>('Mean', ['x'], (dy, { x }, { axis }) => ({
    x: () => broadcastTo(div(withAxes(dy, x, axis), x.size / dy.size), x.shape),
  })),

  ...['Max', 'Min'].map(
    (kernelName): GradConfig => ({
      kernelName,
      inputsToSave: ['x'],
      outputsToSave: [true],
      gradFunc: (dy, saved, attributes) => ({
        x: () => {
          const [x, y] = saved as [Tensor, Tensor];
          const { axis, reductionIndices = axis } = attributes as ExtremumAxes;
          const chosen = cast(equal(x, withAxes(y, x, reductionIndices)), 'float32');
          const share = div(
            withAxes(dy as Tensor, x, reductionIndices),
            sum(chosen, axesOf(x, reductionIndices), true),
          );
          return mul(share, chosen);
        },
      }),
    }),
  ),

  ruleOfOutput<{ dim: number }>('Softmax', (dy, y, { dim }) => ({
    logits: () => {
      const weighted = mul(dy, y);
      return sub(weighted, mul(sum(weighted, [dim], true), y));
    },
  })),

  ruleOfOutput<{ axis: number }>('LogSoftmax', (dy, y, { axis }) => ({
    logits: () => sub(dy, mul(sum(dy, axis, true), exp(y))),
  })),
];

const axesOf = (x: Tensor, axis: number | number[] | undefined): number[] => {
  const all = x.shape.map((_, i) => i);
  return axis === undefined || axis === null ? all : util.parseAxisParam(axis, x.shape);
};

/** A reduced tensor with its reduced axes put back as axes of length 1. */
function withAxes(reduced: Tensor, x: Tensor, axis: number | number[] | undefined): Tensor {
  const axes = new Set(axesOf(x, axis));
  return reshape(
    reduced,
    x.shape.map((n, i) => (axes.has(i) ? 1 : n)),
  );
}
