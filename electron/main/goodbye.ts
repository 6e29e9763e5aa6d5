import type { App } from 'electron';
import type { ComputeProcess } from './compute-process.ts';
import type { EngineProcess } from './engine-process.ts';
import type { LogFile } from './log-file.ts';
import { endSession } from './session-mark.ts';
import { allWritten, type StoredFiles } from './stored-files.ts';

const endPatienceMs = 5_000;

export interface GoodbyeOptions {
  readonly app: App;
  readonly compute: ComputeProcess;
  readonly engines: EngineProcess;
  readonly stored: StoredFiles;
  readonly log: LogFile;
}

/** The app ends after its window, once everything under way is written down or given up. */
export function sayGoodbye({ app, compute, engines, stored, log }: GoodbyeOptions): void {
  let said = false;
  const finish = async () => {
    await Promise.all([compute.end(endPatienceMs), engines.end(endPatienceMs)]);
    endSession(stored.session);
    await allWritten(stored);
  };
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (said) return;
    event.preventDefault();
    said = true;
    finish()
      .catch((problem) => log.write('error', 'main', String(problem)))
      .finally(() => app.quit());
  });
}
