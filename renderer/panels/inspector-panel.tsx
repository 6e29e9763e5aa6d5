import { runCheck } from '../actions/analysis-actions.ts';
import { reporting } from '../actions/failures.ts';
import { useResults } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { setCursor } from '../state/time.ts';
import { Badge } from '../widgets/badge.tsx';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icon.tsx';
import { Numeral, SteadyNumeral } from '../widgets/numbers.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { CheckSection } from './inspector/check-section.tsx';
import { copyNumbers } from './inspector/copy-numbers.ts';
import { EigenvaluesSection } from './inspector/eigenvalues-section.tsx';
import { PointSection } from './inspector/point-section.tsx';
import { ProvenanceSection } from './inspector/provenance-section.tsx';
import { QuantitiesSection } from './inspector/quantities-section.tsx';
import { checkpointFor } from './inspector/reading.ts';
import { SharpnessSection } from './inspector/sharpness-section.tsx';
import { type ShownReading, useReading } from './inspector/use-reading.ts';
import './inspector-panel.css';

/** What is known of the run that is studied at the step of the cursor, each number with its certificate. */
export function InspectorPanel() {
  const shown = useReading();
  if (shown === null)
    return (
      <section className="inspector-panel" aria-label="Inspector">
        <PanelHead title="Inspector" />
        <EmptyState sentence="Start an experiment or open a run: its numbers at the cursor appear here." />
      </section>
    );
  return (
    <section className="inspector-panel" aria-label="Inspector">
      <PanelHead
        title={
          <>
            Step <SteadyNumeral value={shown.reading.step} />
          </>
        }
      >
        <CursorBadge {...shown} />
      </PanelHead>
      <div className="inspector-body">
        <Warnings run={shown.run} />
        <PointSection run={shown.run.id} />
        <SharpnessSection reading={shown.reading} />
        <EigenvaluesSection run={shown.run} reading={shown.reading} />
        <QuantitiesSection {...shown} />
        <ActionsSection {...shown} />
        <Checks run={shown.run.id} />
        <ProvenanceSection run={shown.run} />
      </div>
    </section>
  );
}

function CursorBadge({ run, follows, newest }: ShownReading) {
  if (follows) return <Badge kind="info">{run.state === 'running' ? 'live' : 'newest step'}</Badge>;
  return (
    <Button size="small" variant="quiet" onPress={() => setCursor(null)} tooltip="Follow the run again">
      <Badge kind="info">
        scrubbed, run is at&nbsp;
        <Numeral value={newest} />
      </Badge>
    </Button>
  );
}

function ActionsSection({ run, reading }: ShownReading) {
  const { sharpness } = reading;
  return (
    <section className="section" aria-label="How it was measured">
      {sharpness === null ? null : (
        <p className="inspector-note">
          Lanczos, {sharpness.products} products in <Numeral value={sharpness.seconds} digits={2} /> s
          {run.description
            ? `, ${run.description.precision}, ${run.description.engine}, seed ${run.description.experiment.seed}`
            : ''}
          .
        </p>
      )}
      <div className="inspector-actions">
        <Button
          onPress={() => runCheck(run.id, checkpointFor(run.checkpoints, reading.step))}
          isDisabled={run.checkpoints.length === 0}
          tooltip="The model against differences, the eigenvalues against the dense matrix"
        >
          Check this
        </Button>
        <Button variant="quiet" onPress={() => reporting(() => copyNumbers(run))}>
          Copy numbers
        </Button>
      </div>
    </section>
  );
}

function Checks({ run }: { readonly run: string }) {
  const check = useResults((results) => results.checks[run]);
  return check ? <CheckSection {...check} /> : null;
}

/** What must be known before the numbers are believed. What misleads in a plane stands beside the plane. */
function Warnings({ run }: { readonly run: Run }) {
  const warnings = [
    ...(run.failure ? [`${run.failure.found} ${run.failure.advice}`] : []),
    ...(run.state === 'diverged' ? ['The run diverged: its last numbers are not finite or left every bound.'] : []),
  ];
  if (warnings.length === 0) return null;
  return (
    <ul className="inspector-warnings" aria-label="Warnings">
      {warnings.map((warning) => (
        <li key={warning}>
          <Icon name="warn" />
          <span>{warning}</span>
        </li>
      ))}
    </ul>
  );
}
