import type { Stats, Status } from '../linalg/result.ts';
import type { RunCommand } from '../training/run-control.ts';

/**
 * The one contract between the side that shows and the side that computes. Plain data and typed arrays only: what can be
 * copied between processes, written on a socket, or stored. A conversation about one request:
 *
 *     request {id, method, params} → accepted → progress … partial … → result {value, status, stats}
 *                                                                    | failure {kind, found, advice}
 *
 * `cancel` may come at any time; its request then ends with a result of status `cancelled` where a part is worth having,
 * else with a failure of kind `cancelled`. Exactly one result or failure ends every request that was accepted.
 */
export const protocolVersion = 1;

interface Message {
  readonly v: typeof protocolVersion;
  /** Of the request that is spoken of; chosen by the side that asks, never used twice on one connection. */
  readonly id: number;
}

export type ToCompute =
  | (Message & { readonly kind: 'request'; readonly method: string; readonly params: unknown })
  | (Message & { readonly kind: 'cancel' })
  /** To a training request under way. */
  | (Message & { readonly kind: 'steer'; readonly command: RunCommand })
  /** `chunk` has been taken: the sender waits when too many are under way. */
  | (Message & { readonly kind: 'received'; readonly chunk: number });

/** Work is counted in what it is spent on. */
export type ProgressUnit = 'steps' | 'losses' | 'gradients' | 'products' | 'points' | 'bytes' | 'starts';

export interface Progress {
  /** What is being worked on, for people. */
  readonly stage: string;
  readonly done: number;
  /** The most that can come; the work may end before. */
  readonly total: number;
  readonly unit: ProgressUnit;
  /** Seconds left at the present speed; null while it is unknown. */
  readonly eta: number | null;
  /** Current numbers worth showing, without certificates yet. */
  readonly live?: Readonly<Record<string, readonly number[]>>;
}

/**
 * `badInput`: what was asked cannot be done as it stands. `cancelled`: nothing worth having was finished. `lost`: the
 * process that computed is gone. `failed`: a fault inside; `details` go to the log. The rest: a conversation gone wrong.
 */
export type FailureKind = 'badInput' | 'cancelled' | 'lost' | 'failed' | 'unknownMethod' | 'wrongVersion' | 'malformed';

export interface Failure {
  readonly kind: FailureKind;
  /** One sentence on what was found. */
  readonly found: string;
  /** One sentence on what to do. */
  readonly advice: string;
  readonly details?: string;
}

export interface Outcome<T> {
  readonly value: T;
  readonly status: Status;
  readonly stats: Stats;
}

export type FromCompute =
  | (Message & { readonly kind: 'accepted' })
  | (Message & { readonly kind: 'progress'; readonly progress: Progress })
  | (Message & { readonly kind: 'partial'; readonly chunk: number; readonly value: unknown })
  /** A piece of a typed array too large for one message; see chunking.ts. */
  | (Message & {
      readonly kind: 'piece';
      readonly chunk: number;
      readonly array: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    })
  | (Message & { readonly kind: 'result'; readonly outcome: Outcome<unknown> })
  | (Message & { readonly kind: 'failure'; readonly failure: Failure });
