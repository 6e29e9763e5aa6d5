import { memo } from 'react';
import { type Job, removeJob } from '../../state/jobs.ts';
import { IconButton } from '../../widgets/button.tsx';
import { Icon, type IconName } from '../../widgets/icon.tsx';
import { briefText, jobShare, jobText } from './job-text.ts';
import './job-row.css';

export interface JobRowProps {
  readonly job: Job;
  /** In brief, for the strip. */
  readonly isBrief?: boolean;
}

/** One analysis: what it is, how far it is, and the way to end it or to put its message away. */
export const JobRow = memo(function JobRow({ job, isBrief = false }: JobRowProps) {
  const { id, state, title, brief } = job;
  const isUnderWay = state === 'running' || state === 'cancelling' || state === 'waiting';
  return (
    <span className={`job-row job-row-${state} ${isBrief ? 'job-row-brief' : 'job-row-whole'}`}>
      <JobSign state={state} />
      <b>{isBrief ? brief : title}</b>
      {isUnderWay ? <progress className="job-row-bar" value={jobShare(job)} max={1} aria-label={title} /> : null}
      <span className="job-row-text">{isBrief ? briefText(job) : jobText(job)}</span>
      {state === 'done' || state === 'cancelled' ? null : (
        <IconButton
          icon="close"
          size="small"
          label={state === 'failed' ? `Put the message about ${title} away` : `Cancel ${title}`}
          isDisabled={state === 'cancelling'}
          onPress={state === 'failed' ? () => removeJob(id) : job.cancel}
        />
      )}
    </span>
  );
});

const signs: Partial<Readonly<Record<Job['state'], IconName>>> = { done: 'check', failed: 'warn', cancelled: 'stop' };

function JobSign({ state }: { readonly state: Job['state'] }) {
  const sign = signs[state];
  return sign === undefined ? null : (
    <span className="job-row-sign">
      <Icon name={sign} size={12} />
    </span>
  );
}
