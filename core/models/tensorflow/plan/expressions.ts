import { backend_util, ones, type Tensor, tensor } from '@tensorflow/tfjs-core';
import {
  type Expression,
  type OutputForm,
  type SymbolicGraph,
  type SymbolicStep,
  sameShape,
  sizeOf,
} from './symbolic.ts';

/** `scale` times a value that depends linearly on the vector, or zero. Scales are carried along and applied at the end. */
export type Term =
  | { readonly symbol: Expression; readonly scale: number }
  | { readonly zero: true; readonly form: OutputForm };

/** A factor or summand that does not depend on the vector. */
export type Fixed = Expression;

/**
 * Arithmetic on terms that are linear in a vector, simplified as it is written down: products of constants are merged,
 * u∘a + u∘b becomes u∘(a + b), factors that are one number are carried as a scale, broadcasts are taken back where the
 * next operation broadcasts by itself. What depends on the point alone is written into the same graph one level below,
 * to be computed once a point.
 */
export interface Expressions {
  readonly graph: SymbolicGraph;
  term(symbol: Expression): Term;
  /** The term as a value of the program. */
  materialized(term: Term): Expression;
  scaled(term: Term, factor: number): Term;
  multiplied(term: Term, factor: Fixed): Term;
  sum(a: Term, b: Term): Term;
  difference(a: Term, b: Term): Term;
  reshaped(term: Term, shape: readonly number[]): Term;
  fixedReshaped(fixed: Fixed, shape: readonly number[]): Fixed;
  summedOver(term: Term, axes: readonly number[], keepDims: boolean): Term;
  /** A kernel that is linear in one operand: its scale passes through. `others` are the fixed operands. */
  linear(
    kernel: string,
    operand: readonly [name: string, term: Term],
    others: SymbolicStep['inputs'],
    attributes: SymbolicStep['attributes'],
    output: OutputForm,
  ): Term;
  /** a ∘ b, a + b and c a of values of the point. */
  fixedProduct(a: Fixed, b: Fixed): Fixed;
  fixedSum(a: Fixed, b: Fixed): Fixed;
  fixedMultiple(a: Fixed, factor: number): Fixed;
  /** A constant tensor of ones. */
  onesOf(shape: readonly number[]): Fixed;
  /** The number that all entries of a constant are, or null. */
  uniform(symbol: Expression): number | null;
}

const float32 = (shape: readonly number[]): OutputForm => ({ shape, dtype: 'float32' });

const broadcastShape = (a: readonly number[], b: readonly number[]): number[] =>
  backend_util.assertAndGetBroadcastShape([...a], [...b]);

/** Another way to write a sum of two values; null where it does not pay or does not fit. */
export type MergedSum = (graph: SymbolicGraph, a: Expression, b: Expression) => Expression | null;

export function expressions(graph: SymbolicGraph, mergedSums: readonly MergedSum[] = []): Expressions {
  const known = new Map<number, number | null>();
  const term = (symbol: Expression, scale = 1): Term => ({ symbol, scale });
  const zero = (shape: readonly number[]): Term => ({ zero: true, form: float32(shape) });
  const shapeOf = (t: Term): readonly number[] => ('zero' in t ? t.form.shape : t.symbol.shape);
  const constantOf = (make: () => Tensor): Expression => {
    const made = make();
    const expression = graph.constant(made);
    made.dispose();
    return expression;
  };
  const emit = (
    kernel: string,
    inputs: SymbolicStep['inputs'],
    attributes: SymbolicStep['attributes'],
    shape: readonly number[],
  ): Expression => graph.emit(kernel, inputs, attributes, [float32(shape)])[0] as Expression;

  function uniform({ id, constant }: Expression): number | null {
    if (constant === null) return null;
    const found = known.get(id);
    if (found !== undefined) return found;
    const value = oneNumber(constant);
    known.set(id, value);
    return value;
  }

  const numbers = new Map<number, Expression>();
  function number(value: number): Expression {
    const found = numbers.get(value) ?? constantOf(() => tensor([value], []));
    numbers.set(value, found);
    return found;
  }

  const allOnes = new Map<string, Expression>();
  function onesOf(shape: readonly number[]): Expression {
    const found = allOnes.get(shape.join()) ?? constantOf(() => ones([...shape]));
    allOnes.set(shape.join(), found);
    return found;
  }

  function fixedProduct(a: Expression, b: Expression): Expression {
    const shape = broadcastShape(a.shape, b.shape);
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (uniform(one) === 1 && sameShape(other.shape, shape)) return other;
    }
    return emit('Multiply', inOrder(a, b), {}, shape);
  }
  const fixedMultiple = (a: Expression, factor: number): Expression =>
    factor === 1 ? a : fixedProduct(a, number(factor));
  const fixedSum = (a: Expression, b: Expression): Expression =>
    emit('Add', inOrder(a, b), {}, broadcastShape(a.shape, b.shape));

  /** The factors of u ∘ c with c fixed, if that is what the value is. */
  function asProduct(symbol: Expression): { u: Expression; c: Expression } | null {
    if (symbol.step?.kernel !== 'Multiply') return null;
    const [[, u], [, c]] = symbol.step.inputs as readonly [
      readonly [string, Expression],
      readonly [string, Expression],
    ];
    return u.level === 2 && c.level < 2 ? { u, c } : null;
  }

  /** What was repeated along axes of length 1 (and new leading ones) to make this value. */
  function beforeBroadcast(symbol: Expression): Expression | null {
    if (symbol.step?.kernel !== 'Tile') return null;
    const source = symbol.step.inputs[0]?.[1] as Expression;
    const repeats = symbol.step.attributes.reps as readonly number[];
    return repeats.every((n, axis) => n === 1 || source.shape[axis] === 1) ? source : null;
  }

  function broadcast(symbol: Expression, shape: readonly number[]): Expression {
    if (sameShape(symbol.shape, shape)) return symbol;
    const full = [...shape.slice(symbol.shape.length).map(() => 1), ...symbol.shape];
    const aligned = sameShape(full, symbol.shape) ? symbol : reshapedSymbol(symbol, full);
    return emit('Tile', [['x', aligned]], { reps: shape.map((n, i) => n / (full[i] ?? 1)) }, shape);
  }

  const reshapedSymbol = (symbol: Expression, shape: readonly number[]): Expression =>
    emit('Reshape', [['x', symbol]], { shape: [...shape] }, shape);

  function materialized(t: Term): Expression {
    if ('zero' in t) return constantOf(() => tensor(new Float32Array(sizeOf(t.form.shape)), [...t.form.shape]));
    if (t.scale === 1) return t.symbol;
    const product = asProduct(t.symbol);
    if (product)
      return emit(
        'Multiply',
        [
          ['a', product.u],
          ['b', fixedMultiple(product.c, t.scale)],
        ],
        {},
        t.symbol.shape,
      );
    return emit(
      'Multiply',
      [
        ['a', t.symbol],
        ['b', number(t.scale)],
      ],
      {},
      t.symbol.shape,
    );
  }

  const scaled = (t: Term, factor: number): Term =>
    'zero' in t || factor === 0 ? zero(shapeOf(t)) : term(t.symbol, t.scale * factor);

  function multiplied(t: Term, factor: Expression): Term {
    const shape = broadcastShape(shapeOf(t), factor.shape);
    if ('zero' in t) return zero(shape);
    const one = uniform(factor);
    if (one === 0) return zero(shape);
    if (one !== null) {
      const [symbol, scale] = [broadcast(t.symbol, shape), t.scale * one];
      const inside = Math.abs(scale) === 1 ? null : withFactorInside(symbol, scale);
      return inside ? term(inside) : term(symbol, scale);
    }
    const before = beforeBroadcast(t.symbol);
    if (before && sameShape(factor.shape, shape)) return multiplied(term(before, t.scale), factor);
    const product = asProduct(t.symbol);
    if (product && sameShape(t.symbol.shape, shape))
      return multiplied(term(product.u, t.scale), fixedProduct(product.c, factor));
    return term(
      emit(
        'Multiply',
        [
          ['a', t.symbol],
          ['b', factor],
        ],
        {},
        shape,
      ),
      t.scale,
    );
  }

  function sum(a: Term, b: Term): Term {
    const shape = broadcastShape(shapeOf(a), shapeOf(b));
    if ('zero' in a) return 'zero' in b ? zero(shape) : term(broadcast(b.symbol, shape), b.scale);
    if ('zero' in b) return term(broadcast(a.symbol, shape), a.scale);
    // Addition broadcasts by itself.
    const before = { a: beforeBroadcast(a.symbol), b: beforeBroadcast(b.symbol) };
    if (before.a && before.a !== b.symbol && sameShape(b.symbol.shape, shape)) return sum(term(before.a, a.scale), b);
    if (before.b && before.b !== a.symbol && sameShape(a.symbol.shape, shape)) return sum(a, term(before.b, b.scale));
    if (a.symbol === b.symbol) return term(a.symbol, a.scale + b.scale);
    const [left, right] = [asProduct(a.symbol), asProduct(b.symbol)];
    if (left && right && left.u === right.u && sameShape(a.symbol.shape, shape) && sameShape(b.symbol.shape, shape))
      return multiplied(term(left.u), fixedSum(fixedMultiple(left.c, a.scale), fixedMultiple(right.c, b.scale)));
    if (a.scale === b.scale) {
      for (const merged of mergedSums) {
        const found = merged(graph, a.symbol, b.symbol);
        if (found) return term(found, a.scale);
      }
      return term(emit('Add', inOrder(a.symbol, b.symbol), {}, shape), a.scale);
    }
    if (a.scale === -b.scale)
      return term(
        emit(
          'Sub',
          [
            ['a', a.symbol],
            ['b', b.symbol],
          ],
          {},
          shape,
        ),
        a.scale,
      );
    if (left) return sum(term(withScale(left, a.scale / b.scale, a.symbol.shape), b.scale), b);
    if (right) return sum(a, term(withScale(right, b.scale / a.scale, b.symbol.shape), a.scale));
    return sum(term(materialized(term(a.symbol, a.scale / b.scale)), b.scale), b);
  }

  const withScale = (
    { u, c }: { u: Expression; c: Expression },
    factor: number,
    shape: readonly number[],
  ): Expression =>
    emit(
      'Multiply',
      [
        ['a', u],
        ['b', fixedMultiple(c, factor)],
      ],
      {},
      shape,
    );

  /**
   * The value times a number, with the number inside a factor that is fixed, where it costs nothing at each product; null
   * where there is no such factor. Products whose other factor can take it leave theirs as it is, so that what two sums
   * share stays shared.
   */
  function withFactorInside(symbol: Expression, factor: number): Expression | null {
    const { step, shape } = symbol;
    const [a, b] = step?.inputs.map(([, operand]) => operand) ?? [];
    if (!step || !a) return null;
    const product = asProduct(symbol);
    if (product) {
      const inner = withFactorInside(product.u, factor);
      const factors = inner ? { u: inner, c: product.c } : { u: product.u, c: fixedMultiple(product.c, factor) };
      return emit(
        'Multiply',
        [
          ['a', factors.u],
          ['b', factors.c],
        ],
        {},
        shape,
      );
    }
    if (step.kernel === 'Add' || step.kernel === 'Sub') {
      const [left, right] = [withFactorInside(a, factor), b ? withFactorInside(b, factor) : null];
      return left && right
        ? emit(
            step.kernel,
            [
              ['a', left],
              ['b', right],
            ],
            {},
            shape,
          )
        : null;
    }
    if (step.kernel !== 'Sum' && step.kernel !== 'Reshape' && step.kernel !== 'Tile') return null;
    const inner = a.level === 2 ? withFactorInside(a, factor) : null;
    return inner ? emit(step.kernel, [['x', inner]], step.attributes, shape) : null;
  }

  function reshaped(t: Term, shape: readonly number[]): Term {
    if ('zero' in t) return zero(shape);
    if (sameShape(t.symbol.shape, shape)) return t;
    const { step } = t.symbol;
    const source = step?.inputs[0]?.[1];
    if (step?.kernel === 'Reshape' && source) return reshaped(term(source, t.scale), shape);
    if (step?.kernel === 'Sum' && source && step.attributes.keepDims === false) {
      const axes = step.attributes.axis as readonly number[];
      const kept = source.shape.map((n, i) => (axes.includes(i) ? 1 : n));
      if (sameShape(kept, shape)) return summedOver(term(source, t.scale), axes, true);
    }
    return term(reshapedSymbol(t.symbol, shape), t.scale);
  }

  function fixedReshaped(fixed: Expression, shape: readonly number[]): Expression {
    if (sameShape(fixed.shape, shape)) return fixed;
    const source = fixed.step?.kernel === 'Reshape' ? fixed.step.inputs[0]?.[1] : undefined;
    if (source) return fixedReshaped(source, shape);
    const [made] = graph.emit('Reshape', [['x', fixed]], { shape: [...shape] }, [{ shape, dtype: fixed.dtype }]);
    return made as Expression;
  }

  function summedOver(t: Term, axes: readonly number[], keepDims: boolean): Term {
    const from = shapeOf(t);
    const shape = keepDims ? from.map((n, i) => (axes.includes(i) ? 1 : n)) : from.filter((_, i) => !axes.includes(i));
    if ('zero' in t) return zero(shape);
    if (axes.every((axis) => from[axis] === 1)) return reshaped(t, shape);
    return term(emit('Sum', [['x', t.symbol]], { axis: [...axes], keepDims }, shape), t.scale);
  }

  return {
    graph,
    term: (symbol) => term(symbol),
    materialized,
    scaled,
    multiplied,
    sum,
    difference: (a, b) => sum(a, scaled(b, -1)),
    reshaped,
    fixedReshaped,
    summedOver,
    linear(kernel, [name, t], others, attributes, output) {
      if ('zero' in t) return { zero: true, form: output };
      const [made] = graph.emit(kernel, [[name, t.symbol], ...others], attributes, [output]);
      return term(made as Expression, t.scale);
    },
    fixedProduct,
    fixedSum,
    fixedMultiple,
    onesOf,
    uniform,
  };
}

/** Operands that may change places, so that one sum or product is one step. */
const inOrder = (a: Expression, b: Expression): SymbolicStep['inputs'] =>
  a.id <= b.id
    ? [
        ['a', a],
        ['b', b],
      ]
    : [
        ['a', b],
        ['b', a],
      ];

/** Null also where the values cannot be read at once, as on a GPU: then the factor stays what it is. */
function oneNumber(constant: Tensor): number | null {
  if (constant.dtype !== 'float32' || constant.size === 0) return null;
  let values: ArrayLike<number>;
  try {
    values = constant.dataSync();
  } catch {
    return null;
  }
  const first = values[0] as number;
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return null;
  return first;
}
