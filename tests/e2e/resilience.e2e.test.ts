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

test('a page that crashes comes back with its run, which has kept its state and can be continued', async () => {
  opened = await openWindow({ firstLight: true });
  const { app, page } = opened;
  await untilStep(page, 5);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  const records = () => metricsOf(opened as OpenWindow);
  const last = () => records().at(-1);
  await until('the run is stopped', async () => {
    const record = last();
    return record?.record === 'run' && record.event === 'stopped';
  });
  const step = last()?.step ?? Number.NaN;
  const inPage = (expression: string) =>
    app.evaluate(({ BrowserWindow }, text) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return !contents || contents.isCrashed() ? null : contents.executeJavaScript(text).catch(() => null);
    }, expression);
  const buttons = '[...document.querySelectorAll("button")]';
  await until('the run is shown again', async () =>
    Boolean(await inPage(`${buttons}.some((button) => /^Continue/.test(button.textContent))`)),
  );
  expect(last()).toMatchObject({ event: 'stopped', step });
  await inPage(`${buttons}.find((button) => /^Continue/.test(button.textContent)).click()`);
  await until('the run goes on', async () =>
    records().some((record) => record.record === 'step' && record.step > step),
  );
});
