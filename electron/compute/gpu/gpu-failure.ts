import { BadInput } from '../../../core/bad-input.ts';
import { Stopped } from '../../../core/objective/gate.ts';
import type { GpuFailure } from './gpu-messages.ts';

/** A problem as it travels. */
export function failureOf(problem: unknown): GpuFailure {
  if (problem instanceof Stopped) return { kind: 'stopped' };
  if (problem instanceof BadInput) return { kind: 'badInput', found: problem.found, advice: problem.advice };
  const { message, stack } = problem instanceof Error ? problem : new Error(String(problem));
  return { kind: 'failed', message, stack: stack ?? message };
}

/** The problem that it was. */
export function problemOf(failure: GpuFailure): Error {
  if (failure.kind === 'stopped') return new Stopped();
  if (failure.kind === 'badInput') return new BadInput(failure.found, failure.advice);
  const problem = new Error(failure.message);
  problem.stack = failure.stack;
  return problem;
}
