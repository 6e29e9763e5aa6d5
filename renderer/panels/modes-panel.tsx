import { runModes } from '../actions/analysis-actions.ts';
import { openGranted } from '../actions/file-actions.ts';
import { useBundledExperiments } from '../app/bundled-experiments.ts';
import { useResults } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { useStudiedRun } from '../state/shown-run.ts';
import { Button } from '../widgets/button.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { ModesView } from './modes/modes-view.tsx';
import './modes-panel.css';

/** Deep linear networks alone have modes whose learning is known exactly; false also while a run is still being read. */
const isDeepLinear = ({ description }: Run): boolean => description?.experiment.model.closedForm?.kind === 'deepLinear';

/** What a deep linear network has learnt of each mode of its target, beside the exact solution of the flow. */
export function ModesPanel() {
  const run = useStudiedRun();
  const document = useResults(({ modes }) => (run === null ? undefined : modes[run.id]));
  const compute = () => run && runModes(run.id, null, {});
  const canCompute = run !== null && isDeepLinear(run) && run.checkpoints.length > 0;
  return (
    <section className="modes-panel" aria-label="Learning modes">
      <PanelHead title="Learning modes">
        <Button size="small" onPress={compute} isDisabled={!canCompute}>
          {document ? 'Compute again' : 'Compute modes'}
        </Button>
      </PanelHead>
      {run === null || !isDeepLinear(run) ? (
        <NoNetwork run={run} />
      ) : document ? (
        <div className="modes-body">
          <ModesView key={`${run.id} ${document.step}`} document={document} />
        </div>
      ) : (
        <EmptyState
          sentence="Not computed yet for this run: which modes of its target the network has learnt, and when, beside the exact solution."
          action={canCompute ? { title: 'Compute modes', onPress: compute } : undefined}
        />
      )}
    </section>
  );
}

function NoNetwork({ run }: { readonly run: Run | null }) {
  const experiment = useBundledExperiments().find(({ name }) => name.startsWith('deep-linear'));
  const sentence =
    run === null
      ? 'Train a deep linear network: the modes that it learns one after the other appear here, beside the exact solution.'
      : 'Modes with an exact solution are those of deep linear networks; this run is of another model.';
  return (
    <EmptyState
      sentence={sentence}
      action={experiment && { title: 'Open the deep linear experiment', onPress: () => void openGranted(experiment) }}
    />
  );
}
