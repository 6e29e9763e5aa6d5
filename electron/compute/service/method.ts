import type { Failure, Outcome, Progress } from '../../../core/protocol/messages.ts';
import type { FileReference, MethodName, Methods } from '../../../core/protocol/methods.ts';
import type { RunCommand } from '../../../core/training/run-control.ts';
import type { OpenedExperiments } from './opened-experiments.ts';
import type { HeldPlane } from './worker-messages.ts';

/** What a method is given besides its parameters. */
export interface MethodContext<M extends MethodName> {
  /** Aborted once the request was cancelled. */
  readonly signal: { readonly aborted: boolean };
  /** Calls `listener` when the request is cancelled, or at once where it was. */
  onCancel(listener: () => void): void;
  /** Hands over the commands to a run, those first that came before. */
  onSteer(listener: (command: RunCommand) => void): void;
  /** The file or folder behind a reference. */
  path(reference: FileReference): string;
  progress(progress: Omit<Progress, 'eta'>): void;
  partial(value: Methods[M]['partial']): void;
  /** Keeps a plane under a name for later calls. */
  hold(planeId: string, plane: HeldPlane): void;
  /** The plane that the call names. */
  readonly plane: HeldPlane | null;
  readonly experiments: OpenedExperiments;
  log(level: 'info' | 'error', text: string): void;
}

/** Throws BadInput, Cancelled, NeedsFloat64Realm; anything else is a fault. */
export type Method<M extends MethodName> = (
  params: Methods[M]['params'],
  context: MethodContext<M>,
) => Promise<Outcome<Methods[M]['value']>>;

/** The request was cancelled before there was anything worth having. */
export class Cancelled extends Error {}

export const cancelledFailure: Failure = {
  kind: 'cancelled',
  found: 'It was cancelled before there was a result.',
  advice: 'Start it again when it is wanted.',
};

/** The outcome of what spends nothing that is counted. */
export async function outcomeOf<T>(work: () => Promise<T> | T): Promise<Outcome<T>> {
  const began = performance.now();
  const value = await work();
  const seconds = (performance.now() - began) / 1000;
  return { value, status: 'converged', stats: { products: 0, gradients: 0, losses: 0, seconds } };
}
