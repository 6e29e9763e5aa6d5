import {
  abs,
  add,
  cast,
  cos,
  cosh,
  div,
  exp,
  floor,
  type GradConfig,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  logicalAnd,
  logicalNot,
  mul,
  neg,
  pow,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  step,
  sub,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { sumToShape } from './broadcasting.ts';
import { rule, ruleOfOutput } from './rule.ts';

/** y = f(x) element by element, with slope f'(x). */
const unary = (kernelName: string, slope: (x: Tensor) => Tensor): GradConfig =>
  rule(kernelName, ['x'], (dy, { x }) => ({ x: () => mul(dy, slope(x)) }));

/** The same with the slope given by y. */
const unaryOfOutput = (kernelName: string, slope: (y: Tensor) => Tensor): GradConfig =>
  ruleOfOutput(kernelName, (dy, y) => ({ x: () => mul(dy, slope(y)) }));

/** y = f(a, b) with broadcasting; `da` and `db` are the cotangents before they are summed to the inputs' shapes. */
const binary = (
  kernelName: string,
  da: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  db: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
): GradConfig =>
  rule(kernelName, ['a', 'b'], (dy, { a, b }) => ({
    a: () => sumToShape(da(dy, a, b), a.shape),
    b: () => sumToShape(db(dy, a, b), b.shape),
  }));

/** Zeros and ones of a comparison as numbers. */
const indicator = (condition: Tensor): Tensor => cast(condition, 'float32');
const real = (x: Tensor): Tensor => (x.dtype === 'float32' ? x : cast(x, 'float32'));
const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/**
 * Elementary functions. The core package of TensorFlow.js registers no derivative rules by itself, so all are here;
 * at kinks they take the value of one side, as the library's own do.
 */
export const elementwiseRules: readonly GradConfig[] = [
  rule('Identity', [], (dy) => ({ x: () => dy })),
  rule('Cast', [], (dy) => ({ x: () => dy })),
  rule('Neg', [], (dy) => ({ x: () => neg(dy) })),
  unary('Abs', sign),
  unary('Square', (x) => mul(x, 2)),
  unary('Log', (x) => div(1, x)),
  unary('Log1p', (x) => div(1, add(x, 1))),
  unary('Expm1', exp),
  unary('Sin', cos),
  unary('Cos', (x) => neg(sin(x))),
  unary('Tan', (x) => div(1, square(cos(x)))),
  unary('Sinh', cosh),
  unary('Cosh', sinh),
  unary('Asin', (x) => rsqrt(sub(1, square(x)))),
  unary('Acos', (x) => neg(rsqrt(sub(1, square(x))))),
  unary('Atan', (x) => div(1, add(square(x), 1))),
  unary('Asinh', (x) => rsqrt(add(square(x), 1))),
  unary('Acosh', (x) => rsqrt(sub(square(x), 1))),
  unary('Atanh', (x) => div(1, sub(1, square(x)))),
  unary('Erf', (x) => mul(exp(neg(square(x))), twoOverRootPi)),
  unary('Softplus', sigmoid),
  unary('Relu', (x) => step(x)),
  unaryOfOutput('Exp', (y) => y),
  unaryOfOutput('Tanh', (y) => sub(1, square(y))),
  unaryOfOutput('Sigmoid', (y) => mul(y, sub(1, y))),
  unaryOfOutput('Sqrt', (y) => div(0.5, y)),
  unaryOfOutput('Reciprocal', (y) => neg(square(y))),
  unary('Rsqrt', (x) => div(-0.5, mul(x, sqrt(x)))),

  binary(
    'Add',
    (dy) => dy,
    (dy) => dy,
  ),
  binary('Sub', (dy) => dy, neg),
  binary(
    'Multiply',
    (dy, _, b) => mul(dy, real(b)),
    (dy, a) => mul(dy, real(a)),
  ),
  binary(
    'RealDiv',
    (dy, _, b) => div(dy, real(b)),
    (dy, a, b) => neg(mul(dy, div(real(a), square(real(b))))),
  ),
  binary(
    'Maximum',
    (dy, a, b) => mul(dy, indicator(greaterEqual(a, b))),
    (dy, a, b) => mul(dy, indicator(less(a, b))),
  ),
  binary(
    'Minimum',
    (dy, a, b) => mul(dy, indicator(lessEqual(a, b))),
    (dy, a, b) => mul(dy, indicator(greater(a, b))),
  ),
  binary(
    'SquaredDifference',
    (dy, a, b) => mul(dy, mul(sub(a, b), 2)),
    (dy, a, b) => mul(dy, mul(sub(b, a), 2)),
  ),
  binary(
    'Mod',
    (dy) => dy,
    (dy, a, b) => neg(mul(dy, floor(div(a, b)))),
  ),
  binary(
    'Atan2',
    (dy, a, b) => mul(dy, div(b, add(square(a), square(b)))),
    (dy, a, b) => neg(mul(dy, div(a, add(square(a), square(b))))),
  ),
  binary(
    'Pow',
    (dy, a, b) => mul(dy, mul(real(b), pow(a, sub(real(b), 1)))),
    // a^b ln a is 0 at a = 0 for b > 0 and undefined for a < 0, where b must be a constant.
    (dy, a, b) => mul(dy, mul(pow(a, real(b)), where(greater(a, 0), log(abs(a)), zerosLike(a)))),
  ),

  rule('Select', ['condition'], (dy, { condition }) => ({
    t: () => mul(dy, indicator(condition)),
    e: () => mul(dy, indicator(logicalNot(condition))),
  })),
  rule<['x'], { clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    ['x'],
    (dy, { x }, { clipValueMin, clipValueMax }) => ({
      x: () => mul(dy, indicator(logicalAnd(greaterEqual(x, clipValueMin), lessEqual(x, clipValueMax)))),
    }),
  ),
];
