import type { BufferAttribute, InterleavedBuffer } from 'three';

/** What graphics memory holds of a buffer, so that only what has changed is sent there. */
export interface Uploads {
  /** After the first `length` numbers of the buffer may have changed. */
  send(length: number): void;
}

/** Fewer unchanged numbers between two changes than this are sent along: each part costs a call. */
const gap = 24;
/** Where more than this share has changed, all of it is sent at once. */
const most = 0.6;

export function uploads(buffer: BufferAttribute | InterleavedBuffer): Uploads {
  const array = buffer.array as Float32Array | Uint32Array;
  let held: Float32Array | Uint32Array | null = null;
  // Until the whole is there, a part of it would be too little.
  let awaitsWhole = true;
  buffer.onUpload(() => {
    awaitsWhole = false;
  });
  return {
    send(length) {
      if (held === null) {
        held = array.slice();
        buffer.needsUpdate = true;
        return;
      }
      const parts: number[] = [];
      let changed = 0;
      for (let i = 0, end = -gap - 1; i < length; i++) {
        if (array[i] === held[i]) continue;
        if (i - end > gap) parts.push(i, i + 1);
        else parts[parts.length - 1] = i + 1;
        end = i;
        held[i] = array[i]!;
        changed++;
      }
      if (changed === 0) return;
      buffer.needsUpdate = true;
      if (awaitsWhole) return;
      if (changed > most * array.length) {
        awaitsWhole = true;
        buffer.clearUpdateRanges();
      } else for (let k = 0; k < parts.length; k += 2) buffer.addUpdateRange(parts[k]!, parts[k + 1]! - parts[k]!);
    },
  };
}
