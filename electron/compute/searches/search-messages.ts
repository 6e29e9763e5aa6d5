import type { FoundStart, SearchOutcome, SearchSettings, SearchTask } from '../../../core/analyses/saddles/search.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { DataProvenance } from '../../../core/experiment/run-folder.ts';
import type { RandomState } from '../../../core/random/random.ts';
import type { ShardFailure } from '../shards/shard-messages.ts';

/** `whole`: finds and judges. The others are for points that are judged where all tensors are in double precision. */
export type SearchRole = 'whole' | 'find' | 'judge';

/** What a thread is started with. */
export interface SearchThreadData {
  readonly role: SearchRole;
  readonly realm: 'ordinary' | 'float64';
  /** With the engine by name that this thread computes with. */
  readonly experiment: Experiment;
  /** Where it finds and judges in different precisions: the experiment of the judgement. */
  readonly certified: Experiment | null;
  readonly baseFolder: string;
  /** What the training set must turn out to be. */
  readonly train: DataProvenance;
  /** Of the fixed subset; null for all. */
  readonly examples: number | null;
  readonly settings: SearchSettings;
  readonly rng: RandomState;
  /** θ that statistics are settled at. */
  readonly settledAt: Float64Array;
}

export type ToSearchThread =
  | { readonly kind: 'find'; readonly task: SearchTask }
  | { readonly kind: 'judge'; readonly found: FoundStart };

export type FromSearchThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'found'; readonly found: FoundStart }
  | { readonly kind: 'outcome'; readonly outcome: SearchOutcome }
  | { readonly kind: 'failure'; readonly failure: ShardFailure };
