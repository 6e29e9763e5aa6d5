import {
  continueRun,
  pauseRun,
  resumeRun,
  setLearningRate,
  setProbeBudget,
  stepRun,
  stopRun,
} from '../../actions/run-actions.ts';
import { runMoreSeeds } from '../../actions/seed-runs.ts';
import { startFromEditor } from '../../panels/experiment/editor-actions.ts';
import { examinedText } from '../../panels/experiment/examined-text.ts';
import { useRenaming } from '../../panels/experiment/renaming.ts';
import { canContinue, wantedLearningRate } from '../../panels/experiment/run-words.ts';
import { useEditor } from '../../state/editor.ts';
import { perform } from '../../state/history.ts';
import { chooseRun, currentRun, isAlive, type Run, useRuns } from '../../state/runs.ts';
import { announce, openDialog } from '../../state/session.ts';
import type { Command } from '../command.ts';
import { dockControl } from '../dock/dock-state.ts';

type Answer = boolean | string;

/** Asks the run that is studied; the reason where there is none. */
const ofRun =
  (answer: (run: Run) => Answer): (() => Answer) =>
  () => {
    const run = currentRun();
    return run === null ? 'Open or start a run first.' : answer(run);
  };

/** Does something with the run that is studied. */
const withRun =
  (act: (run: Run) => void | Promise<void>): (() => void | Promise<void>) =>
  () => {
    const run = currentRun();
    if (run !== null) return act(run);
  };

const isSteered = ofRun(({ state }) => state === 'running' || state === 'paused' || 'The run is not under way.');

const isPaced = ofRun((run) => {
  if (run.state !== 'running' && run.state !== 'paused') return 'The run is not under way.';
  return wantedLearningRate(run) !== null || 'The run has not begun yet.';
});

/** Six significant digits: a factor must not write round-off into a record. */
const scaled = (value: number, factor: number): number => Number((value * factor).toPrecision(6));

function scaleLearningRate(run: Run, factor: number): void {
  const rate = wantedLearningRate(run);
  if (rate === null) return;
  setLearningRate(run.id, scaled(rate, factor));
  announce(`Step size η is ${scaled(rate, factor)}.`);
}

function shiftBudget(run: Run, by: number): void {
  const budget = Math.min(1, Math.max(0, Math.round(100 * ((run.probeBudget ?? 0) + by)) / 100));
  setProbeBudget(run.id, budget);
  announce(`Probes may take ${Math.round(100 * budget)} % of the time.`);
}

function chooseNext(by: number): void {
  const { runs, current } = useRuns.getState();
  const at = runs.findIndex(({ id }) => id === current);
  const next = runs[(at + by + runs.length) % runs.length];
  if (next === undefined) return;
  chooseRun(next.id);
  announce(`${next.title} is studied.`);
}

const severalRuns = (): Answer => useRuns.getState().runs.length > 1 || 'There is no other run.';

/** Steering is no edit: what is done to a run stands in its record and is not undone. */
export const runCommands: readonly Command[] = [
  {
    id: 'run.start',
    title: 'Start new run from editor',
    menu: 'Run',
    section: 1,
    keys: '$mod+Enter',
    available: () => {
      const { yaml } = useEditor.getState();
      if (yaml === '') return 'The editor is empty.';
      return examinedText(yaml).experiment !== null || 'The text in the editor is not an experiment yet.';
    },
    run: startFromEditor,
  },
  {
    id: 'run.pause',
    title: 'Pause or resume',
    menu: 'Run',
    section: 2,
    keys: 'Space',
    available: isSteered,
    run: withRun(({ id, state }) => (state === 'paused' ? resumeRun(id) : pauseRun(id))),
  },
  {
    id: 'run.step',
    title: 'One step, then wait',
    menu: 'Run',
    section: 2,
    keys: 'F9',
    available: isSteered,
    run: withRun(({ id }) => stepRun(id)),
  },
  {
    id: 'run.stop',
    title: 'Stop run',
    menu: 'Run',
    section: 2,
    keys: 'Shift+F9',
    available: ofRun(({ state }) => (isAlive(state) && state !== 'stopping') || 'The run is not under way.'),
    run: withRun(({ id }) => stopRun(id)),
  },
  {
    id: 'run.continue',
    title: 'Continue stopped run',
    menu: 'Run',
    section: 2,
    keys: '$mod+F9',
    available: ofRun((run) => canContinue(run) || 'The run has nothing left to do, or is under way.'),
    run: withRun(({ id }) => continueRun(id)),
  },
  {
    id: 'run.branch',
    title: 'Branch run…',
    menu: 'Run',
    section: 3,
    keys: '$mod+b',
    available: ofRun(({ checkpoints }) => checkpoints.length > 0 || 'The run has no checkpoint yet.'),
    run: withRun(({ id }) => openDialog('branch', { run: id })),
  },
  {
    id: 'run.seeds',
    title: 'Run with two more seeds',
    menu: 'Run',
    section: 3,
    keys: null,
    available: ofRun(({ description }) => description !== null || 'The run is not loaded yet.'),
    run: withRun((run) => runMoreSeeds(run, 2)),
  },
  {
    id: 'run.learningRateUp',
    title: 'Step size η up by 10 %',
    menu: 'Run',
    section: 4,
    keys: '$mod+BracketRight',
    available: isPaced,
    run: withRun((run) => scaleLearningRate(run, 1.1)),
  },
  {
    id: 'run.learningRateDown',
    title: 'Step size η down by 10 %',
    menu: 'Run',
    section: 4,
    keys: '$mod+BracketLeft',
    available: isPaced,
    run: withRun((run) => scaleLearningRate(run, 1 / 1.1)),
  },
  {
    id: 'run.probesUp',
    title: 'Probe budget up by 10 %',
    menu: 'Run',
    section: 4,
    keys: '$mod+Shift+BracketRight',
    available: isSteered,
    run: withRun((run) => shiftBudget(run, 0.1)),
  },
  {
    id: 'run.probesDown',
    title: 'Probe budget down by 10 %',
    menu: 'Run',
    section: 4,
    keys: '$mod+Shift+BracketLeft',
    available: isSteered,
    run: withRun((run) => shiftBudget(run, -0.1)),
  },
  {
    id: 'run.next',
    title: 'Next run',
    menu: 'Run',
    section: 5,
    keys: '$mod+PageDown',
    available: severalRuns,
    run: () => chooseNext(1),
  },
  {
    id: 'run.previous',
    title: 'Previous run',
    menu: 'Run',
    section: 5,
    keys: '$mod+PageUp',
    available: severalRuns,
    run: () => chooseNext(-1),
  },
  {
    id: 'run.engine',
    title: 'Engine: TensorFlow, WebAssembly…',
    menu: 'Run',
    section: 6,
    keys: null,
    run: () => openDialog('engine'),
  },
  {
    id: 'run.rename',
    title: 'Rename run',
    menu: 'Run',
    section: 5,
    keys: 'F2',
    available: ofRun(() => true),
    run: withRun(({ id }) => {
      dockControl()?.show('runs');
      useRenaming.setState({ run: id });
    }),
  },
  {
    id: 'run.visible',
    title: 'Draw run in charts',
    menu: 'Run',
    section: 5,
    keys: '$mod+Shift+h',
    available: ofRun(() => true),
    checked: () => currentRun()?.visible ?? false,
    run: withRun(({ id, visible }) =>
      perform(visible ? 'Hide run' : 'Show run', { edit: 'visibility', run: id, visible: !visible }),
    ),
  },
];
