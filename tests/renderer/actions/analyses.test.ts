// @vitest-environment jsdom
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, until } from './app-in-memory.ts';
import { endless, smallYaml } from './small-experiment.ts';

const app = createApp({ 'first-light.yaml': smallYaml({ name: 'first-light', steps: 4000, every: 200 }) });
const { measureCosts, runCheck, runSlice, runSpectrum } = await import('../../../renderer/actions/analysis-actions.ts');
const { closeRun, startRun } = await import('../../../renderer/actions/run-actions.ts');
const { startSession } = await import('../../../renderer/actions/session-actions.ts');
const { estimateSeconds } = await import('../../../renderer/state/costs.ts');
const { useEditor } = await import('../../../renderer/state/editor.ts');
const { useJobs } = await import('../../../renderer/state/jobs.ts');
const { planeShown, shownLandscape, useResults } = await import('../../../renderer/state/results.ts');
const { currentRun, runOf } = await import('../../../renderer/state/runs.ts');
const { useSettings } = await import('../../../renderer/state/settings.ts');

const follow = (change: Partial<ReturnType<typeof useSettings.getState>['landscape']>) =>
  useSettings.setState(({ landscape }) => ({ landscape: { ...landscape, ...change } }));
const landscapes = (id: string) => useResults.getState().landscapes[id] ?? {};

beforeAll(async () => {
  app.store({ settings: { landscape: { grid: 17 } } });
  await startSession();
});

afterAll(() => app.close());

test('first light: it trains at once, stands in the editor, and a plane is there within four seconds', async () => {
  const began = performance.now();
  await until(() => currentRun() !== null);
  const { id, title } = currentRun()!;
  expect(title).toBe('First light');
  await until(() => shownLandscape(id) !== null);
  expect(performance.now() - began).toBeLessThan(4000);
  expect(useEditor.getState().yaml).toContain('name: first-light');
  await until(() => useEditor.getState().description !== null);
  expect(useEditor.getState().description?.parameters).toBe(22);
});

test('the plane of the path follows the run: coarser before finer never, new points on it between, and at the end', async () => {
  const { id } = currentRun()!;
  const planes: { steps: number; complete: boolean }[] = [];
  const seen: number[] = [];
  const stop = useResults.subscribe(() => {
    const pca = landscapes(id).pca;
    if (!pca) return;
    planes.push({ steps: pca.slice.step ?? -1, complete: pca.complete });
    if (pca.newer) seen.push(pca.newer.steps.length);
    // One automatic slice at a time.
    const automatic = useJobs
      .getState()
      .jobs.filter(({ title, state }) => title.endsWith('(by itself)') && state === 'running');
    expect(automatic.length).toBeLessThanOrEqual(1);
  });
  await until(() => planeShown(id) === 'pca', 20_000);
  await until(() => runOf(id)!.state === 'finished', 30_000);
  await until(() => landscapes(id).pca?.slice.step === 4000 && landscapes(id).pca!.complete, 20_000);
  stop();
  // Once whole, always whole; each plane is of a later point than the one before.
  const first = planes.findIndex(({ complete }) => complete);
  expect(planes.slice(first).every(({ complete }) => complete)).toBe(true);
  expect(planes.every(({ steps }, i) => i === 0 || steps >= planes[i - 1]!.steps)).toBe(true);
  expect(Math.max(0, ...seen)).toBeGreaterThan(0);
  const { slice } = landscapes(id).pca!;
  expect(slice.trajectory?.steps.at(-1)).toBe(4000);
  // Only the last one is kept.
  expect(app.read(runOf(id)!.file, 'results/slice-pca-float64-step-4000.json')).toContain('"plane": "pca"');
});

describe('asked for by the user', () => {
  test('a spectrum with its certificate, in the run folder too', async () => {
    const { id } = currentRun()!;
    runSpectrum(id, 2000, { top: 3 });
    await until(() => (useResults.getState().spectra[id]?.length ?? 0) === 1);
    const [spectrum] = useResults.getState().spectra[id]!;
    expect(spectrum).toMatchObject({ step: 2000, status: expect.stringMatching(/converged|invariantSubspace/) });
    expect(spectrum!.eigenvalues).toHaveLength(3);
    expect(useJobs.getState().jobs.find(({ title }) => title === 'Spectrum of First light at step 2000')?.state).toBe(
      'done',
    );
  });

  test('check this: the eigenvalues agree with the dense matrix', async () => {
    const { id } = currentRun()!;
    runCheck(id, 2000);
    await until(() => useResults.getState().checks[id] !== undefined);
    const { step, report } = useResults.getState().checks[id]!;
    expect(step).toBe(2000);
    expect(report.dense).toMatchObject({ eigenvalues: 3, agrees: true });
  });

  test('costs are measured once, and turn a count into seconds', async () => {
    const { id } = currentRun()!;
    await Promise.all([measureCosts(id), measureCosts(id)]);
    const costs = useResults.getState().costs[id]!;
    expect(costs.loss).toBeGreaterThan(0);
    expect(estimateSeconds({ losses: 100, gradients: 10, products: 1 }, costs)).toBeCloseTo(
      100 * costs.loss + 10 * costs.gradient + costs.product,
      12,
    );
    await measureCosts(id);
    expect(useResults.getState().costs[id]).toBe(costs);
  });

  test('a plane that is cancelled leaves the finished one as it was', async () => {
    const { id } = currentRun()!;
    follow({ follow: false });
    runSlice(id, 2000, { plane: 'random', grid: '21' });
    await until(() => landscapes(id).random?.complete === true && landscapes(id).random!.slice.step === 2000);
    const before = landscapes(id).random;
    runSlice(id, 4000, { plane: 'random', grid: '601' });
    const job = () => useJobs.getState().jobs.find(({ title }) => title === 'Random plane at step 4000');
    await until(() => (job()?.progress?.done ?? 0) > 200);
    await until(() => landscapes(id).random!.complete === false);
    job()!.cancel();
    expect(job()!.state).toBe('cancelling');
    await until(() => job()?.state === 'cancelled');
    await until(() => landscapes(id).random === before);
  });

  test('what was asked wrongly is told with its reason', async () => {
    const { id } = currentRun()!;
    runSpectrum(id, 0, { top: -1 });
    await until(() => useJobs.getState().jobs.some(({ state }) => state === 'failed'));
    const failed = useJobs.getState().jobs.find(({ state }) => state === 'failed');
    expect(failed?.failure).toMatchObject({ kind: 'badInput', found: 'The parameter top is -1.' });
  });
});

test('another plane kind cancels the automatic one and brings its own', async () => {
  follow({ follow: true, plane: 'pca' });
  const id = await startRun({ yaml: smallYaml({ ...endless, every: 500 }), file: null }, 'long');
  await until(() => shownLandscape(id) !== null);
  follow({ plane: 'eigen' });
  await until(() => landscapes(id).eigen?.complete === true, 20_000);
  expect(planeShown(id)).toBe('eigen');
  await closeRun(id);
  expect(landscapes(id)).toEqual({});
});
