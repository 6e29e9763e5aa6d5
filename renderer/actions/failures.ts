import { readRefusal } from '../../core/protocol/bridge.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import { ComputeFailure } from '../client/compute-client.ts';
import { reportProblem } from '../state/session.ts';

const reported = new WeakSet<object>();

/** What went wrong, for people: said by the process that computes, by main, or a fault of the page. */
export function failureOf(problem: unknown): Failure {
  if (problem instanceof ComputeFailure) return problem.failure;
  const details = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  return { kind: 'failed', ...readRefusal(problem), details };
}

/** Shows a problem, each only once, however many hear of it. What the user has cancelled is none. */
export function report(problem: unknown): void {
  if (wasReported(problem)) return;
  if (typeof problem === 'object' && problem !== null) reported.add(problem);
  const failure = failureOf(problem);
  if (failure.kind !== 'cancelled') reportProblem(failure);
}

export const wasReported = (problem: unknown): boolean =>
  typeof problem === 'object' && problem !== null && reported.has(problem);

/** Does it and shows what goes wrong. Null where something did. */
export async function reporting<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (problem) {
    report(problem);
    return null;
  }
}
