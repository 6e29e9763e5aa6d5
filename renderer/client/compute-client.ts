import type { Failure, Outcome, Progress } from '../../core/protocol/messages.ts';
import type { MethodName, Methods } from '../../core/protocol/methods.ts';
import type { RunCommand } from '../../core/training/run-control.ts';

/** What the other side said instead of a result. */
export class ComputeFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.found} ${failure.advice}`);
    this.failure = failure;
  }
}

export interface Listener<M extends MethodName> {
  onAccepted?(): void;
  onProgress?(progress: Progress): void;
  onPartial?(value: Methods[M]['partial']): void;
}

/** A request under way. */
export interface Call<M extends MethodName> {
  /** Rejects with a ComputeFailure. */
  readonly outcome: Promise<Outcome<Methods[M]['value']>>;
  cancel(): void;
  steer(command: RunCommand): void;
}

/** One conversation partner at a time; the calls of a lost one fail with `lost`. */
export interface ComputeClient {
  connect(port: MessagePort): void;
  /** The partner is gone. */
  disconnect(reason: string): void;
  call<M extends MethodName>(method: M, params: Methods[M]['params'], listener?: Listener<M>): Call<M>;
  /** Settles once there is a partner. */
  connected(): Promise<void>;
}
