import { withSetting } from '../../core/experiment/experiment-text.ts';
import type { EngineProgress, EngineWish } from '../../core/protocol/engines.ts';
import type { Progress } from '../../core/protocol/messages.ts';
import type { ExperimentSource } from '../../core/protocol/methods.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import { automaticEngine, engineTitle, usableEngine } from '../panels/engine/engine-words.ts';
import { type MeasurableEngine, useEngines } from '../state/engines.ts';
import { addJob, removeJob, updateJob } from '../state/jobs.ts';
import { announce } from '../state/session.ts';
import { startJob } from './analysis-job.ts';
import { failureOf, report, reporting } from './failures.ts';
import { checkEditor } from './file-actions.ts';

/** How long an installation that has ended stays in the strip. */
const shownAfterEndMs = 4000;
/** Of the job in the strip. */
export const engineJob = 'engine';

/** The experiment whose products are timed: the same that the command line's doctor times. */
const timedExperiment = 'digits-mlp.yaml';

/** That experiment in single precision on an engine; null where it is not there. */
async function sampleOn(engine: string): Promise<ExperimentSource | null> {
  const file = (await bridge.bundledExperiments()).find(({ name }) => name === timedExperiment);
  if (file === undefined) return null;
  const { value } = await compute.call('readExperiment', { file: file.reference }).outcome;
  const yaml = withSetting(withSetting(value.yaml, ['engine'], engine), ['precision'], 'float32');
  return { yaml, file: file.reference };
}

/** What `auto` comes to is known by the process that computes alone: a library may be there and not start. */
async function askAutomatic(): Promise<void> {
  try {
    const source = await sampleOn('auto');
    if (source === null) return;
    const { value } = await compute.call('describe', { source }).outcome;
    useEngines.setState({ automatic: value.engine });
  } catch {
    // It is asked again when the place is opened.
  }
}

/** What is installed and what computes, looked up anew. */
export async function refreshEngines(): Promise<void> {
  await reporting(async () => useEngines.setState({ report: await bridge.engines() }));
  await askAutomatic();
}

const titles: Readonly<Record<EngineWish['kind'], string>> = {
  install: 'Install TensorFlow',
  use: 'Choose the engine',
  remove: 'Remove TensorFlow',
};

/** In the strip bytes are counted; steps are not worth a number. */
const jobProgress = ({ done, total, unit, phase }: EngineProgress): Progress | null =>
  unit === 'MB' ? { stage: phase, done: done * 1e6, total: total * 1e6, unit: 'bytes', eta: null } : null;

function showJob(wish: EngineWish): void {
  const title = titles[wish.kind];
  addJob({
    ...{ id: engineJob, title, brief: title, run: null, state: 'running', progress: null, failure: null },
    startedAt: performance.now(),
    cancel: cancelEngineChange,
  });
}

/** Ends what is under way; nothing of it is left. */
export function cancelEngineChange(): void {
  const { task } = useEngines.getState();
  if (task === null || task.cancelling) return;
  useEngines.setState({ task: { ...task, cancelling: true } });
  updateJob(engineJob, { state: 'cancelling' });
  bridge.cancelEngineChange().catch(report);
}

/** What new runs use after it, in a sentence. */
function doneSentence(wish: EngineWish): string {
  const { report: found, automatic } = useEngines.getState();
  const engine = found ? usableEngine(found) : null;
  if (wish.kind === 'remove')
    return `It is removed. New runs use ${found ? automaticEngine({ report: found, automatic }) : 'WebAssembly'}; those under way go on as they are.`;
  const name = engine ? engineTitle(engine) : 'The engine';
  return `${name} is ${wish.kind === 'install' ? 'installed' : 'chosen'}. New runs use it; those under way go on as they are.`;
}

/** Has an engine installed, chosen or removed, with its progress in the strip; one at a time. */
export async function changeEngine(wish: EngineWish): Promise<void> {
  if (useEngines.getState().task !== null) return;
  useEngines.setState({ task: { wish, progress: null, cancelling: false }, refused: null, done: null });
  removeJob(engineJob);
  // A dialog of the system comes first for a wheel: the job begins with its first word.
  let shown = wish.kind !== 'install' || wish.from === 'download';
  if (shown) showJob(wish);
  const stopListening = bridge.onEngineProgress((progress) => {
    const { task } = useEngines.getState();
    if (task === null) return;
    if (!shown) showJob(wish);
    shown = true;
    useEngines.setState({ task: { ...task, progress } });
    if (!task.cancelling) updateJob(engineJob, { progress: jobProgress(progress) });
  });
  try {
    const found = await bridge.changeEngine(wish);
    if (found === null) updateJob(engineJob, { state: 'cancelled' });
    else {
      updateJob(engineJob, { state: 'done' });
      useEngines.setState({ report: found, automatic: null, times: {} });
      await askAutomatic();
      const done = doneSentence(wish);
      useEngines.setState({ done });
      announce(done);
      // What an experiment comes to depends on the engine.
      checkEditor();
    }
  } catch (problem) {
    const failure = failureOf(problem);
    updateJob(engineJob, { state: 'failed', failure });
    useEngines.setState({ refused: { wish, failure } });
    announce(failure.found);
  } finally {
    stopListening();
    useEngines.setState({ task: null });
    setTimeout(() => {
      if (useEngines.getState().task === null) removeJob(engineJob);
    }, shownAfterEndMs);
  }
}

const measurable = (): readonly MeasurableEngine[] => {
  const { report: found } = useEngines.getState();
  return found && usableEngine(found) ? ['tensorflow', 'wasm'] : ['wasm'];
};

/** Times one gradient and one product on each engine that a run would use, one after the other. */
export async function measureEngines(): Promise<void> {
  if (useEngines.getState().measuring !== null) return;
  await reporting(async () => {
    for (const engine of measurable()) {
      useEngines.setState({ measuring: engine });
      const experiment = await sampleOn(engine);
      if (experiment === null) break;
      const named = { title: `Time a product (${engine})`, run: null };
      const outcome = await startJob('measure', { source: { experiment } }, named).ended;
      if (outcome === null) break;
      useEngines.setState(({ times }) => ({ times: { ...times, [engine]: outcome.value } }));
    }
  });
  useEngines.setState({ measuring: null });
}
