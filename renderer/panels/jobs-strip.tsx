import { useRef } from 'react';
import { useEngines } from '../state/engines.ts';
import { type Job, useJobs } from '../state/jobs.ts';
import { openDialog, useSession } from '../state/session.ts';
import { useStudiedRunEvery } from '../state/shown-run.ts';
import { AllJobs } from './jobs/all-jobs.tsx';
import { JobRow } from './jobs/job-row.tsx';
import { briefText } from './jobs/job-text.ts';
import { engineText, runSentence } from './jobs/run-sentence.ts';
import { useFitting } from './jobs/use-fitting.ts';
import { useRecentlySaid } from './jobs/use-recently-said.ts';
import './jobs-strip.css';

/** A sentence that changes with every record cannot be read. */
const sentenceEveryMs = 1000;
/** More than these stand in the list only. */
const mostInStrip = 2;

/** What makes the strip as wide as it is. */
const widthKey = (jobs: readonly Job[], ...texts: readonly string[]): string =>
  [...jobs.map((job) => `${job.id} ${job.state} ${briefText(job).length}`), ...texts].join('|');

/** The first analyses under way, the others in a list; at the right end one sentence on the run that is studied. */
export function JobsStrip() {
  const strip = useRef<HTMLElement>(null);
  const jobs = useJobs((state) => state.jobs);
  const run = useStudiedRunEvery(sentenceEveryMs);
  const compute = useSession((session) => session.compute);
  // The same place tells what was just done, or why it could not be.
  const sentence = useRecentlySaid() || runSentence(run, compute);
  const report = useEngines((engines) => engines.report);
  const automatic = useEngines((engines) => engines.automatic);
  const engine = engineText(run, report && { report, automatic });
  const first = jobs.slice(0, mostInStrip);
  // Why something failed stands in the list alone: it takes more room than there is here.
  const beyond = jobs.length > first.length || first.some(({ state }) => state === 'failed');
  const count = useFitting(strip, widthKey(first, sentence, engine), beyond);
  return (
    <footer className="jobs-strip" ref={strip}>
      {jobs.length === 0 ? null : (
        <ul className={`jobs-strip-jobs${count === 0 ? ' jobs-strip-left-out' : ''}`} aria-label="Jobs">
          {first.map((job, i) => (
            <li key={job.id} data-item className={i < count ? undefined : 'jobs-strip-left-out'}>
              <JobRow job={job} isBrief />
            </li>
          ))}
        </ul>
      )}
      {beyond || count < first.length ? <AllJobs jobs={jobs} label={moreText(jobs.length, count)} /> : null}
      <span className="jobs-strip-sentence" title={sentence}>
        <span data-fixed>{sentence}</span>
      </span>
      {engine === '' ? null : (
        <button
          type="button"
          className="jobs-strip-engine"
          data-fixed
          aria-label={`Engine: ${engine}`}
          onClick={() => openDialog('engine')}
        >
          {engine}
        </button>
      )}
    </footer>
  );
}

function moreText(all: number, shown: number): string {
  if (shown === all) return 'why';
  return shown === 0 ? `${all} ${all === 1 ? 'job' : 'jobs'}` : `+ ${all - shown} more`;
}
