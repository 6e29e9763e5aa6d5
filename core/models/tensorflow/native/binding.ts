/** Element types by their number in TensorFlow's DataType enumeration. */
export const nativeType = { float32: 1, float64: 2, int32: 3, int64: 9, bool: 10 } as const;

export type NativeType = (typeof nativeType)[keyof typeof nativeType];

/**
 * A tensor of the native library, or the output of a node of a graph. There, lengths that the library cannot tell before
 * the run are −1, and of a tensor whose rank it cannot tell the shape is empty.
 */
export interface NativeValue {
  readonly id: number;
  readonly type: NativeType;
  readonly shape: readonly number[];
}

export type NativeAttribute =
  | { readonly kind: 'type'; readonly value: NativeType }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'float'; readonly value: number }
  | { readonly kind: 'ints' | 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string };

/** Attributes of an operation; types that follow from its inputs need not be given. */
export type NativeAttributes = Readonly<Record<string, NativeAttribute>>;

export type HostNumbers = Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array;

export interface NativeDevice {
  readonly name: string;
  /** `CPU` or `GPU`. */
  readonly kind: string;
  readonly memoryBytes: number;
}

/**
 * What the addon over TensorFlow's C library offers (`electron/native`). Core knows its type only: the addon is loaded
 * by a process that may touch files, and handed in. All calls are synchronous; a fault of the library is thrown as an
 * `Error` with its message. Ids are those of one thread (one Node environment); 0 is none.
 */
export interface NativeBinding {
  /** Grows when this interface changes, so that an addon of another version is not used. */
  readonly abi: number;
  /** Of the TensorFlow library, e.g. `2.15.1`. */
  readonly version: string;
  /** Makes the eager context; once a process, later calls are ignored. `threads`: of one operation. */
  start(threads: number): void;
  /** Those it was started with. */
  threads(): number;
  devices(): NativeDevice[];

  upload(type: NativeType, shape: readonly number[], values: HostNumbers): NativeValue;
  read(id: number, into: HostNumbers): void;
  free(id: number): void;
  /** Tensors and programs alive in this thread, for tests of leaks. */
  alive(): { readonly tensors: number; readonly programs: number };
  /** Runs one operation at once. */
  execute(operation: string, inputs: readonly number[], attributes: NativeAttributes, outputs: number): NativeValue[];

  /** A new graph, to which nodes are added until `compile` takes it over. */
  graph(): number;
  placeholder(graph: number, type: NativeType, shape: readonly number[]): NativeValue;
  constant(graph: number, type: NativeType, shape: readonly number[], values: HostNumbers): NativeValue;
  node(
    graph: number,
    operation: string,
    inputs: readonly number[],
    attributes: NativeAttributes,
    outputs: number,
  ): NativeValue[];
  dropGraph(graph: number): void;
  /**
   * A program out of a graph: its inputs are the placeholders `free`, then `fixed`. The graph ends.
   * One run is one call, with no work of the caller between operations. `sideBySide`: `run` takes several runs at once.
   */
  compile(
    graph: number,
    free: readonly number[],
    fixed: readonly number[],
    results: readonly number[],
    sideBySide?: boolean,
  ): number;
  /**
   * Runs a program: the free inputs are cut from `flat` one after another, the fixed ones are tensors; the results are
   * written into `into` one after another. A program for several runs at once takes the free inputs of each, run after
   * run, and writes the results likewise; each run stays in one of the engine's threads, so that its numbers do not
   * depend on how many there are.
   */
  run(program: number, flat: HostNumbers, fixed: readonly number[], into: HostNumbers): void;
  /**
   * The same with results that stay with the library; the caller frees them. Without `flat`, the free inputs are the
   * tensors `free`.
   */
  runKept(program: number, flat: HostNumbers | null, fixed: readonly number[], free?: readonly number[]): NativeValue[];
  freeProgram(program: number): void;
}

/** The version of this interface. */
export const bindingAbi = 2;
