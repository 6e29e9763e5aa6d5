import { useEffect } from 'react';
import type { EngineReport } from '../../core/protocol/engines.ts';
import { measureEngines, refreshEngines } from '../actions/engine-actions.ts';
import { useEngines } from '../state/engines.ts';
import { closeDialog } from '../state/session.ts';
import { useStudiedRunEvery } from '../state/shown-run.ts';
import { Badge } from '../widgets/badge.tsx';
import { Button } from '../widgets/button.tsx';
import { DialogFrame } from '../widgets/dialog.tsx';
import { EngineTable } from './engine/engine-table.tsx';
import { automaticEngine, checkText, type KnownEngines, usableEngine, whyAutomatic } from './engine/engine-words.ts';
import { Installation } from './engine/installation.tsx';
import './engine-dialog.css';

const runEveryMs = 1000;

/** What computes and why, what else there is and how fast, and the way to install TensorFlow. */
export function EngineDialog() {
  const report = useEngines((engines) => engines.report);
  const automatic = useEngines((engines) => engines.automatic);
  useEffect(() => void refreshEngines(), []);
  return (
    <DialogFrame title="Engine" onClose={closeDialog} width={680} footer={<Button onPress={closeDialog}>Close</Button>}>
      {report === null ? (
        <p>What is installed is being looked up …</p>
      ) : (
        <div className="engine-dialog">
          <InUse known={{ report, automatic }} />
          <Installation report={report} />
          <Compared report={report} />
        </div>
      )}
    </DialogFrame>
  );
}

/** What each engine of tensors can do. */
function abilities({ report }: KnownEngines, name: string): string {
  const engine = usableEngine(report);
  if (name.startsWith('TensorFlow') && engine !== null)
    return `${engine.threads} threads, in float32 and float64; ${checkText(engine)}.`;
  if (name === 'WebGPU') return 'In float32.';
  return 'One thread for each job, in float32; double precision is computed in plain JavaScript, or by closed forms.';
}

function InUse({ known }: { readonly known: KnownEngines }) {
  const { report } = known;
  const name = automaticEngine(known);
  const run = useStudiedRunEvery(runEveryMs);
  const description = run?.description ?? null;
  return (
    <section aria-label="In use">
      <h3>New runs compute with</h3>
      <p className="engine-dialog-name">
        {name}
        {name.startsWith('TensorFlow') ? <Badge kind="ok">checked here</Badge> : <Badge kind="info">built in</Badge>}
      </p>
      <p className="engine-dialog-note">
        {whyAutomatic(known)} {abilities(known, name)}
      </p>
      {report.whyNoGpu === null || name === 'WebGPU' ? null : (
        <p className="engine-dialog-note">No NVIDIA GPU is used: {inWindow(report.whyNoGpu)}.</p>
      )}
      {description === null ? null : (
        <p className="engine-dialog-note">
          The run {run?.title} computes with {description.engine} in {description.precision}.
        </p>
      )}
    </section>
  );
}

/** What the command line would say to type is a button here. */
const inWindow = (reason: string): string => reason.replace(/: saddlescope engine install.*$/, '');

function Compared({ report }: { readonly report: EngineReport }) {
  const measuring = useEngines((engines) => engines.measuring);
  return (
    <section aria-label="Engines of this machine">
      <div className="engine-dialog-head">
        <h3>Engines of this machine</h3>
        <Button size="small" onPress={() => void measureEngines()}>
          {measuring === null ? 'Measure here' : 'Measuring …'}
        </Button>
      </div>
      <EngineTable report={report} />
      <p className="engine-dialog-note">
        Milliseconds of one gradient and one Hessian product of the network 784–64–10 on 1 000 digits, medians, beside
        whatever else this machine does now.
      </p>
    </section>
  );
}
