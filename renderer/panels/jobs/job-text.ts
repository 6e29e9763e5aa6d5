import type { Job } from '../../state/jobs.ts';
import { numeralText } from '../../widgets/numeral-text.ts';

/** `1.8 s`, `42 s`, `3 min`, `2 h 10 min`: as precise as a guess deserves. */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${numeralText(Math.max(0.1, seconds), seconds < 1 ? 1 : 2)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `159 of 256 products · 1.8 s left`. */
export function jobText({ state, progress, failure }: Job): string {
  switch (state) {
    case 'waiting':
      return 'waits for its turn';
    case 'cancelling':
      return 'is being cancelled';
    case 'cancelled':
      return 'cancelled';
    case 'done':
      return 'done';
    case 'failed':
      return failure ? `${failure.found} ${failure.advice}` : 'failed';
    case 'running': {
      if (progress === null) return 'begins';
      const { done, total, unit, eta } = progress;
      const left = eta === null ? '' : ` · ${durationText(eta)} left`;
      if (unit === 'bytes')
        return `${numeralText(Math.round(done / 1e6))} of ${numeralText(Math.round(total / 1e6))} MB${left}`;
      return `${numeralText(done)} of ${numeralText(total)} ${unit}${left}`;
    }
  }
}

/** The same for the strip, where there is no room for why something failed. */
export const briefText = (job: Job): string => (job.state === 'failed' ? 'failed' : jobText(job));

/** Of the bar, from 0 to 1. */
export function jobShare({ state, progress }: Job): number {
  if (state === 'done') return 1;
  return progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
}
