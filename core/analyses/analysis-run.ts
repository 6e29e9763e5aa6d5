import type { Result } from '../linalg/result.ts';
import type { Objective } from '../objective/objective.ts';
import type { Random } from '../random/random.ts';

export interface AnalysisProgress {
  /** What is being worked on, for people. */
  readonly stage: string;
  readonly done: number;
  /** The most that can come; the work may end before. */
  readonly total: number;
  readonly unit: 'products' | 'losses' | 'gradients' | 'starts';
  /** Current numbers worth showing, without certificates yet. */
  readonly live?: Readonly<Record<string, readonly number[]>>;
}

/** What an analysis is given besides the function and its own parameters. */
export interface AnalysisContext {
  readonly rng: Random;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((progress: AnalysisProgress) => void) | undefined;
}

/** Runs one analysis of L at θ; `given` are parameters by name, as the descriptor declares them. θ stays as it was. */
export type AnalysisRun = <V>(
  objective: Objective<V>,
  theta: V,
  given: Readonly<Record<string, unknown>>,
  context: AnalysisContext,
) => Promise<Result<unknown>>;
