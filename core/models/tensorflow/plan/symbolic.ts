import { type DataType, keep, type Tensor, tidy, util } from '@tensorflow/tfjs-core';
import { runKernel } from '../engine-access.ts';
import type { ProgramValue } from './program.ts';

/**
 * On what a value depends: nothing (0: the same in every run), the point θ and the data (1), or a vector that a
 * linearisation is applied to (2). A step has the highest level of its operands.
 */
export type Level = 0 | 1 | 2;

/** A value as an expression: an input, a constant, or an output of a step. */
export interface Expression extends ProgramValue {
  readonly level: Level;
  readonly step: SymbolicStep | null;
  /** The tensor of a value of level 0; kept by the graph. */
  readonly constant: Tensor | null;
}

export interface SymbolicStep {
  readonly kernel: string;
  readonly inputs: readonly (readonly [name: string, symbol: Expression])[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Expression[];
}

export interface OutputForm {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** Expressions without repetition: the same kernel on the same values is one step. Values of level 0 are computed at once. */
export interface SymbolicGraph {
  input(level: 1 | 2, form: OutputForm): Expression;
  /** The value of a tensor that is the same in every run; a copy of it is kept. */
  constant(tensor: Tensor): Expression;
  emit(
    kernel: string,
    inputs: SymbolicStep['inputs'],
    attributes: SymbolicStep['attributes'],
    outputs: readonly OutputForm[],
  ): readonly Expression[];
  /** Frees the constants. */
  dispose(): void;
}

export const sizeOf = (shape: readonly number[]): number => util.sizeFromShape([...shape]);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, i) => extent === b[i]);

export function symbolicGraph(): SymbolicGraph {
  let made = 0;
  const steps = new Map<string, readonly Expression[]>();
  // By what holds the numbers: copies share it. A shape or type seen differently is another value.
  const constants = new WeakMap<object, Expression[]>();
  const kept: Tensor[] = [];

  const symbol = (
    level: Level,
    { shape, dtype }: OutputForm,
    step: SymbolicStep | null,
    constant: Tensor | null = null,
  ) => ({ id: made++, level, shape, dtype, step, constant });

  function constant(tensor: Tensor): Expression {
    const known = constants.get(tensor.dataId) ?? [];
    const found = known.find((other) => other.dtype === tensor.dtype && sameShape(other.shape, tensor.shape));
    if (found) return found;
    const copy = keep(tensor.clone());
    kept.push(copy);
    const fresh = symbol(0, copy, null, copy);
    constants.set(tensor.dataId, [...known, fresh]);
    return fresh;
  }

  function computed(
    kernel: string,
    inputs: SymbolicStep['inputs'],
    attributes: SymbolicStep['attributes'],
  ): Expression[] {
    let outputs: Expression[] = [];
    tidy(() => {
      const tensors = Object.fromEntries(inputs.map(([name, { constant }]) => [name, constant as Tensor]));
      outputs = [runKernel(kernel, tensors, { ...attributes })].flat().map(constant);
    });
    return outputs;
  }

  return {
    input: (level, form) => symbol(level, form, null),
    constant,
    emit(kernel, inputs, attributes, forms) {
      const key = `${kernel}|${inputs.map(([name, { id }]) => `${name}${id}`)}|${JSON.stringify(attributes)}`;
      const known = steps.get(key);
      if (known) return known;
      const level = inputs.reduce<Level>((most, [, operand]) => (operand.level > most ? operand.level : most), 0);
      let outputs: readonly Expression[];
      if (level === 0) outputs = computed(kernel, inputs, attributes);
      else {
        const step = { kernel, inputs, attributes, outputs: [] as Expression[] };
        step.outputs.push(...forms.map((form) => symbol(level, form, step)));
        outputs = step.outputs;
      }
      steps.set(key, outputs);
      return outputs;
    },
    dispose() {
      for (const tensor of kept.splice(0)) tensor.dispose();
    },
  };
}
