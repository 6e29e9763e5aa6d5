import { util } from '@tensorflow/tfjs-core';
import type { Expressions, MergedSum, Term } from './expressions.ts';
import type { Expression, OutputForm, SymbolicStep } from './symbolic.ts';
import { sameShape } from './symbolic.ts';

/** An operand of a traced kernel: linear in the vector, or fixed. */
export type Operand = { readonly term: Term } | { readonly fixed: Expression };

export interface TracedKernel {
  readonly kernel: string;
  readonly operands: Readonly<Record<string, Operand>>;
  readonly attributes: SymbolicStep['attributes'];
  readonly outputs: readonly OutputForm[];
}

/** How a traced function is written down. */
export interface RuleSet {
  readonly rules: Readonly<Record<string, Rule>>;
  readonly mergedSums: readonly MergedSum[];
}

/** What one kernel becomes; undefined where the rule does not fit, so that the kernel is taken as it is. */
export type Rule = (e: Expressions, step: TracedKernel) => Term | readonly Term[] | undefined;

const termOf = (operand: Operand | undefined): Term | undefined =>
  operand && 'term' in operand ? operand.term : undefined;
const fixedOf = (operand: Operand | undefined): Expression | undefined =>
  operand && 'fixed' in operand ? operand.fixed : undefined;

/** Kernels that are linear in any one of the named operands while the others are fixed. */
const linearIn: Readonly<Record<string, readonly string[]>> = {
  BatchMatMul: ['a', 'b'],
  Conv2D: ['x', 'filter'],
  Conv2DBackpropFilter: ['x', 'dy'],
  Conv2DBackpropInput: ['dy', 'filter'],
  DepthwiseConv2dNative: ['x', 'filter'],
  DepthwiseConv2dNativeBackpropFilter: ['x', 'dy'],
  DepthwiseConv2dNativeBackpropInput: ['dy', 'filter'],
  Conv3D: ['x', 'filter'],
  Conv3DBackpropFilterV2: ['x', 'dy'],
  Conv3DBackpropInputV2: ['dy', 'filter'],
  Transpose: ['x'],
  Slice: ['x'],
  StridedSlice: ['x'],
  Tile: ['x'],
  GatherV2: ['x'],
  GatherNd: ['params'],
  ScatterNd: ['updates'],
  UnsortedSegmentSum: ['x'],
  GatherFromPositions: ['x'],
  ScatterToPositions: ['dy'],
  AvgPool: ['x'],
  AvgPoolGrad: ['dy'],
  AvgPool3D: ['x'],
  AvgPool3DGrad: ['dy'],
  Reverse: ['x'],
  Mean: ['x'],
  Cumsum: ['x'],
  MirrorPad: ['x'],
  ResizeBilinear: ['images'],
  ResizeNearestNeighbor: ['images'],
  ResizeBilinearGrad: ['dy'],
  ResizeNearestNeighborGrad: ['dy'],
  BatchToSpaceND: ['x'],
  SpaceToBatchND: ['x'],
  DepthToSpace: ['x'],
  SoftmaxCrossEntropyCurvature: ['u'],
};

/** One operand is linear, all others are fixed. */
export const linearRule: Rule = (e, { kernel, operands, attributes, outputs }) => {
  const names = linearIn[kernel];
  const moving = Object.entries(operands).filter(([, operand]) => 'term' in operand);
  const [name, operand] = moving[0] ?? [];
  if (!names || moving.length !== 1 || name === undefined || !names.includes(name)) return undefined;
  const others = Object.entries(operands).flatMap(([other, value]) =>
    'fixed' in value ? [[other, value.fixed] as const] : [],
  );
  return e.linear(kernel, [name, termOf(operand) as Term], others, attributes, outputs[0] as OutputForm);
};

const axesOf = (axis: unknown, rank: number): number[] => {
  const all = Array.from({ length: rank }, (_, i) => i);
  return axis === undefined || axis === null
    ? all
    : util.parseAxisParam(
        axis as number | number[],
        all.map(() => 1),
      );
};

const shapeOf = (operand: Operand): readonly number[] => {
  if ('fixed' in operand) return operand.fixed.shape;
  return 'zero' in operand.term ? operand.term.form.shape : operand.term.symbol.shape;
};

const asMatrix = (e: Expressions, operand: Operand, shape: readonly number[]): Operand =>
  'term' in operand ? { term: e.reshaped(operand.term, shape) } : { fixed: e.fixedReshaped(operand.fixed, shape) };

const unchanged: Rule = (e, { operands, outputs: [output] }) => {
  const x = termOf(operands.x ?? operands.input);
  if (!x || !output || output.dtype !== 'float32') return undefined;
  return e.reshaped(x, output.shape);
};

const addition =
  (sign: 1 | -1): Rule =>
  (e, { operands: { a, b }, outputs: [output] }) => {
    const [left, right] = [termOf(a), termOf(b)];
    if (left && right) return e.sum(left, e.scaled(right, sign));
    const fixed = fixedOf(a) ?? fixedOf(b);
    // Only nothing can be added to a value that is linear in the vector.
    if (!fixed || e.uniform(fixed) !== 0 || !output) return undefined;
    const zero: Term = { zero: true, form: output };
    return left ? e.sum(left, zero) : e.scaled(e.sum(right as Term, zero), sign);
  };

/** The shape of a matrix of which there is one only: [1, m, n] is [m, n]; null for several matrices. */
export const oneMatrix = (shape: readonly number[]): readonly number[] | null =>
  shape.slice(0, -2).every((n) => n === 1) ? shape.slice(-2) : null;

/** Rules for every model and every engine. */
export const generalRules: Readonly<Record<string, Rule>> = {
  Identity: unchanged,
  Cast: unchanged,
  Reshape: unchanged,
  ExpandDims: unchanged,
  // Without the axes of length 1 a reshape before and one after fall away.
  BatchMatMul: (e, step) => {
    const { a, b } = step.operands;
    const [left, right] = [a && oneMatrix(shapeOf(a)), b && oneMatrix(shapeOf(b))];
    const output = step.outputs[0];
    if (!a || !b || !left || !right || !output) return linearRule(e, step);
    const operands = { a: asMatrix(e, a, left), b: asMatrix(e, b, right) };
    const outputs = [{ ...output, shape: output.shape.slice(-2) }];
    const product = linearRule(e, { ...step, operands, outputs });
    return product && e.reshaped(product as Term, output.shape);
  },
  Neg: (e, { operands }) => {
    const x = termOf(operands.x);
    return x && e.scaled(x, -1);
  },
  Multiply: (e, { operands: { a, b } }) => {
    const [term, factor] = [termOf(a) ?? termOf(b), fixedOf(a) ?? fixedOf(b)];
    return term && factor && factor.dtype === 'float32' ? e.multiplied(term, factor) : undefined;
  },
  RealDiv: (e, { operands: { a, b } }) => {
    const [term, divisor] = [termOf(a), fixedOf(b)];
    if (!term || !divisor || divisor.dtype !== 'float32') return undefined;
    const one = e.uniform(divisor);
    if (one !== null) return e.scaled(e.multiplied(term, e.onesOf(divisor.shape)), 1 / one);
    const [inverse] = e.graph.emit('Reciprocal', [['x', divisor]], {}, [divisor]);
    return e.multiplied(term, inverse as Expression);
  },
  Add: addition(1),
  AddV2: addition(1),
  Sub: addition(-1),
  Sum: (e, { operands, attributes }) => {
    const x = termOf(operands.x);
    if (!x) return undefined;
    const axes = axesOf(attributes.axis, shapeOf({ term: x }).length);
    return e.summedOver(x, axes, attributes.keepDims === true);
  },
  Tile: (e, step) => {
    const repeats = step.attributes.reps as readonly number[];
    const x = termOf(step.operands.x);
    return x && repeats.every((n) => n === 1) ? x : linearRule(e, step);
  },
  Transpose: (e, step) => {
    const perm = step.attributes.perm as readonly number[];
    const x = termOf(step.operands.x);
    return x && perm.every((axis, i) => axis === i) ? x : linearRule(e, step);
  },
  PadV2: (e, { kernel, operands, attributes, outputs: [output] }) => {
    const x = termOf(operands.x);
    if (!x || !output || attributes.constantValue !== 0) return undefined;
    return e.linear(kernel, ['x', x], [], attributes, output);
  },
  Slice: (e, step) => {
    const x = termOf(step.operands.x);
    const [output] = step.outputs;
    return x && output && sameShape(shapeOf({ term: x }), output.shape) ? x : linearRule(e, step);
  },
};

/**
 * (∂²ℓ/∂z²) u of softmax cross-entropy written out, so that its factors are computed once a point: with p = softmax z and
 * s = Σ y, s (p∘u − p (p·u)) = q − p Σ q with q = (s p)∘u. For engines that run whole programs.
 */
export const curvatureWrittenOut: Rule = (e, { operands: { labels, logits, u }, outputs: [output] }) => {
  const [y, z, vector] = [fixedOf(labels), fixedOf(logits), termOf(u)];
  if (!y || !z || !vector || !output) return undefined;
  const last = z.shape.length - 1;
  const rows = z.shape.map((n, i) => (i === last ? 1 : n));
  const [p] = e.graph.emit('Softmax', [['logits', z]], { dim: last }, [z]);
  const [mass] = e.graph.emit('Sum', [['x', y]], { axis: [last], keepDims: true }, [{ shape: rows, dtype: 'float32' }]);
  if (!p || !mass) return undefined;
  const weighted = e.multiplied(vector, e.fixedProduct(p, mass));
  return e.difference(weighted, e.multiplied(e.summedOver(weighted, [last], true), p));
};
