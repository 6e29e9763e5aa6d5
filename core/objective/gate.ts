/** Work was stopped between two pieces of one call, because it is no longer wanted. */
export class Stopped extends Error {
  constructor() {
    super('The computation was stopped.');
    this.name = 'Stopped';
  }
}

/**
 * What long calls pass between two of their pieces (parts of the data, points of a plane): others have their turn there,
 * and the work ends where it is no longer wanted. One for an objective; each piece of work has a signal of its own.
 */
export interface Gate {
  /** Throws `Stopped` once the signal is aborted. */
  pass(): Promise<void>;
  /** The signal that is asked from now on; null where nothing stops the work. */
  watch(signal: { readonly aborted: boolean } | null): void;
  /** What is watched. */
  readonly signal: { readonly aborted: boolean } | null;
}

/** `turn` settles after the event loop has turned; it is awaited when the last turn is more than `everyMs` ago. */
export function createGate(turn: () => Promise<void>, everyMs = 8): Gate {
  let lastTurn = performance.now();
  let signal: { readonly aborted: boolean } | null = null;
  return {
    async pass() {
      if (performance.now() - lastTurn > everyMs) {
        await turn();
        lastTurn = performance.now();
      }
      if (signal?.aborted) throw new Stopped();
    },
    watch(next) {
      signal = next;
    },
    get signal() {
      return signal;
    },
  };
}
