import { add, exp, type GradConfig, mul, neg, relu, step, sub, type Tensor } from '@tensorflow/tfjs-core';
import { sumToShape } from './broadcasting.ts';
import { rule } from './rule.ts';

// Klambauer et al. (2017), Self-normalizing neural networks.
const seluAlphaScale = 1.7580993408473768;
const seluScale = 1.0507009873554805;

/** exp(min(x, 0)), written so that the exponent cannot overflow where it is not used. */
const expOfNegativePart = (x: Tensor): Tensor => exp(neg(relu(neg(x))));

/** Piecewise activations in a form that can be differentiated again: smooth on each side, chosen by a step. */
export const activationRules: readonly GradConfig[] = [
  rule('Elu', ['x'], (dy, { x }) => ({ x: () => mul(dy, expOfNegativePart(x)) })),

  rule('Selu', ['x'], (dy, { x }) => ({
    x: () => {
      const positive = step(x);
      const negative = mul(mul(sub(1, positive), seluAlphaScale), expOfNegativePart(x));
      return mul(dy, add(mul(positive, seluScale), negative));
    },
  })),

  rule<['x'], { alpha: number }>('LeakyRelu', ['x'], (dy, { x }, { alpha }) => ({
    x: () => mul(dy, step(x, alpha)),
  })),

  rule('Relu6', ['x'], (dy, { x }) => ({ x: () => mul(dy, sub(step(x), step(sub(x, 6)))) })),

  rule('Prelu', ['x', 'alpha'], (dy, { x, alpha }) => ({
    x: () => {
      const positive = step(x);
      return mul(dy, add(positive, mul(sub(1, positive), alpha)));
    },
    alpha: () => sumToShape(neg(mul(dy, relu(neg(x)))), alpha.shape),
  })),
];
