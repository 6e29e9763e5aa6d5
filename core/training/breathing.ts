/**
 * Lets the rest of the program run every few milliseconds and keeps a clock of the work alone. Awaiting a settled promise
 * does not reach timers, signals or messages, so a long computation has to ask for it.
 */
export interface Breathing {
  /** Gives way if the last time was long enough ago. */
  breathe(): Promise<void>;
  /** Gives way until `until` settles. */
  wait(until: Promise<void>): Promise<void>;
  /** Time of the work alone. */
  seconds(): number;
}

/**
 * @param giveWay settles after the event loop has turned once (`setImmediate`, a message to itself …)
 * @param now milliseconds, never going back
 */
export function createBreathing(giveWay: () => Promise<void>, now: () => number, everyMs: number): Breathing {
  let idleMs = 0;
  let last = now();

  async function idle(work: () => Promise<void>): Promise<void> {
    const began = now();
    await work();
    last = now();
    idleMs += last - began;
  }

  return {
    breathe: async () => {
      if (now() - last >= everyMs) await idle(giveWay);
    },
    wait: (until) => idle(() => until),
    seconds: () => (now() - idleMs) / 1000,
  };
}
