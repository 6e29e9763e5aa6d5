import type { MessagePort } from 'node:worker_threads';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import type { Failure, Outcome, Progress } from '../../../core/protocol/messages.ts';
import type { FileReference } from '../../../core/protocol/methods.ts';
import type { MethodCall } from '../../../core/protocol/validate.ts';
import type { RunCommand } from '../../../core/training/run-control.ts';

/** A plane with its directions, so that points can be put on it later. */
export interface HeldPlane {
  readonly document: SliceDocument;
  /** θ at its centre, or where it lies. */
  readonly origin: Float64Array | { readonly run: string; readonly step: number };
}

/** What a worker thread is asked to do; one at a time. */
export interface Job {
  readonly job: number;
  readonly call: MethodCall;
  /** The paths of the references that the call names. */
  readonly paths: Readonly<Record<FileReference, string>>;
  /** The plane that the call names. */
  readonly plane: HeldPlane | null;
}

export type ToWorker =
  /** Load what computes before the first job comes. */
  | { readonly kind: 'warm' }
  | ({ readonly kind: 'job' } & Job)
  | { readonly kind: 'cancel'; readonly job: number }
  | { readonly kind: 'steer'; readonly job: number; readonly command: RunCommand };

export type FromWorker =
  | { readonly kind: 'log'; readonly level: 'info' | 'error'; readonly text: string }
  | { readonly kind: 'progress'; readonly job: number; readonly progress: Progress }
  | { readonly kind: 'partial'; readonly job: number; readonly value: unknown }
  /** A plane to be held under a name, for calls that come later. */
  | { readonly kind: 'plane'; readonly planeId: string; readonly plane: HeldPlane }
  /** The computation needs the realm of exact tensors: nothing was said or written yet. */
  | { readonly kind: 'elsewhere'; readonly job: number }
  | { readonly kind: 'result'; readonly job: number; readonly outcome: Outcome<unknown> }
  | { readonly kind: 'failure'; readonly job: number; readonly failure: Failure };

/** `float64`: tensors of TensorFlow.js are in double precision. */
export type Realm = 'ordinary' | 'float64';

export interface WorkerData {
  readonly realm: Realm;
  /** Share of the heap at which a computation is ended, before the engine ends the thread. */
  readonly fullHeap?: number;
  /** Where the thread asks for a GPU that another process has. */
  readonly gpuDoor?: MessagePort;
}
