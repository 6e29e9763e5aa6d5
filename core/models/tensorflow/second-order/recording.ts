import type { Tensor } from '@tensorflow/tfjs-core';
import { engineInternals, type TapeNode } from '../engine-access.ts';

/** A tape being recorded. */
export interface Recorder {
  /** The operations recorded so far. */
  tape(): readonly TapeNode[];
  /** Runs operations that are not to be recorded. */
  unrecorded<T>(body: () => T): T;
}

export interface Recording<T> {
  readonly value: T;
  /** The tensors that operations saved for their derivative; the caller disposes them. */
  readonly saved: ReadonlySet<Tensor>;
}

/**
 * Runs `body` with the engine's tape on, in a scope of its own: tensors made inside are freed at the end, except those
 * saved by operations and those that `body` kept. If anything throws, these are freed too (the library leaks them).
 */
export function record<T>(body: (recorder: Recorder) => T): Recording<T> {
  const engine = engineInternals();
  const { state } = engine;
  if (state.gradientDepth !== 0) {
    throw new Error(
      'A tape is being recorded already: a linearisation cannot be made inside another or inside tf.grad.',
    );
  }
  const kept = new Set<Tensor>();
  const keep = engine.keep;
  engine.keep = <K extends Tensor>(tensor: K): K => {
    kept.add(tensor);
    return keep.call(engine, tensor) as K;
  };
  const recorder: Recorder = {
    tape: () => state.activeTape ?? [],
    unrecorded(inner) {
      state.gradientDepth--;
      try {
        return inner();
      } finally {
        state.gradientDepth++;
      }
    },
  };
  engine.startScope('linearise');
  engine.startTape();
  let done = false;
  try {
    const value = body(recorder);
    done = true;
    return { value, saved: new Set(recorder.tape().flatMap((node) => node.saved)) };
  } finally {
    engine.endTape();
    state.activeTape = null;
    engine.keep = keep;
    if (!done) for (const tensor of kept) tensor.dispose();
    engine.endScope();
  }
}
