import { useState } from 'react';
import { engineJob } from '../../actions/engine-actions.ts';
import { stopRun } from '../../actions/run-actions.ts';
import { closeWindow } from '../../actions/session-actions.ts';
import { type Job, useJobs } from '../../state/jobs.ts';
import { isAlive, useRuns } from '../../state/runs.ts';
import { closeDialog } from '../../state/session.ts';
import { Button } from '../../widgets/button.tsx';
import { DialogFrame } from '../../widgets/dialog.tsx';

const isUnderWay = ({ state }: Job): boolean => state === 'waiting' || state === 'running';

/** Cancels what is computed and ends every run with its state written, then lets the window go. */
async function stopAndClose(): Promise<void> {
  for (const job of useJobs.getState().jobs) if (isUnderWay(job)) job.cancel();
  const alive = useRuns.getState().runs.filter(({ state }) => isAlive(state));
  await Promise.allSettled(alive.map(({ id }) => stopRun(id)));
  await closeWindow();
}

const many = (n: number, one: string): string => (n === 1 ? `one ${one}` : `${n} ${one}s`);

/** What would end, in one sentence. */
export function whatRuns(runs: number, jobs: number, installing: boolean): string {
  const parts = [
    ...(runs > 0 ? [many(runs, 'run')] : []),
    ...(jobs > 0 ? [many(jobs, 'analysis').replace('analysiss', 'analyses')] : []),
    ...(installing ? ['the installation of an engine'] : []),
  ];
  const sentence = parts.join(' and ');
  const one = runs + jobs + Number(installing) === 1;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} ${one ? 'is' : 'are'} under way.`;
}

/** Asked once, before work is ended by closing the window. */
export function CloseDialog() {
  const [stopping, setStopping] = useState(false);
  const runs = useRuns((state) => state.runs.filter((run) => isAlive(run.state)).length);
  const installing = useJobs((state) => state.jobs.some((job) => job.id === engineJob && isUnderWay(job)));
  const jobs = useJobs((state) => state.jobs.filter((job) => job.id !== engineJob && isUnderWay(job)).length);
  const stop = () => {
    setStopping(true);
    void stopAndClose();
  };
  const close = () => void closeWindow();
  const idle = runs + jobs === 0 && !installing;
  return (
    <DialogFrame
      title="Close Saddlescope?"
      onClose={closeDialog}
      isQuestion
      width={440}
      footer={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button variant="primary" autoFocus isDisabled={stopping} onPress={idle ? close : stop}>
            {idle ? 'Close' : 'Stop and close'}
          </Button>
        </>
      }
    >
      {stopping ? (
        <p>Writing the state of the run; the window closes once it lies on disk.</p>
      ) : idle ? (
        <p>Nothing is computed any more.</p>
      ) : (
        <p>
          {whatRuns(runs, jobs, installing)} Stopping writes the state of a run, so that it can go on from this step
          another time; what else is under way is given up, and an installation leaves nothing.
        </p>
      )}
    </DialogFrame>
  );
}
