import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readMetrics } from '../../core/experiment/run-folder.ts';
import { stepShown, until, untilState, untilStep } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

let opened: OpenWindow | null = null;

afterEach(async () => {
  await opened?.close();
  opened = null;
});

/** The process that computes, by the name that main gave it. */
const computePid = ({ app }: OpenWindow): Promise<number> =>
  app.evaluate(
    ({ app: electron }) =>
      electron
        .getAppMetrics()
        .find(({ type, name, serviceName }) => type === 'Utility' && /saddlescope/i.test(`${name} ${serviceName}`))
        ?.pid ?? 0,
  );

const metricsOf = ({ runs }: OpenWindow) => {
  const [folder = ''] = readdirSync(runs);
  return readMetrics(readFileSync(path.join(runs, folder, 'metrics.jsonl'), 'utf8'));
};

const quick = { SADDLESCOPE_RESUME_SECONDS: '0.5' };

test('killed with -9, what computes comes back, and the run goes on from its folder by itself', async () => {
  opened = await openWindow({ firstLight: true, environment: quick });
  const { page } = opened;
  await untilStep(page, 20);
  const first = await computePid(opened);
  expect(first).toBeGreaterThan(0);
  process.kill(first, 'SIGKILL');
  await until('another process computes', async () => {
    const pid = await computePid(opened as OpenWindow);
    return pid > 0 && pid !== first;
  });
  const reached = await stepShown(page);
  await untilState(page, 'running', 60);
  await untilStep(page, reached + 30);
  const records = metricsOf(opened);
  expect(records.some((record) => record.record === 'run' && record.event === 'resumed')).toBe(true);
  const updates = records.filter((record) => record.record === 'step').map(({ step }) => step);
  expect(updates).toEqual(updates.map((_, i) => i));
});

test('three ends within two minutes: it is not started again, and the reason is told', async () => {
  opened = await openWindow({ firstLight: true, environment: quick });
  const { page } = opened;
  await untilStep(page, 3);
  for (let i = 0; i < 3; i++) {
    await until('it computes', async () => (await computePid(opened as OpenWindow)) > 0);
    const pid = await computePid(opened);
    process.kill(pid, 'SIGKILL');
    await until('it has ended', async () => (await computePid(opened as OpenWindow)) !== pid);
  }
  await until('the window says so', async () => /three times|3 times/i.test(await page.locator('body').innerText()));
  await page.getByRole('button', { name: 'Start again' }).click();
  await until('it computes again', async () => (await computePid(opened as OpenWindow)) > 0);
});

test('a page that crashes comes back, and finds its run training', async () => {
  opened = await openWindow({ firstLight: true });
  const { app, page } = opened;
  await untilStep(page, 5);
  const returned = new Promise<void>((resolve) => {
    page.once('crash', () => resolve());
  });
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await returned;
  const lines = () =>
    readFileSync(path.join(opened?.runs ?? '', readdirSync(opened?.runs ?? '')[0] ?? '', 'metrics.jsonl'), 'utf8')
      .length;
  const before = lines();
  await until('the run goes on', async () => lines() > before);
  await until('the window is drawn again', async () =>
    app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents || contents.isCrashed()) return false;
      return Boolean(
        await contents.executeJavaScript('document.querySelector("[role=menubar]") !== null').catch(() => false),
      );
    }),
  );
});
