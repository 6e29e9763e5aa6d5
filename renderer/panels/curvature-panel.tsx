import { type ReactNode, useState } from 'react';
import type { AnalysisId } from '../../core/protocol/methods.ts';
import { useResults } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { openDialog } from '../state/session.ts';
import { useStudiedRun } from '../state/shown-run.ts';
import { setCursor, useTime } from '../state/time.ts';
import { Button } from '../widgets/button.tsx';
import { SelectField } from '../widgets/fields.tsx';
import { numeralText } from '../widgets/numeral-text.ts';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { resultAt } from './curvature/result-at.ts';
import { SamplingView } from './curvature/sampling-view.tsx';
import { StructureView } from './curvature/structure-view.tsx';
import './curvature-panel.css';

type View = 'sampling' | 'structure';

const views: Readonly<Record<View, { readonly title: string; readonly compute: string; readonly none: string }>> = {
  sampling: {
    title: 'Sampling error',
    compute: 'Compute sampling error…',
    none: 'Not computed yet for this run: how far sharpness and trace may be off because they are of these examples, and how many would be enough.',
  },
  structure: {
    title: 'Structure',
    compute: 'Compute structure…',
    none: 'Not computed yet for this run: what the curvature is made of, and how sharp the point is by each definition.',
  },
};

const none: readonly [] = [];

/** What stands behind a curvature: how far its examples decide it, and what it is made of. */
export function CurvaturePanel() {
  const run = useStudiedRun();
  const [view, setView] = useState<View>('sampling');
  const compute = () => openDialog('analysis', { id: view satisfies AnalysisId });
  return (
    <section className="curvature-panel" aria-label="Curvature">
      <PanelHead
        title="Curvature"
        start={
          <Segmented
            label="What of the curvature"
            value={view}
            options={(['sampling', 'structure'] as const).map((id) => ({ id, title: views[id].title }))}
            onChange={setView}
          />
        }
      >
        <Button size="small" onPress={compute} isDisabled={run === null}>
          {views[view].compute}
        </Button>
      </PanelHead>
      {run === null ? (
        <EmptyState sentence="Start an experiment or open a run: sampling error and structure of its curvature appear here." />
      ) : view === 'sampling' ? (
        <Samplings run={run} onCompute={compute} />
      ) : (
        <Structures run={run} onCompute={compute} />
      )}
    </section>
  );
}

interface ViewProps {
  readonly run: Run;
  readonly onCompute: () => void;
}

function Samplings({ run, onCompute }: ViewProps) {
  const samplings = useResults((results) => results.samplings[run.id]) ?? none;
  return (
    <AtCursor view="sampling" results={samplings} onCompute={onCompute}>
      {(document) => <SamplingView key={`${run.id} ${document.step}`} run={run} document={document} />}
    </AtCursor>
  );
}

function Structures({ run, onCompute }: ViewProps) {
  const structures = useResults((results) => results.structures[run.id]) ?? none;
  return (
    <AtCursor view="structure" results={structures} onCompute={onCompute}>
      {(document) => <StructureView key={`${run.id} ${document.step}`} document={document} />}
    </AtCursor>
  );
}

interface AtCursorProps<T> {
  readonly view: View;
  /** Ascending by step. */
  readonly results: readonly T[];
  readonly onCompute: () => void;
  readonly children: (document: T) => ReactNode;
}

const stepText = (step: number | null): string => (step === null ? 'θ₀' : numeralText(step));

/** The latest result at or before the cursor, with the steps of all; what to do where there is none. */
function AtCursor<T extends { readonly step: number | null }>({
  view,
  results,
  onCompute,
  children,
}: AtCursorProps<T>) {
  const cursor = useTime((time) => time.cursor);
  const document = resultAt(results, cursor);
  const [first] = results;
  if (first === undefined)
    return <EmptyState sentence={views[view].none} action={{ title: views[view].compute, onPress: onCompute }} />;
  if (document === null)
    return (
      <EmptyState
        sentence={`Nothing was computed at or before this step; the first result is of step ${stepText(first.step)}.`}
        action={{ title: `Go to step ${stepText(first.step)}`, onPress: () => setCursor(first.step) }}
      />
    );
  return (
    <>
      <div className="curvature-step">
        {results.length > 1 ? (
          <SelectField
            label="Step"
            value={String(document.step)}
            options={results.map(({ step }) => ({ id: String(step), title: stepText(step) }))}
            onChange={(id) => setCursor(results.find(({ step }) => String(step) === id)?.step ?? null)}
          />
        ) : (
          <span>Step {stepText(document.step)}</span>
        )}
        {cursor !== null && document.step !== null && document.step < cursor ? (
          <span className="curvature-quiet">the latest before the cursor</span>
        ) : null}
      </div>
      <div className="curvature-body">{children(document)}</div>
    </>
  );
}
