import { compute } from '../client/compute.ts';
import { type RunState, runOf, updateRun } from '../state/runs.ts';
import { announce } from '../state/session.ts';
import { failureOf, report } from './failures.ts';
import { flushChanges, receiveStoredRecords } from './record-flow.ts';

/** Between two looks at the folder. */
const everyMs = 1000;

const endings = { finished: 'has finished', stopped: 'was stopped', diverged: 'has diverged', killed: 'has ended' };

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, everyMs));

/**
 * Shows what another process writes to a run, as it comes, until that process ends, the run is closed or it is taken over
 * here. `from`: bytes of its records that are shown already. Settles then.
 */
export async function watchRun(id: string, from: number): Promise<void> {
  let end = from;
  for (;;) {
    await pause();
    if (runOf(id)?.state !== 'elsewhere') return;
    const call = compute.call(
      'readOn',
      { run: id, from: end },
      { onPartial: (records) => receiveStoredRecords(id, records) },
    );
    try {
      const { value } = await call.outcome;
      end = value.recordsEnd;
      flushChanges();
      const run = runOf(id);
      if (run?.state !== 'elsewhere') return;
      updateRun(id, { checkpoints: value.checkpoints, heardAt: performance.now() });
      if (value.state !== 'running elsewhere') return ended(id, value.state);
    } catch (problem) {
      // The next process that computes reads on.
      if (failureOf(problem).kind === 'lost') continue;
      report(problem);
      return;
    }
  }
}

function ended(id: string, state: keyof typeof endings & RunState): void {
  const run = runOf(id);
  if (run === null) return;
  updateRun(id, { state });
  announce(`“${run.title}” ${endings[state]} at step ${run.step}.`);
}
