import type { Progress } from '../../../core/protocol/messages.ts';

const everyMs = 100;

/**
 * Progress for people: at most ten posts a second, the first and last of a stage always, with the seconds left at the
 * speed of the present stage.
 */
export function progressPosts(
  post: (progress: Progress) => void,
  now: () => number = () => performance.now(),
): (progress: Omit<Progress, 'eta'>) => void {
  let stage = '';
  let began = 0;
  let first = 0;
  let posted = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const at = now();
    const isNew = progress.stage !== stage;
    if (isNew) {
      stage = progress.stage;
      began = at;
      first = progress.done;
    }
    if (!isNew && at - posted < everyMs && progress.done < progress.total) return;
    posted = at;
    const made = progress.done - first;
    const eta = made > 0 ? ((at - began) / 1000) * ((progress.total - progress.done) / made) : null;
    post({ ...progress, eta });
  };
}
