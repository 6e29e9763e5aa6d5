import type { App } from 'electron';
import type { ComputeProcess } from './compute-process.ts';
import type { LogFile } from './log-file.ts';
import { endSession } from './session-mark.ts';
import { allWritten, type StoredFiles } from './stored-files.ts';

const endPatienceMs = 5_000;

/** The app ends after its window, once everything under way is written down. */
export function sayGoodbye(app: App, compute: ComputeProcess, stored: StoredFiles, log: LogFile): void {
  let said = false;
  const finish = async () => {
    await compute.end(endPatienceMs);
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
