import { create } from 'zustand';
import type { Failure, Progress } from '../../core/protocol/messages.ts';

/** An analysis that is computed, was refused, or has ended a moment ago. Training has its own place. */
export interface Job {
  readonly id: string;
  readonly title: string;
  /** Without what is seen elsewhere, for the strip. */
  readonly brief: string;
  readonly run: string | null;
  readonly state: 'waiting' | 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed';
  readonly progress: Progress | null;
  readonly failure: Failure | null;
  readonly startedAt: number;
  cancel(): void;
}

export const useJobs = create<{ readonly jobs: readonly Job[] }>(() => ({ jobs: [] }));

export const addJob = (job: Job): void => useJobs.setState(({ jobs }) => ({ jobs: [...jobs, job] }));

export function updateJob(id: string, change: Partial<Job>): void {
  useJobs.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, ...change } : job)) }));
}

export const removeJob = (id: string): void =>
  useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
