import { add, keep, mul, type Scalar, sum, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Gate } from '../../objective/gate.ts';
import type { LossName } from '../../objective/loss-convention.ts';
import type { BatchKey } from '../../objective/objective.ts';
import type { ExampleBatch, Examples } from './examples.ts';
import type { FunctionalModel, Mode } from './functional-model.ts';
import { perExampleLoss } from './loss-terms.ts';
import type { ProgramCache } from './plan/program-cache.ts';
import type { VectorHome } from './vector-home.ts';

/** What every call of an objective needs; made once. */
export interface Setting<V> {
  readonly functional: FunctionalModel;
  readonly examples: Examples;
  readonly home: VectorHome<V>;
  readonly loss: LossName;
  readonly overExamples: 'mean' | 'sum';
  readonly mode: Mode;
  /** `compiled`: programs, made once a shape; `tape`: the walker, their exact twin. */
  readonly products: 'compiled' | 'tape';
  /** Whether programs use the patterns of the engine: masks instead of positions, merged convolutions. */
  readonly patterns: boolean;
  readonly programs: ProgramCache;
  /** Whether layers draw masks in this mode; the masks are constants of a program. */
  readonly drawsMasks: boolean;
  /** Bytes of linearisations that are held at a point; parts beyond are linearised anew at each product. */
  readonly heldBytes: number;
  /** Passed between pieces of a long call. */
  readonly gate?: Gate | null;
}

/** The factor of Σᵢ ℓᵢ in the loss of `count` examples. */
export function scaleOf(setting: Pick<Setting<unknown>, 'overExamples'>, count: number): number {
  return setting.overExamples === 'mean' ? 1 / count : 1;
}

/**
 * What else a program of the model's outputs depends on, for its key: in inference mode the running statistics, which
 * are settled anew at every point that is looked at.
 */
export function modelKey({ functional, mode }: Pick<Setting<unknown>, 'functional' | 'mode'>): string {
  return mode === 'inference' ? functional.statistics() : '';
}

/** Names a batch by its examples: FNV-1a over the indices (Fowler, Noll and Vo 1991). All examples have the name 0. */
export function maskSeedOf(batch: BatchKey | undefined): number {
  if (!batch) return 0;
  let h = 0x811c9dc5;
  for (const index of batch) h = Math.imul(h ^ index, 0x01000193);
  return h >>> 1;
}

/** What came out on the way to the loss of a part, kept for `lossSeen`. */
export interface Seen {
  terms?: Tensor1D;
  penalty?: Scalar;
}

/** The loss of one part as a function of the weights, with the penalty in the first part; fills `seen`. */
export function partLoss<V>(
  setting: Setting<V>,
  part: ExampleBatch,
  index: number,
  scale: number,
  seed: number,
  seen: Seen,
): (...weights: Tensor[]) => Scalar {
  return (...weights) => {
    const outputs = setting.functional.outputs(weights, part.inputs, setting.mode, seed);
    const terms = perExampleLoss(setting.loss, outputs, part.targets);
    seen.terms = keep(terms.clone());
    const total = mul(sum(terms), scale) as Scalar;
    const penalty = index === 0 ? setting.functional.penalty(weights) : null;
    if (!penalty) return total;
    seen.penalty = keep(penalty.clone());
    return add(total, penalty);
  };
}

/** The loss of the part in float64: the scaled sum of its terms, and the penalty. Frees what was seen. */
export async function lossSeen(seen: Seen, scale: number): Promise<number> {
  let total = 0;
  for (const term of (await seen.terms?.data()) ?? []) total += term;
  const penalty = seen.penalty ? ((await seen.penalty.data())[0] ?? 0) : 0;
  seen.terms?.dispose();
  seen.penalty?.dispose();
  return total * scale + penalty;
}

/** Sums term by term; frees both. */
export function addInto(sums: readonly Tensor[], terms: readonly Tensor[]): Tensor[] {
  if (sums.length === 0) return [...terms];
  return sums.map((total, i) => {
    const term = terms[i] as Tensor;
    const next = add(total, term);
    total.dispose();
    term.dispose();
    return next;
  });
}
