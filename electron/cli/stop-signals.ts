/** Somebody asked the work to end where it can: `aborted` is how an analysis looks at it. */
export interface StopRequest {
  readonly aborted: boolean;
  /** `SIGINT`, `SIGTERM` … once it came. */
  readonly signal: NodeJS.Signals | null;
  /** Calls `listener` when the request comes, or at once where it came before. Returns the remover. */
  onStop(listener: () => void): () => void;
  /** What a terminal in raw mode sends as a character: the same as SIGINT. */
  interrupt(): void;
  /** Gives the signals back to the system. */
  release(): void;
}

/** For what the system may end at any moment. */
export const notStopped: StopRequest = {
  aborted: false,
  signal: null,
  onStop: () => () => {},
  interrupt: () => {},
  release: () => {},
};

/** Group and parent may both deliver the same keypress; presses of a person are further apart. */
const sameKeypressMs = 100;
const stopSignals: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'];

/**
 * SIGTERM, SIGHUP (a connection that broke), SIGUSR1 (job queues) and the first SIGINT ask the work to stop; a second SIGINT ends the process at once with
 * 130. Until `release` the system's own handling of these signals is off.
 */
export function stopOnSignals(endAtOnce: () => void = () => process.exit(130)): StopRequest {
  let signal: NodeJS.Signals | null = null;
  let interruptedAt: number | null = null;
  const listeners = new Set<() => void>();
  const onSignal = (name: NodeJS.Signals) => {
    if (name === 'SIGINT') {
      if (interruptedAt !== null && performance.now() - interruptedAt > sameKeypressMs) endAtOnce();
      interruptedAt ??= performance.now();
    }
    if (signal !== null) return;
    signal = name;
    for (const listener of listeners) listener();
  };
  for (const name of stopSignals) process.on(name, onSignal);
  return {
    get aborted() {
      return signal !== null;
    },
    get signal() {
      return signal;
    },
    onStop(listener) {
      listeners.add(listener);
      if (signal !== null) listener();
      return () => listeners.delete(listener);
    },
    interrupt: () => onSignal('SIGINT'),
    release() {
      for (const name of stopSignals) process.off(name, onSignal);
    },
  };
}
