/** What a user can do to a run, as plain data that can travel over a protocol. */
export type RunCommand =
  | { readonly command: 'pause' | 'resume' | 'step' | 'stop' }
  | { readonly command: 'setLearningRate'; readonly learningRate: number }
  /** Largest share of probe time from now on, from 0 to 1. */
  | { readonly command: 'setProbeBudget'; readonly budget: number };

/**
 * The handle by which a run is steered from outside. Commands take effect at the next step, in their order; `stop` also
 * ends a probe under way. Calls may come before the run starts and after it has ended.
 */
export interface RunControl {
  pause(): void;
  resume(): void;
  /** One update, then the run waits. */
  step(): void;
  stop(): void;
  setLearningRate(learningRate: number): void;
  setProbeBudget(budget: number): void;
  send(command: RunCommand): void;
  /** For the run: the next command, oldest first. */
  take(): RunCommand | undefined;
  /** For the run: whether `stop` was sent. */
  readonly stopRequested: boolean;
  /** For the run: settles when a command is there. */
  arrival(): Promise<void>;
}

export function createRunControl(): RunControl {
  const commands: RunCommand[] = [];
  let stopRequested = false;
  let wake: (() => void) | null = null;

  function send(command: RunCommand): void {
    commands.push(command);
    if (command.command === 'stop') stopRequested = true;
    wake?.();
    wake = null;
  }

  return {
    pause: () => send({ command: 'pause' }),
    resume: () => send({ command: 'resume' }),
    step: () => send({ command: 'step' }),
    stop: () => send({ command: 'stop' }),
    setLearningRate: (learningRate) => send({ command: 'setLearningRate', learningRate }),
    setProbeBudget: (budget) => send({ command: 'setProbeBudget', budget }),
    send,
    take: () => commands.shift(),
    get stopRequested() {
      return stopRequested;
    },
    arrival: () =>
      commands.length > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve;
          }),
  };
}
