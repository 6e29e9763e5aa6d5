import { Stopped } from '../../objective/gate.ts';

/** What was asked for is no longer wanted: nothing comes of it. Other problems are thrown on. */
export function nothingIfStopped(problem: unknown): null {
  if (problem instanceof Stopped) return null;
  throw problem;
}
