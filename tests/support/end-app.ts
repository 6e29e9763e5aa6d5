import type { ChildProcess } from 'node:child_process';
import type { ElectronApplication } from 'playwright-core';

const patienceMs = 10_000;
const after = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), ms));

/** Ends an app, whose process was asked for while it was there, without any questions. One that is still there after some seconds is killed with its children. */
export async function endApp(app: ElectronApplication, main: ChildProcess): Promise<void> {
  const ended = new Promise<true>((resolve) => {
    if (main.exitCode !== null || main.signalCode !== null) resolve(true);
    else main.once('exit', () => resolve(true));
  });
  app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => {});
  if (!(await Promise.race([ended, after(patienceMs)]))) {
    // Playwright starts it as the first of a group of processes, but on Windows.
    if (process.platform === 'win32') main.kill('SIGKILL');
    else process.kill(-main.pid!, 'SIGKILL');
  }
  await Promise.race([app.close().catch(() => {}), after(patienceMs)]);
}
