import { useMemo, useState } from 'react';
import { differences, differenceText } from '../../core/experiment/differences.ts';
import { numberText } from '../../core/figures/number-text.ts';
import { branchRun } from '../actions/run-actions.ts';
import { putDraft } from '../state/drafts.ts';
import { type Run, useRuns } from '../state/runs.ts';
import { closeDialog, useSession } from '../state/session.ts';
import { useRunEvery } from '../state/shown-run.ts';
import { useTime } from '../state/time.ts';
import { Button } from '../widgets/button.tsx';
import { DialogFrame } from '../widgets/dialog.tsx';
import { SelectField, TextField } from '../widgets/fields.tsx';
import { EmptyState } from '../widgets/section.tsx';
import {
  asUnderWay,
  type BranchRequest,
  branchRequest,
  checkpointBefore,
  gentler,
  offeredCheckpoints,
} from './experiment/branch-request.ts';
import { examinedText } from './experiment/examined-text.ts';
import { ExperimentForm } from './experiment/experiment-form.tsx';
import { titleOfChange } from './experiment/run-starts.ts';
import { useTextForm } from './experiment/use-text-form.ts';
import './branch-dialog.css';

/** New checkpoints are offered this often. */
const listedEveryMs = 1000;

/** A new run from a checkpoint of another one, with other settings. */
export function BranchDialog() {
  const about = useSession(({ dialog }) => (dialog?.name === 'branch' ? dialog.about : null));
  const current = useRuns((runs) => runs.current);
  const request = branchRequest(about);
  const run = useRunEvery(request.run ?? current, listedEveryMs);
  if (run === null || run.checkpoints.length === 0)
    return (
      <DialogFrame title="Branch" onClose={closeDialog}>
        <EmptyState sentence="There is no checkpoint to branch from yet." />
      </DialogFrame>
    );
  return <BranchForm key={run.id} run={run} request={request} />;
}

function BranchForm({ run, request }: { readonly run: Run; readonly request: BranchRequest }) {
  const cursor = useTime((time) => time.cursor);
  const wanted = request.step ?? cursor ?? run.step;
  const [step, setStep] = useState(() => checkpointBefore(run.checkpoints, wanted));
  const [yaml, setYaml] = useState(() => (request.gentler ? gentler(run) : (request.yaml ?? asUnderWay(run, step))));
  const [ownTitle, setOwnTitle] = useState<string | null>(null);
  const [isStarting, setStarting] = useState(false);
  const form = useTextForm(yaml, (_, text) => setYaml(text));
  const { experiment, complaint } = useMemo(() => examinedText(yaml), [yaml]);
  const before = useMemo(() => examinedText(run.yaml).experiment, [run.yaml]);
  const changes = before && experiment ? differences(before, experiment).map(differenceText) : [];
  const title = ownTitle ?? `${titleOfChange(run.yaml, yaml)} from ${step}`;

  const start = async () => {
    setStarting(true);
    try {
      await branchRun(run.id, step, yaml, title.trim() || 'branch');
      if (request.yaml !== null) putDraft(run.id, null);
      closeDialog();
    } catch {
      // Told already; the settings stay here, to be tried again.
      setStarting(false);
    }
  };
  return (
    <DialogFrame
      title={`Branch ${run.title}`}
      onClose={closeDialog}
      footer={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button variant="primary" onPress={() => void start()} isDisabled={experiment === null || isStarting}>
            Start branch
          </Button>
        </>
      }
    >
      <div className="branch-dialog">
        <SelectField
          label="At checkpoint"
          value={String(step)}
          options={offeredCheckpoints(run.checkpoints, wanted).map((at) => ({
            id: String(at),
            title: `step ${numberText(at, 9)}`,
          }))}
          onChange={(id) => setStep(Number(id))}
        />
        <TextField label="Title" value={title} onChange={setOwnTitle} />
        <p className="branch-dialog-note" role="status">
          {complaint
            ? `${complaint.found} ${complaint.advice}`
            : changes.length > 0
              ? `Other than in the run: ${changes.join(', ')}.`
              : 'Nothing is changed yet: the branch would go on as the run did.'}{' '}
          {experiment && experiment.steps <= step ? `No step is left after step ${step}: ask for more steps. ` : ''}
          Seed, training data and model stay as they are.
        </p>
        <ExperimentForm form={form} parts={['optimizer', 'loss', 'run', 'probes']} />
      </div>
    </DialogFrame>
  );
}
