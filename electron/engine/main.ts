/**
 * Entry of the process that installs, chooses and removes engines for the window: it may wait, unpack and block for as long
 * as it likes. It gives up, leaving nothing half-installed, when it is told to and when the process that started it is gone.
 */
import { BadInput } from '../../core/bad-input.ts';
import type { EngineProgress, EngineReport } from '../../core/protocol/engines.ts';
import { useEngine } from '../host/engine/engines-home.ts';
import { installEngine } from '../host/engine/install-engine.ts';
import { removeEngines } from '../host/engine/remove-engine.ts';
import type { EngineTask, FromEngineProcess, ToEngineProcess } from './messages.ts';
import { engineReport } from './report.ts';

const betweenProgressMs = 100;
const abort = new AbortController();

const send = (message: FromEngineProcess): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected || !process.send) return resolve();
    process.send(message, () => resolve());
  });

/** Every chunk of a library is told here; the window would draw behind for half a minute, and hear of a wish to stop too late. */
function progressAtTimes(): (progress: EngineProgress) => void {
  let last = { stage: '', at: 0 };
  return (progress) => {
    const stage = `${progress.phase} ${progress.of ?? ''}`;
    const now = performance.now();
    if (stage === last.stage && now - last.at < betweenProgressMs) return;
    last = { stage, at: now };
    void send({ progress });
  };
}

async function done(task: EngineTask): Promise<EngineReport> {
  if (task.kind === 'install') {
    const { gpu, wheel } = task;
    // Its checksum takes seconds.
    if (wheel !== null) void send({ progress: { phase: 'read', done: 0, total: 0, unit: 'steps' } });
    await installEngine({
      gpu,
      wheel: wheel ?? undefined,
      signal: abort.signal,
      onProgress: progressAtTimes(),
    });
  } else if (task.kind === 'use') await useEngine(task.name);
  else if (task.kind === 'remove') await removeEngines(task.name);
  return engineReport();
}

/** The command line's words for what the window has a button for. */
const inWindow = (advice: string): string =>
  advice
    .replace('a wheel that is already here with --wheel FILE', 'a wheel that is already here')
    .replace(/, with --gpu\b/, ', for a GPU')
    .replace('Leave --gpu away, or give', 'Give')
    .replace(/saddlescope engine list tells the names\./, 'Look at the list again.')
    .replace(/ Another version may work: --version \S+ is the one that was tried most\./, ' Another wheel may work.');

function ending(problem: unknown): FromEngineProcess {
  if (abort.signal.aborted) return { cancelled: true };
  if (problem instanceof BadInput) return { refused: { found: problem.found, advice: inWindow(problem.advice) } };
  process.stderr.write(`${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`);
  const what = problem instanceof Error ? problem.message.split('\n')[0] : String(problem);
  return { refused: { found: `The engine was not changed: ${what}.`, advice: 'Try again; the log says more.' } };
}

async function work(task: EngineTask): Promise<void> {
  const last = await done(task).then((report): FromEngineProcess => ({ report }), ending);
  await send(last);
  process.exit(0);
}

process.on('message', (message: ToEngineProcess) => {
  if ('task' in message) void work(message.task);
  else abort.abort();
});
// Whoever asked is gone, or the system ends.
process.on('disconnect', () => abort.abort());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort());
