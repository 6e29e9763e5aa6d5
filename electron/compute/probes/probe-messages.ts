import type { ProbesRequest } from '../../../core/analyses/spectrum/spectrum-context.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { DataProvenance } from '../../../core/experiment/run-folder.ts';
import type { ProbeOutcome } from '../../../core/linalg/quadrature/spectral-quadrature.ts';
import type { ShardFailure } from '../shards/shard-messages.ts';

/** Where the numbers lie that all threads of one density share: 32-bit integers. */
export const counters = {
  /** Other than 0 once the work is no longer wanted. */
  stop: 0,
  /** The probe that the next free thread takes. */
  next: 1,
  /** Of all probes together. */
  products: 2,
  length: 3,
} as const;

/** What a thread is started with: everything, so that it is never told anything afterwards. */
export interface ProbeThreadData {
  readonly realm: 'ordinary' | 'float64';
  /** With the engine by name that the others compute with. */
  readonly experiment: Experiment;
  readonly baseFolder: string;
  /** What the training set must turn out to be. */
  readonly train: DataProvenance;
  /** The name of the engine, as objectives tell it. */
  readonly engine: string;
  /** In shared memory, as are the deflated vectors of the request. */
  readonly theta: Float64Array;
  readonly request: ProbesRequest;
  /** How many probes there are. */
  readonly count: number;
  readonly counters: Int32Array;
}

/** A thread ends by itself after `done` or `failure`; one that ends without has been lost. */
export type FromProbeThread =
  | { readonly kind: 'outcome'; readonly probe: number; readonly outcome: ProbeOutcome }
  | { readonly kind: 'failure'; readonly failure: ShardFailure }
  | { readonly kind: 'done' };
