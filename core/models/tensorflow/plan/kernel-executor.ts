import {
  backend as currentBackend,
  engine,
  getBackend,
  getKernel,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Operand, Program, ProgramExecutor, ProgramStep } from './program.ts';

interface Step {
  readonly name: string;
  readonly inputs: readonly (readonly [name: string, operand: Operand])[];
  readonly attributes: Record<string, unknown>;
  readonly outputs: readonly number[];
  /** Values that no later step needs. */
  readonly last: readonly number[];
}

/**
 * Runs a program on the current backend by calling its kernels one after another, without the engine's bookkeeping
 * around each; values are freed at their last use. Serves every backend.
 */
export function kernelExecutor(program: Program): ProgramExecutor {
  const name = getBackend();
  const steps = withLastUses(program);
  const isList = (kernel: string) => kernel === 'Concat' || kernel === 'Pack' || kernel === 'AddN';

  function run(free: readonly Tensor[], fixed: readonly Tensor[]): Tensor[] {
    const backend = currentBackend();
    const values = new Map<number, Tensor>();
    for (const [i, { id }] of program.free.entries()) values.set(id, free[i] as Tensor);
    for (const [i, { id }] of program.fixed.entries()) values.set(id, fixed[i] as Tensor);
    const tensorOf = (operand: Operand) =>
      'constant' in operand ? operand.constant : (values.get(operand.value.id) as Tensor);
    for (const step of steps) {
      const entries = step.inputs.map(([key, operand]) => [key, tensorOf(operand)] as const);
      const inputs = isList(step.name) ? entries.map(([, tensor]) => tensor) : Object.fromEntries(entries);
      const out = getKernel(step.name, name).kernelFunc({
        inputs: inputs as Record<string, TensorInfo>,
        attrs: step.attributes as never,
        backend,
      });
      [out].flat().forEach((info, i) => {
        values.set(step.outputs[i] as number, asTensor(info));
      });
      for (const id of step.last) {
        values.get(id)?.dispose();
        values.delete(id);
      }
    }
    return program.results.map(tensorOf);
  }

  return { run, dispose() {} };
}

/** Kernels that are written with operations return tensors, the others what is needed to make one. */
const asTensor = (info: TensorInfo): Tensor =>
  'rank' in info ? (info as unknown as Tensor) : engine().makeTensorFromTensorInfo(info);

function withLastUses({ steps, free, fixed, results }: Program): Step[] {
  const held = new Set([...free, ...fixed].map(({ id }) => id));
  for (const result of results) if ('value' in result) held.add(result.value.id);
  const freed = new Set<number>();
  const made = steps.map(
    ({ kernel, inputs, attributes, outputs }: ProgramStep): Step => ({
      name: kernel,
      inputs,
      attributes: { ...attributes },
      outputs: outputs.map(({ id }) => id),
      last: [],
    }),
  );
  for (let i = made.length - 1; i >= 0; i--) {
    const step = made[i] as Step;
    const used = step.inputs.flatMap(([, operand]) => ('value' in operand ? [operand.value.id] : []));
    const candidates = new Set([...used, ...step.outputs]);
    const last = [...candidates].filter((id) => !held.has(id) && !freed.has(id));
    for (const id of last) freed.add(id);
    made[i] = { ...step, last };
  }
  return made;
}
