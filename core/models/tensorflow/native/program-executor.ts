import { type DataType, engine, findBackend, type Tensor } from '@tensorflow/tfjs-core';
import type { HostVector } from '../../../linalg/vector-space.ts';
import type { Operand, Program, ProgramExecutor, ProgramStep, ProgramValue } from '../plan/program.ts';
import { type HostNumbers, type NativeBinding, type NativeType, type NativeValue, nativeType } from './binding.ts';
import { GraphOperations } from './graph-operations.ts';
import type { Lowering } from './lowering.ts';
import { lowerings } from './lowerings.ts';
import { NativeBackend, nativeBackendName, sizeOf } from './native-backend.ts';

/** A kernel of a program has no lowering; the program must be run in another way. */
export class NoLowering extends Error {
  readonly kernel: string;

  constructor(kernel: string) {
    super(`The native engine has no lowering of ${kernel}.`);
    this.name = 'NoLowering';
    this.kernel = kernel;
  }
}

/** Constants up to this size become part of the graph; larger ones are handed over in every run, without a copy. */
const mostValuesInGraph = 256;

export interface NativeProgramOptions {
  readonly sideBySide?: boolean;
  readonly table?: Readonly<Record<string, Lowering>>;
}

/**
 * A program as one graph of the TensorFlow library, run in one call; `sideBySide`: several runs at once. `table` is for
 * tests. The backend 'tensorflow' must have been started with the same binding. Throws `NoLowering`, or the library's
 * fault where it refuses a node.
 */
export function nativeProgramExecutor(
  program: Program,
  binding: NativeBinding,
  { sideBySide = false, table = lowerings }: NativeProgramOptions = {},
): ProgramExecutor {
  for (const { kernel } of program.steps) if (!Object.hasOwn(table, kernel)) throw new NoLowering(kernel);
  const backend = nativeBackend();
  const graph = binding.graph();
  let built: BuiltGraph;
  let id: number;
  try {
    built = buildGraph(program, binding, backend, graph, table);
    id = binding.compile(graph, built.free, built.fixed, built.results, sideBySide);
  } catch (fault) {
    binding.dropGraph(graph);
    throw fault;
  }
  const idOf = (tensor: Tensor) => backend.nativeValue(tensor).id;
  const fixedIds = (fixed: readonly Tensor[]) => {
    const ids = fixed.map(idOf);
    for (const tensor of built.constants) ids.push(idOf(tensor));
    return ids;
  };
  const toTensors = (values: NativeValue[]) =>
    values.map((value) => engine().makeTensorFromTensorInfo(backend.adopt(value), backend));
  return {
    run: (free, fixed) => toTensors(binding.runKept(id, null, fixedIds(fixed), free.map(idOf))),
    runFromHost: (free, fixed) => toTensors(binding.runKept(id, free, fixedIds(fixed))),
    ...(sideBySide && { lanes: binding.threads() }),
    runOnHost: (free: HostVector, fixed, into: HostVector) => binding.run(id, free, fixedIds(fixed), into),
    dispose: () => binding.freeProgram(id),
  };
}

function nativeBackend(): NativeBackend {
  const backend: unknown = findBackend(nativeBackendName);
  if (!(backend instanceof NativeBackend)) throw new Error(`The backend '${nativeBackendName}' has not been started.`);
  return backend;
}

interface BuiltGraph {
  readonly free: readonly number[];
  /** The program's own fixed inputs, then the large constants. */
  readonly fixed: readonly number[];
  readonly constants: readonly Tensor[];
  readonly results: readonly number[];
}

function buildGraph(
  program: Program,
  binding: NativeBinding,
  backend: NativeBackend,
  graph: number,
  table: Readonly<Record<string, Lowering>>,
): BuiltGraph {
  const operations = new GraphOperations(binding, graph, backend.floatType);
  const values = new Map<ProgramValue, NativeValue>();
  const constants = new Map<Tensor, NativeValue>();
  const large: { readonly tensor: Tensor; readonly id: number }[] = [];
  const input = (value: ProgramValue) => {
    const made = binding.placeholder(graph, typeOf(value.dtype, backend), value.shape);
    values.set(value, made);
    return made.id;
  };
  const free = program.free.map(input);
  const fixed = program.fixed.map(input);
  for (const step of program.steps) runStep(step);
  const results = program.results.map(result);
  return {
    free,
    fixed: [...fixed, ...large.map(({ id }) => id)],
    constants: large.map(({ tensor }) => tensor),
    results,
  };

  function runStep({ kernel, inputs, attributes, outputs }: ProgramStep): void {
    const given = Object.fromEntries(inputs.map(([name, operand]) => [name, operandValue(operand)]));
    const made = table[kernel]!(operations, given, attributes);
    const list = Array.isArray(made) ? made : [made];
    outputs.forEach((output, i) => {
      const { id, type } = list[i]!;
      // The library may not know a shape before the run; the program does.
      values.set(output, { id, type, shape: output.shape });
    });
  }

  function operandValue(operand: Operand): NativeValue {
    if ('constant' in operand) return constant(operand.constant);
    const value = values.get(operand.value);
    if (value === undefined) throw new Error(`A program uses the value ${operand.value.id} before it is computed.`);
    return value;
  }

  function constant(tensor: Tensor): NativeValue {
    let value = constants.get(tensor);
    if (value === undefined) {
      const type = typeOf(tensor.dtype, backend);
      if (sizeOf(tensor.shape) <= mostValuesInGraph) {
        value = binding.constant(graph, type, tensor.shape, backend.readSync(tensor.dataId) as HostNumbers);
      } else {
        value = binding.placeholder(graph, type, tensor.shape);
        large.push({ tensor, id: value.id });
      }
      constants.set(tensor, value);
    }
    return value;
  }

  /** What is fed to a graph cannot be fetched from it as it is. */
  function result(operand: Operand): number {
    return operations.run('Identity', [operandValue(operand)]).id;
  }
}

function typeOf(dtype: DataType, backend: NativeBackend): NativeType {
  if (dtype === 'float32') return backend.floatType;
  if (dtype === 'int32' || dtype === 'bool') return nativeType[dtype];
  throw new Error(`A program cannot compute with ${dtype} tensors.`);
}
