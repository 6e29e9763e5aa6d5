import { openRunFolder } from '../actions/file-actions.ts';
import { closeRun, continueRun } from '../actions/run-actions.ts';
import type { Run } from '../state/runs.ts';
import { openDialog } from '../state/session.ts';
import { useStudiedRun } from '../state/shown-run.ts';
import { Badge } from '../widgets/badge.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { Numeral } from '../widgets/numbers.tsx';
import { PanelHead } from '../widgets/section.tsx';
import { editExperimentOf } from './experiment/editor-actions.ts';
import { QuickForm } from './experiment/quick-form.tsx';
import { RunControl } from './experiment/run-control.tsx';
import { branchText, canContinue, stateWord } from './experiment/run-words.ts';
import { StartList } from './experiment/start-list.tsx';
import './experiment-panel.css';

/** What is studied, and its run. */
export function ExperimentPanel() {
  const run = useStudiedRun();
  return (
    <section className="experiment-panel" aria-label="Experiment">
      <PanelHead title="Experiment">
        {run === null ? null : <MenuButton label="Experiment actions" items={entries(run)} />}
      </PanelHead>
      {run === null ? (
        <div className="experiment-panel-empty">
          <p>Nothing is studied yet.</p>
          <StartList purpose="start" />
        </div>
      ) : (
        <div className="experiment-panel-body">
          <section className="section" aria-label="Settings">
            <RunTitle run={run} />
            {run.yaml === '' ? null : <QuickForm run={run} />}
          </section>
          <RunControl run={run} />
        </div>
      )}
    </section>
  );
}

function RunTitle({ run }: { readonly run: Run }) {
  const { title, description } = run;
  const branch = branchText(run);
  const { word, icon, kind } = stateWord(run.state);
  return (
    <header className="experiment-panel-title">
      <div className="experiment-panel-name">
        <h3>{title}</h3>
        <Badge kind={kind} sign={icon}>
          {word}
        </Badge>
      </div>
      {description === null ? (
        <p>{run.state === 'failed' ? 'This could not be loaded.' : 'The data are loaded and the model is made …'}</p>
      ) : (
        <p>
          {description.architecture}, <Numeral value={description.parameters} /> parameters
        </p>
      )}
      {branch === null ? null : <p>{branch}</p>}
    </header>
  );
}

function entries(run: Run): readonly MenuEntry[] {
  return [
    { id: 'edit', title: 'Edit this experiment', onAction: () => editExperimentOf(run) },
    { id: 'open', title: 'Open run…', onAction: () => void openRunFolder() },
    {
      id: 'branch',
      title: 'Branch…',
      section: 'run',
      isDisabled: run.checkpoints.length === 0,
      onAction: () => openDialog('branch', { run: run.id }),
    },
    {
      id: 'continue',
      title: 'Continue',
      section: 'run',
      isDisabled: !canContinue(run),
      onAction: () => void continueRun(run.id),
    },
    { id: 'close', title: 'Close run', section: 'close', onAction: () => void closeRun(run.id) },
  ];
}
