import { BadInput } from '../bad-input.ts';
import type { Random } from '../random/random.ts';
import type { BatchKey } from './objective.ts';

/** A key in consecutive pieces of `batchSize` indices; the last one is shorter where it must be. */
export function consecutiveBatches(key: BatchKey, batchSize: number): BatchKey[] {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new BadInput(`The batch size ${batchSize} is not a positive integer.`, 'Give one that is, such as 128.');
  }
  const batches: BatchKey[] = [];
  for (let start = 0; start < key.length; start += batchSize) batches.push(key.slice(start, start + batchSize));
  return batches;
}

/**
 * A uniformly random partition of the examples for one epoch, the last ragged batch kept. It depends on the key of the
 * stream and on the epoch only, not on what was drawn before: a run resumed within an epoch finds its batches again.
 */
export function epochBatches(examples: number, batchSize: number, rng: Random, epoch: number): BatchKey[] {
  return consecutiveBatches(rng.split(`epoch ${epoch}`).permutation(examples), batchSize);
}
