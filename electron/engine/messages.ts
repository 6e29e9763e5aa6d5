import type { EngineProgress, EngineReport } from '../../core/protocol/engines.ts';

/** What the process for engines is to do; one thing in its life. */
export type EngineTask =
  | { readonly kind: 'look' }
  /** `wheel`: the path of one; null: pip fetches it. */
  | { readonly kind: 'install'; readonly gpu: boolean; readonly wheel: string | null }
  | { readonly kind: 'use' | 'remove'; readonly name: string };

export type ToEngineProcess = { readonly task: EngineTask } | { readonly cancel: true };

/** The last message is a report, a refusal, or that it was given up with nothing changed. */
export type FromEngineProcess =
  | { readonly progress: EngineProgress }
  | { readonly report: EngineReport }
  | { readonly refused: { readonly found: string; readonly advice: string } }
  | { readonly cancelled: true };
