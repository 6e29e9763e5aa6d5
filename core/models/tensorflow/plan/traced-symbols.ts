import type { Tensor } from '@tensorflow/tfjs-core';
import { type Expressions, expressions, type Term } from './expressions.ts';
import { linearRule, type Operand, oneMatrix, type RuleSet } from './rules.ts';
import { type Expression, type OutputForm, type SymbolicGraph, sameShape } from './symbolic.ts';
import { type TracedStep, traceKernels } from './trace.ts';

/** The tensors that stand for the inputs while a function is traced; their values do not matter, only their shapes. */
export interface SampleInputs {
  /** θ, in blocks, and the data: what is given once a point. */
  readonly theta: readonly Tensor[];
  readonly data: readonly Tensor[];
  /** What a linearisation is applied to. */
  readonly vectors: readonly Tensor[];
  /** Which of the vectors are zero; what they would lead to is left out. */
  readonly zeros?: ReadonlySet<number>;
}

/** A function as expressions. */
export interface TracedSymbols {
  readonly theta: readonly Expression[];
  readonly data: readonly Expression[];
  readonly vectors: readonly Expression[];
  readonly results: readonly Expression[];
  /** Kernels that ran. */
  readonly traced: number;
}

/** Their result follows from the shape of the input, so that it is a constant. */
const shapeOnly = new Set(['ZerosLike', 'OnesLike', 'Fill']);

const isMoving = (operand: Operand): operand is { readonly term: Term } => 'term' in operand;

/**
 * Runs `body` once and writes down what it computes: the kernels on the way from the inputs to the tensors that it
 * returns. Tensors are told apart by what holds their numbers, because the engine copies them freely. Everything that
 * does not come from an input is a constant; so `body` must not make a choice or a tensor from values of its inputs.
 */
export function tracedSymbols(
  graph: SymbolicGraph,
  inputs: SampleInputs,
  { rules, mergedSums }: RuleSet,
  body: () => readonly Tensor[],
): TracedSymbols {
  const e = expressions(graph, mergedSums);
  const byNumbers = new WeakMap<object, { form: OutputForm; operand: Operand }[]>();
  let traced = 0;

  const bind = ({ dataId, shape, dtype }: Tensor, operand: Operand) => {
    const known = byNumbers.get(dataId) ?? [];
    byNumbers.set(dataId, [{ form: { shape, dtype }, operand }, ...known]);
  };

  function operandOf(tensor: Tensor): Operand {
    const known = byNumbers.get(tensor.dataId)?.filter(({ form }) => form.dtype === tensor.dtype) ?? [];
    const same = known.find(({ form }) => sameShape(form.shape, tensor.shape)) ?? known[0];
    if (!same) return { fixed: graph.constant(tensor) };
    if (sameShape(same.form.shape, tensor.shape)) return same.operand;
    return isMoving(same.operand)
      ? { term: e.reshaped(same.operand.term, tensor.shape) }
      : { fixed: e.fixedReshaped(same.operand.fixed, tensor.shape) };
  }

  function visit({ kernel, inputs: tensors, attributes, outputs }: TracedStep): void {
    if (shapeOnly.has(kernel)) return;
    const operands = Object.fromEntries(tensors.map(([name, tensor]) => [name, operandOf(tensor)]));
    const all = Object.values(operands);
    if (all.every((operand) => !isMoving(operand) && operand.fixed.level === 0)) return;
    traced++;
    const forms = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
    if (!all.some(isMoving)) {
      const fixed = tensors.map(([name]) => [name, (operands[name] as { fixed: Expression }).fixed] as const);
      outputs.forEach((output, i) => {
        bind(output, { fixed: fixedStep(e, kernel, fixed, attributes, forms)[i] as Expression });
      });
      return;
    }
    const step = { kernel, operands, attributes, outputs: forms };
    const made = rules[kernel]?.(e, step) ?? linearRule(e, step) ?? asItIs(e, tensors, operands, step);
    [made].flat().forEach((term, i) => {
      bind(outputs[i] as Tensor, { term });
    });
  }

  const inputsOf = (tensors: readonly Tensor[], level: 1 | 2) =>
    tensors.map((tensor, i) => {
      const symbol = graph.input(level, { shape: tensor.shape, dtype: tensor.dtype });
      const isZero = level === 2 && inputs.zeros?.has(i);
      if (isZero) bind(tensor, { term: { zero: true, form: { shape: tensor.shape, dtype: tensor.dtype } } });
      else bind(tensor, level === 2 ? { term: e.term(symbol) } : { fixed: symbol });
      return symbol;
    });
  const theta = inputsOf(inputs.theta, 1);
  const data = inputsOf(inputs.data, 1);
  const vectors = inputsOf(inputs.vectors, 2);
  let results: Expression[] = [];
  traceKernels(() => {
    results = body().map((tensor) => {
      const operand = operandOf(tensor);
      return isMoving(operand) ? e.materialized(operand.term) : operand.fixed;
    });
  }, visit);
  return { theta, data, vectors, results, traced };
}

/** A kernel on values of the point: copies are passed over, and a multiplication by ones. */
function fixedStep(
  e: Expressions,
  kernel: string,
  inputs: readonly (readonly [string, Expression])[],
  attributes: TracedStep['attributes'],
  outputs: readonly OutputForm[],
): readonly Expression[] {
  const [output] = outputs as readonly [OutputForm];
  const x = inputs[0]?.[1] as Expression;
  const copies = kernel === 'Identity' || kernel === 'Cast' || kernel === 'Reshape' || kernel === 'ExpandDims';
  if (copies && x.dtype === output.dtype) return [e.fixedReshaped(x, output.shape)];
  const floats = inputs.every(([, { dtype }]) => dtype === 'float32');
  if (kernel === 'Multiply' && floats) return [e.fixedProduct(x, inputs[1]?.[1] as Expression)];
  if (kernel === 'BatchMatMul') return [fixedMatrixProduct(e, inputs, attributes, output)];
  return e.graph.emit(kernel, inputs, attributes, outputs);
}

function fixedMatrixProduct(
  e: Expressions,
  inputs: readonly (readonly [string, Expression])[],
  attributes: TracedStep['attributes'],
  output: OutputForm,
): Expression {
  const shapes = inputs.map(([, { shape }]) => oneMatrix(shape));
  if (shapes.some((shape) => shape === null))
    return e.graph.emit('BatchMatMul', inputs, attributes, [output])[0] as Expression;
  const flat = inputs.map(([name, x], i) => [name, e.fixedReshaped(x, shapes[i] as readonly number[])] as const);
  const [product] = e.graph.emit('BatchMatMul', flat, attributes, [{ ...output, shape: output.shape.slice(-2) }]);
  return e.fixedReshaped(product as Expression, output.shape);
}

/** No rule: the kernel itself, on the values of the terms. */
function asItIs(
  e: Expressions,
  inputs: TracedStep['inputs'],
  operands: Readonly<Record<string, Operand>>,
  { kernel, attributes, outputs }: { kernel: string; attributes: TracedStep['attributes']; outputs: OutputForm[] },
): Term[] {
  const symbols = inputs.map(([name]) => {
    const operand = operands[name] as Operand;
    return [name, isMoving(operand) ? e.materialized(operand.term) : operand.fixed] as const;
  });
  return e.graph.emit(kernel, symbols, attributes, outputs).map((symbol) => e.term(symbol));
}
