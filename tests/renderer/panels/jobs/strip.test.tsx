// @vitest-environment jsdom
import '../../browser-gaps.ts';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fittingCount } from '../../../../renderer/panels/jobs/use-fitting.ts';
import { JobsStrip } from '../../../../renderer/panels/jobs-strip.tsx';
import { addJob, type Job, useJobs } from '../../../../renderer/state/jobs.ts';
import { addRun, useRuns } from '../../../../renderer/state/runs.ts';
import { announce, useSession } from '../../../../renderer/state/session.ts';
import { button, installBridge, press, settle } from '../experiment/page.tsx';

describe('room in the strip', () => {
  const room = { width: 1000, items: [300, 300], fixed: 380, more: 80, gap: 20 };
  test.each([
    ['both fit', room, false, 1],
    ['without the sentence both fit', { ...room, fixed: 300 }, false, 2],
    ['a third one needs the button', { ...room, fixed: 300 }, true, 1],
    ['nothing fits', { ...room, width: 500 }, false, 0],
    ['nothing is there', { ...room, items: [] }, false, 0],
  ])('%s', (_, given, beyond, count) => expect(fittingCount(given, beyond)).toBe(count));

  test('what is shown always fits, and one more would not', () => {
    for (let width = 0; width < 1500; width += 7)
      for (const beyond of [false, true]) {
        const given = { ...room, width };
        const count = fittingCount(given, beyond);
        const needed = (n: number) =>
          given.fixed + n * (300 + given.gap) + (n < 2 || beyond ? given.more + given.gap : 0);
        if (count > 0) expect(needed(count)).toBeLessThanOrEqual(width);
        if (count < 2) expect(needed(count + 1)).toBeGreaterThan(width);
      }
  });
});

const root = () => {
  const host = document.body.appendChild(document.createElement('div'));
  const made = createRoot(host);
  act(() => made.render(<JobsStrip />));
  return { host, close: () => act(() => made.unmount()) };
};

let cancelled: string[] = [];
const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  title: `${id} of a run with a long title`,
  brief: id,
  run: null,
  state: 'running',
  progress: { stage: 's', done: 10, total: 256, unit: 'products', eta: 3 },
  failure: null,
  startedAt: 0,
  cancel: () => void cancelled.push(id),
  ...more,
});

beforeEach(() => {
  installBridge();
  cancelled = [];
  useJobs.setState({ jobs: [] });
  useRuns.setState({ runs: [], current: null });
  useSession.setState({ compute: { state: 'ready' } });
});
let opened: ReturnType<typeof root> | null = null;
afterEach(() => {
  opened?.close();
  opened = null;
});

test('what has no room stands in a list with its whole text, where each job can be cancelled', async () => {
  for (const id of ['Plane', 'Spectrum', 'Check', 'Report']) addJob(job(id));
  const failure = { kind: 'badInput', found: 'The grid is too large.', advice: 'Choose a smaller one.' } as const;
  addJob(job('Slice', { state: 'failed', failure }));
  opened = root();
  await settle();
  const inStrip = [...opened.host.querySelectorAll('[data-item]')].map((one) => one.textContent);
  expect(inStrip).toEqual(['Plane10 of 256 products · 3.0 s left', 'Spectrum10 of 256 products · 3.0 s left']);
  expect(opened.host.textContent).not.toContain('The grid is too large.');
  await press(button(/show all jobs/));
  const list = document.querySelector('[role=dialog]');
  const texts = [...(list?.querySelectorAll('li') ?? [])].map((one) => one.textContent);
  expect(texts).toHaveLength(5);
  expect(texts[3]).toBe('Report of a run with a long title10 of 256 products · 3.0 s left');
  expect(texts[4]).toContain('The grid is too large. Choose a smaller one.');
  await press(button(/Cancel Report of a run/, list as Element));
  expect(cancelled).toEqual(['Report']);
  await press(button(/Put the message about Slice/, list as Element));
  expect(useJobs.getState().jobs.map(({ id }) => id)).not.toContain('Slice');
});

test('a single job that failed says why in the list', async () => {
  const failure = { kind: 'badInput', found: 'No checkpoint is there.', advice: 'Wait for one.' } as const;
  addJob(job('Check', { state: 'failed', failure }));
  opened = root();
  await settle();
  await press(button(/show all jobs/));
  expect(document.querySelector('[role=dialog]')?.textContent).toContain('No checkpoint is there. Wait for one.');
});

test('precision, engine and threads stand at the end', async () => {
  const file = { reference: 'r', kind: 'run', name: 'r', shown: '/r' } as const;
  const description = { precision: 'float32', engine: 'wasm' } as never;
  addRun({ id: 'r', file, title: 'r', yaml: '', state: 'stopped', description });
  opened = root();
  await settle();
  expect(opened.host.querySelector('.jobs-strip-engine')?.textContent).toBe('float32 · wasm · 1 thread a job');
  expect(opened.host.querySelector('.jobs-strip-sentence')?.textContent).toContain('Stopped at step 0');
});

test('what was just announced stands in the place of the sentence, and gives it back', async () => {
  opened = root();
  const sentence = () => opened?.host.querySelector('.jobs-strip-sentence')?.textContent;
  expect(sentence()).toBe('No run is open.');
  await act(async () => announce('Top eigenvalues at the cursor: The run has no checkpoint yet.'));
  expect(sentence()).toBe('Top eigenvalues at the cursor: The run has no checkpoint yet.');
  await settle(6100);
  expect(sentence()).toBe('No run is open.');
});
