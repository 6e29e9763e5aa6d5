import { BadInput } from '../../bad-input.ts';

/**
 * One shared WebAssembly memory a realm, in which the vectors of the host spaces live, so that SIMD kernels reach them
 * without copying. Shared, because a shared memory grows without detaching the views that exist. It is made when the first
 * vector is; the operating system gives pages as they are written.
 *
 * Blocks are cut from the top and go back to a list of their size; when the top reaches the limit, free neighbours are
 * joined and cut anew. All addresses are multiples of 64 bytes (a cache line).
 */
export interface HostArena {
  readonly memory: WebAssembly.Memory;
  /** Bytes held by blocks that were allocated and not yet freed. */
  readonly bytesInUse: number;
  /** The address of a fresh block, its contents undefined. BadInput when it does not fit. */
  allocate(sizeBytes: number): number;
  /** Ends a block. An address that no living block has is a programmer's error. */
  free(address: number): void;
  /** Where a view lies in this memory; −1 for a view of anything else. */
  addressOf(view: ArrayBufferView): number;
}

const pageBytes = 65536;
const lineBytes = 64;
/** Growth in steps of 16 MiB: each step makes one more buffer object to remember. */
const growthPages = 256;
/** Addresses are 32 bits wide. */
const largestLimitBytes = 65536 * pageBytes;

/** An arena of its own, of at most `limitBytes`. Programs use `hostArena()`. */
export function createHostArena(limitBytes = largestLimitBytes): HostArena {
  const maximum = Math.floor(limitBytes / pageBytes);
  const memory = new WebAssembly.Memory({ initial: 1, maximum, shared: true });
  const living = new Map<number, number>();
  let free = new Map<number, number[]>();
  let bytesInUse = 0;
  let top = lineBytes; // address 0 stays unused: a zero address is always a mistake
  let pages = 1;
  const buffers = new WeakSet<ArrayBufferLike>([memory.buffer]);

  function growTo(end: number): boolean {
    const missing = Math.ceil(end / pageBytes) - pages;
    if (missing <= 0) return true;
    if (pages + missing > maximum) return false;
    const step = Math.min(Math.max(missing, growthPages), maximum - pages);
    try {
      memory.grow(step);
    } catch {
      return false;
    }
    pages += step;
    buffers.add(memory.buffer);
    return true;
  }

  function put(address: number, size: number): void {
    const sameSize = free.get(size);
    if (sameSize) sameSize.push(address);
    else free.set(size, [address]);
  }

  /** Joins free neighbours, then cuts a block from the smallest that is large enough. */
  function cutFromFree(size: number): number | undefined {
    const pieces = [...free].flatMap(([length, addresses]) => addresses.map((address) => ({ address, length })));
    pieces.sort((a, b) => a.address - b.address);
    const joined: { address: number; length: number }[] = [];
    for (const piece of pieces) {
      const last = joined.at(-1);
      if (last && last.address + last.length === piece.address) last.length += piece.length;
      else joined.push(piece);
    }
    const last = joined.at(-1);
    if (last && last.address + last.length === top) {
      top = last.address;
      joined.pop();
    }
    free = new Map();
    const fitting = joined.filter((piece) => piece.length >= size).sort((a, b) => a.length - b.length)[0];
    for (const piece of joined) if (piece !== fitting) put(piece.address, piece.length);
    if (!fitting) return undefined;
    if (fitting.length > size) put(fitting.address + size, fitting.length - size);
    return fitting.address;
  }

  function cutFromTop(size: number): number | undefined {
    if (!growTo(top + size)) return undefined;
    top += size;
    return top - size;
  }

  function allocate(sizeBytes: number): number {
    const size = Math.max(1, Math.ceil(sizeBytes / lineBytes)) * lineBytes;
    const address = free.get(size)?.pop() ?? cutFromTop(size) ?? cutFromFree(size) ?? cutFromTop(size);
    if (address === undefined) {
      throw new BadInput(
        `A vector of ${mebibytes(sizeBytes)} does not fit: of the ${mebibytes(maximum * pageBytes)} for host vectors ${mebibytes(bytesInUse)} are in use.`,
        'Ask for fewer vectors at once (fewer eigenvalues or Krylov steps), use float32, or take a smaller network.',
      );
    }
    living.set(address, size);
    bytesInUse += size;
    return address;
  }

  return {
    memory,
    get bytesInUse() {
      return bytesInUse;
    },
    allocate,
    free(address) {
      const size = living.get(address);
      if (size === undefined)
        throw new Error(`No vector begins at ${address}: it was released twice, or is a part of one.`);
      living.delete(address);
      bytesInUse -= size;
      put(address, size);
    },
    addressOf: (view) => (buffers.has(view.buffer) ? view.byteOffset : -1),
  };
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1048576).toFixed(bytes < 104857600 ? 2 : 0)} MiB`;
}

let shared: HostArena | undefined;

/** The arena of this realm: a main thread and each of its workers have one each. */
export function hostArena(): HostArena {
  shared ??= createHostArena();
  return shared;
}
