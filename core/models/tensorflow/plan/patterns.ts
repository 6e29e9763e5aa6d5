import type { Expressions, MergedSum, Term } from './expressions.ts';
import type { Rule } from './rules.ts';
import { type Expression, type SymbolicGraph, sameShape, sizeOf } from './symbolic.ts';

/** Numbers of the input of a pool for which a mask of the same size is held at each point. */
const mostMasked = 2 ** 26;

/** Windows of a max pool that neither overlap nor are padded: then each cell belongs to at most one of them. */
function disjointWindows(
  positions: Expression,
): { attributes: Record<string, unknown>; cells: number; input: Expression } | null {
  const { step } = positions;
  const input = step?.inputs[0]?.[1];
  if (step?.kernel !== 'MaxPositions' || input?.shape.length !== 4) return null;
  const { filterSize, strides, pad, dimRoundingMode } = step.attributes as Record<string, unknown>;
  const [height, width] = [filterSize].flat(2) as number[];
  const [down, across] = [strides].flat(2) as number[];
  if (height === undefined || width === undefined || pad !== 'valid') return null;
  if (height > (down ?? 0) || width > (across ?? 0) || sizeOf(input.shape) > mostMasked) return null;
  return { attributes: { filterSize, strides, pad, dimRoundingMode }, cells: height * width, input };
}

/** 1 at the maxima, times the cells of a window; computed once a point. */
function maskOfMaxima(e: Expressions, positions: Expression, input: Expression, cells: number): Expression {
  const [mask] = e.graph.emit(
    'ScatterToPositions',
    [
      ['dy', e.onesOf(positions.shape)],
      ['positions', positions],
    ],
    { shape: [...input.shape] },
    [{ shape: input.shape, dtype: 'float32' }],
  );
  return e.fixedMultiple(mask as Expression, cells);
}

/** Values at the maxima of disjoint windows as an average pool of the masked input: no gathering of single cells. */
export const maximaByMask: Rule = (e, { operands: { x, positions }, outputs: [output] }) => {
  const at = positions && 'fixed' in positions ? positions.fixed : undefined;
  const windows = at && disjointWindows(at);
  if (!at || !windows || !output || !x || !('term' in x)) return undefined;
  const masked = e.multiplied(x.term, maskOfMaxima(e, at, windows.input, windows.cells));
  return e.linear('AvgPool', ['x', masked], [], windows.attributes, output);
};

/** The transpose: spread over each window, then masked. */
export const scatterByMask: Rule = (e, { operands: { dy, positions }, outputs: [output] }) => {
  const at = positions && 'fixed' in positions ? positions.fixed : undefined;
  const windows = at && disjointWindows(at);
  if (!at || !windows || !output || !dy || !('term' in dy)) return undefined;
  const mask = maskOfMaxima(e, at, windows.input, windows.cells);
  // The kernel looks at the shape of its input only.
  const spread: Term = e.linear('AvgPoolGrad', ['dy', dy.term], [['input', mask]], windows.attributes, output);
  return e.multiplied(spread, mask);
};

/** Numbers that the joined operands of a merged sum may have; beyond it a copy costs more than it saves. */
const mostJoined = 2 ** 26;

function joined(graph: SymbolicGraph, a: Expression, b: Expression): Expression {
  const axis = a.shape.length - 1;
  const shape = a.shape.map((n, i) => (i === axis ? n + (b.shape[i] ?? 0) : n));
  const [made] = graph.emit(
    'Concat',
    [
      ['0', a],
      ['1', b],
    ],
    { axis },
    [{ shape, dtype: 'float32' }],
  );
  return made as Expression;
}

/** Two input gradients of convolutions of the same form as one, with the output channels side by side. */
export const oneInputGradient: MergedSum = (graph, a, b) => {
  const [left, right] = [a.step, b.step];
  if (left?.kernel !== 'Conv2DBackpropInput' || right?.kernel !== left.kernel) return null;
  if (JSON.stringify(left.attributes) !== JSON.stringify(right.attributes)) return null;
  const [one, other] = [Object.fromEntries(left.inputs), Object.fromEntries(right.inputs)];
  if (!one.dy || !other.dy || !one.filter || !other.filter) return null;
  if (sizeOf(one.dy.shape) + sizeOf(other.dy.shape) > mostJoined) return null;
  const inputs = [
    ['dy', joined(graph, one.dy, other.dy)],
    ['filter', joined(graph, one.filter, other.filter)],
  ] as const;
  return graph.emit(left.kernel, inputs, left.attributes, [a])[0] as Expression;
};

const isRow = ({ shape }: Expression): boolean => shape.slice(0, -1).every((n) => n === 1);

/** (x ∗ w + y) + b as (x ∗ w + b) + y: a bias that is added to a convolution costs nothing, the library does both at once. */
export const biasOnConvolution: MergedSum = (graph, a, b) => {
  const [sum, bias] = isRow(b) ? [a, b] : [b, a];
  if (!isRow(bias) || isRow(sum) || sum.step?.kernel !== 'Add') return null;
  const terms = sum.step.inputs.map(([, term]) => term);
  const convolution = terms.find(({ step, level }) => step?.kernel === 'Conv2D' && level === 2);
  const rest = terms.find((term) => term !== convolution);
  if (!convolution || !rest || !sameShape(convolution.shape, sum.shape)) return null;
  const add = (x: Expression, y: Expression) =>
    graph.emit(
      'Add',
      [
        ['a', x],
        ['b', y],
      ],
      {},
      [sum],
    )[0] as Expression;
  return add(add(convolution, bias), rest);
};
