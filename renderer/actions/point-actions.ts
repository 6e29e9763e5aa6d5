import { compute } from '../client/compute.ts';
import { runOf } from '../state/runs.ts';
import { announce } from '../state/session.ts';
import { type StudiedPoint, useStudiedPoint } from '../state/studied-point.ts';
import { startJob } from './analysis-job.ts';
import { failureOf } from './failures.ts';
import { placeText } from './slice-job.ts';

/**
 * Makes a point of a held slice the one that is studied: its loss and gradient at once, then the largest and the most
 * negative eigenvalue of its Hessian.
 */
export async function goToPoint(where: Pick<StudiedPoint, 'run' | 'plane' | 'planeId' | 'coordinates'>): Promise<void> {
  const started: StudiedPoint = { ...where, reading: null, spectrum: null, problem: null, busy: true };
  const { run, planeId, coordinates } = where;
  const source = { run, planeId, coordinates };
  let now = started;
  useStudiedPoint.setState({ point: now });
  /** Nobody waits for a point that was left. */
  const tell = (change: Partial<StudiedPoint>): boolean => {
    if (useStudiedPoint.getState().point !== now || !runOf(run)) return false;
    now = { ...now, ...change };
    useStudiedPoint.setState({ point: now });
    return true;
  };
  try {
    const { value } = await compute.call('readPoint', { source }).outcome;
    if (!tell({ reading: value })) return;
  } catch (problem) {
    const { found, advice } = failureOf(problem);
    tell({ problem: `${found} ${advice}`, busy: false });
    return;
  }
  const at = placeText(coordinates);
  const job = startJob(
    'spectrum',
    { source, parameters: { top: 1, bottom: 1 }, keep: false },
    { title: `Eigenvalues at ${at}`, brief: `λ at ${at}`, run },
  );
  const outcome = await job.ended;
  if (tell({ spectrum: outcome?.value ?? null, busy: false })) announce(`The point ${at} is known.`);
}
