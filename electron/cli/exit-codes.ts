/** What the command line answers to the program that called it. */
export const exitCode = {
  done: 0,
  /** Something went wrong that is nobody's input: a defect or the machine. */
  failed: 1,
  badInput: 2,
  notConverged: 3,
  /** EX_TEMPFAIL: stopped, and `--resume` continues. */
  stopped: 75,
} as const;
