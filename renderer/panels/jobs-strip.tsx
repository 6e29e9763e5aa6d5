import { memo, useEffect } from 'react';
import { type Job, removeJob, useJobs } from '../state/jobs.ts';
import { useSession } from '../state/session.ts';
import { useStudiedRunEvery } from '../state/shown-run.ts';
import { IconButton } from '../widgets/button.tsx';
import { Icon } from '../widgets/icon.tsx';
import { jobShare, jobText } from './jobs/job-text.ts';
import { runSentence } from './jobs/run-sentence.ts';
import './jobs-strip.css';

/** How long a finished job can still be read. */
const goneAfterMs = 5000;
/** A sentence that changes with every record cannot be read. */
const sentenceEveryMs = 1000;

/** Every analysis under way, and at the right end one sentence on the run that is studied. */
export function JobsStrip() {
  const jobs = useJobs((state) => state.jobs);
  return (
    <footer className="jobs-strip">
      <ul className="jobs-strip-jobs" aria-label="Jobs">
        {jobs.map((job) => (
          <JobItem key={job.id} job={job} />
        ))}
      </ul>
      <RunStatus />
    </footer>
  );
}

const JobItem = memo(function JobItem({ job }: { readonly job: Job }) {
  const { id, state, title } = job;
  const ended = state === 'done' || state === 'cancelled';
  useEffect(() => {
    if (!ended) return;
    const timer = setTimeout(() => removeJob(id), goneAfterMs);
    return () => clearTimeout(timer);
  }, [ended, id]);
  const text = jobText(job);
  return (
    <li className={`jobs-strip-job jobs-strip-${state}`}>
      <JobSign state={state} />
      <b>{title}</b>
      {state === 'running' || state === 'cancelling' || state === 'waiting' ? (
        <progress className="jobs-strip-bar" value={jobShare(job)} max={1} aria-label={title} />
      ) : null}
      <span className="jobs-strip-text" title={text}>
        {text}
      </span>
      {ended ? null : (
        <IconButton
          icon="close"
          size="small"
          label={state === 'failed' ? `Put the message about ${title} away` : `Cancel ${title}`}
          isDisabled={state === 'cancelling'}
          onPress={state === 'failed' ? () => removeJob(id) : job.cancel}
        />
      )}
    </li>
  );
});

function JobSign({ state }: { readonly state: Job['state'] }) {
  if (state === 'done') return <Icon name="check" size={12} />;
  if (state === 'failed') return <Icon name="warn" size={12} />;
  return state === 'cancelled' ? <Icon name="stop" size={12} /> : null;
}

function RunStatus() {
  const run = useStudiedRunEvery(sentenceEveryMs);
  const compute = useSession((session) => session.compute);
  return (
    <>
      <span className="jobs-strip-sentence">{runSentence(run, compute)}</span>
      {run?.description ? (
        <span className="jobs-strip-engine">
          {run.description.precision} · {run.description.engine}
        </span>
      ) : null}
    </>
  );
}
