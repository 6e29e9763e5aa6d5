import { engine, type Tensor, version_core } from '@tensorflow/tfjs-core';

/**
 * The members of TensorFlow.js' engine that its type declarations call private and that second derivatives need. They
 * are part of no promise of the library, so the version is pinned and each member is looked for before first use.
 */
export interface TapeNode {
  readonly id: number;
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor | undefined>>;
  readonly outputs: readonly Tensor[];
  readonly saved: readonly Tensor[];
  readonly gradient?: (dys: (Tensor | null)[]) => Record<string, () => Tensor>;
}

/** What a custom-gradient operation passes to `engine.customGrad`. */
export type CustomGradient = (...inputs: unknown[]) => { value: Tensor; gradFunc: unknown };

/** What runs one registered kernel, or (without a name) an operation with a gradient written by hand. */
export interface KernelCall {
  readonly kernelName?: string;
  readonly inputs: Record<string, Tensor | undefined>;
  readonly attrs?: Record<string, unknown>;
}

export interface EngineInternals {
  readonly state: {
    activeTape: TapeNode[] | null;
    gradientDepth: number;
    readonly kernelDepth: number;
    readonly activeScope: { readonly name: string } | null;
  };
  readonly backendName: string;
  addTapeNode(...args: unknown[]): void;
  startTape(): void;
  endTape(): void;
  startScope(name?: string): void;
  endScope(result?: unknown): void;
  isTapeOn(): boolean;
  keep<T extends Tensor>(tensor: T): T;
  customGrad(f: CustomGradient): (...inputs: Tensor[]) => Tensor;
  runKernel(name: string, inputs: Record<string, Tensor | undefined>, attrs?: Record<string, unknown>): unknown;
  runKernelFunc(call: KernelCall): unknown;
}

const pinnedVersion = /^4\.22\./;
const methods = [
  'addTapeNode',
  'startTape',
  'endTape',
  'startScope',
  'endScope',
  'isTapeOn',
  'keep',
  'customGrad',
  'runKernel',
  'runKernelFunc',
];

/**
 * The engine of this realm with its private members, after checking that they are what this program was written for.
 * Throws an `Error` (a fault of the installation, not of the user) naming the version or the members that are missing.
 */
export function engineInternals(): EngineInternals {
  return checkedInternals(engine(), version_core);
}

/** The check behind `engineInternals`, apart from the realm's own engine. */
export function checkedInternals(candidate: object, version: string): EngineInternals {
  if (!pinnedVersion.test(version)) {
    throw new Error(
      `Second derivatives are written for TensorFlow.js 4.22, but version ${version} is loaded. Install 4.22.0.`,
    );
  }
  const found = candidate as Record<string, unknown>;
  const missing = methods.filter((name) => typeof found[name] !== 'function');
  const internals = candidate as EngineInternals;
  if (missing.length === 0 && !recordsOnActiveTape(internals)) missing.push('state.activeTape');
  if (missing.length > 0) {
    throw new Error(
      `TensorFlow.js ${version} lacks the engine members that second derivatives need (${missing.join(', ')}). Install the published package of 4.22.0.`,
    );
  }
  return internals;
}

/** `activeTape` exists only after the first tape was started, so looking for the property is not enough. */
function recordsOnActiveTape(internals: EngineInternals): boolean {
  const { state } = internals;
  if (typeof state !== 'object' || state === null) return false;
  if (state.gradientDepth > 0) return Array.isArray(state.activeTape);
  internals.startTape();
  const started = Array.isArray(state.activeTape);
  internals.endTape();
  state.activeTape = null;
  return started;
}

/**
 * Runs a kernel that has no public operation (the derivative kernels of convolutions and pools). With a tape on, it is
 * recorded like any operation.
 */
export function runKernel(
  name: string,
  inputs: Record<string, Tensor | undefined>,
  attrs: Record<string, unknown> = {},
): Tensor {
  return (engine() as unknown as EngineInternals).runKernel(name, inputs, attrs) as Tensor;
}
