import type { HostVector } from '../../../core/linalg/vector-space.ts';
import type { Slot } from './shard-messages.ts';

/** A vector in memory that several threads see, in use until it is given back as often as it was taken. */
export interface SharedVector {
  readonly slot: Slot;
  readonly values: HostVector;
}

export interface VectorSlots {
  /** A slot to be written by another thread. */
  take(): SharedVector;
  /** A slot that holds `v`. Asked for again before this turn of the program ends, the same one: several shards read one copy. */
  place(v: HostVector): SharedVector;
  giveBack(vector: SharedVector): void;
  /** Slots that are in use. */
  readonly inUse: number;
}

/** Slots are made when they are needed and used again; `tell` lets the other threads know of a new one. */
export function createVectorSlots(
  dim: number,
  precision: 'float32' | 'float64',
  tell: (slot: Slot, memory: SharedArrayBuffer) => void,
): VectorSlots {
  const free: SharedVector[] = [];
  const users = new Map<SharedVector, number>();
  const placed = new Map<HostVector, SharedVector>();
  let made = 0;

  function make(): SharedVector {
    const memory = new SharedArrayBuffer(dim * (precision === 'float64' ? 8 : 4));
    const slot = made++;
    tell(slot, memory);
    return { slot, values: precision === 'float64' ? new Float64Array(memory) : new Float32Array(memory) };
  }

  function take(): SharedVector {
    const vector = free.pop() ?? make();
    users.set(vector, 1);
    return vector;
  }

  return {
    take,
    place(v) {
      const there = placed.get(v);
      if (there) {
        users.set(there, (users.get(there) ?? 0) + 1);
        return there;
      }
      if (v.length !== dim) throw new RangeError(`${v.length} numbers are no vector of dimension ${dim}.`);
      const vector = take();
      vector.values.set(v);
      if (placed.size === 0) queueMicrotask(() => placed.clear());
      placed.set(v, vector);
      return vector;
    },
    giveBack(vector) {
      const left = (users.get(vector) ?? 0) - 1;
      if (left > 0) {
        users.set(vector, left);
        return;
      }
      users.delete(vector);
      free.push(vector);
    },
    get inUse() {
      return users.size;
    },
  };
}
