import type { Expressions, Term } from './expressions.ts';
import type { Rule } from './rules.ts';
import type { Expression } from './symbolic.ts';

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
  if (height > (down ?? 0) || width > (across ?? 0)) return null;
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
