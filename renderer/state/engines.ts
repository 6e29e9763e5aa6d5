import { create } from 'zustand';
import type { EngineProgress, EngineReport, EngineWish } from '../../core/protocol/engines.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import type { MeasuredCosts } from '../../core/protocol/methods.ts';

/** Engines whose speed can be measured here. */
export type MeasurableEngine = 'tensorflow' | 'wasm' | 'cpu';

/** What this machine has to compute with, and what is being changed about it. */
export interface Engines {
  /** Null until it was looked up. */
  readonly report: EngineReport | null;
  /** What `auto` came to, as results name it, when the process that computes was asked last; null until then. */
  readonly automatic: string | null;
  /** What is under way. */
  readonly task: {
    readonly wish: EngineWish;
    readonly progress: EngineProgress | null;
    readonly cancelling: boolean;
  } | null;
  /** Why the last wish was refused, and the wish, to be tried again. */
  readonly refused: { readonly wish: EngineWish; readonly failure: Failure } | null;
  /** What was done last, in a sentence. */
  readonly done: string | null;
  readonly times: Readonly<Partial<Record<MeasurableEngine, MeasuredCosts>>>;
  readonly measuring: MeasurableEngine | null;
}

export const useEngines = create<Engines>(() => ({
  report: null,
  automatic: null,
  task: null,
  refused: null,
  done: null,
  times: {},
  measuring: null,
}));
