import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { Job } from '../../state/jobs.ts';
import { JobRow } from './job-row.tsx';
import './all-jobs.css';

/** `+ 2 more`: opens the list of all jobs, each with its whole text and the way to cancel it. */
export function AllJobs({ jobs, label }: { readonly jobs: readonly Job[]; readonly label: string }) {
  return (
    <DialogTrigger>
      <Button className="button button-quiet button-small all-jobs-button" aria-label={`${label}: show all jobs`}>
        {label}
      </Button>
      <Popover className="menu-popover all-jobs-popover" placement="top start" offset={6}>
        <Dialog className="all-jobs" aria-label="All jobs">
          <ul aria-label="All jobs">
            {jobs.map((job) => (
              <li key={job.id}>
                <JobRow job={job} />
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
