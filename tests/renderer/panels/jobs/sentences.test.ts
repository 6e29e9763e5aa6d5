import { describe, expect, test } from 'vitest';
import type { TrainingRecord } from '../../../../core/training/records.ts';
import { durationText, jobShare, jobText } from '../../../../renderer/panels/jobs/job-text.ts';
import { lossMotion, runSentence } from '../../../../renderer/panels/jobs/run-sentence.ts';
import type { Job } from '../../../../renderer/state/jobs.ts';
import { addRecords, emptySeries } from '../../../../renderer/state/run-series.ts';
import type { Run } from '../../../../renderer/state/runs.ts';

const ready = { state: 'ready' } as const;

function seriesOf(loss: (step: number) => number, sharpness: number, steps = 100, measuredAt = 1180) {
  const series = emptySeries();
  const probe = {
    record: 'probe',
    kind: 'sharpness',
    step: measuredAt,
    value: sharpness,
    threshold: 40,
    status: 'converged',
  };
  const updates = Array.from({ length: steps }, (_, step) => ({ record: 'step', step, loss: loss(step) }));
  addRecords(series, [probe, ...updates] as TrainingRecord[]);
  return series;
}
const run = (state: Run['state'], series = seriesOf((step) => 1 / (step + 1), 30)): Run =>
  ({ id: 'r', state, series, step: 1200, steps: 4000, failure: null }) as unknown as Run;

describe('what the loss does', () => {
  test.each<[string, (step: number) => number, string]>([
    ['falls at each step', (step) => 1 / (step + 1), 'the loss falls at every step'],
    ['falls in waves', (step) => 1 / (step + 1) + 0.001 * (step % 2), 'loss still falls, not at every step'],
    ['rises', (step) => step, 'the loss rises'],
    ['stands', () => 1, 'the loss hardly changes'],
    ['breaks', (step) => (step > 90 ? Number.NaN : 1), 'the loss is not finite'],
  ])('%s', (_, loss, wanted) => expect(lossMotion(seriesOf(loss, 30))).toBe(wanted));
  test('is not told of a few updates', () => expect(lossMotion(seriesOf(() => 1, 30, 9))).toBe(''));
});

describe('the sentence about a run', () => {
  test.each<[Run, string]>([
    [run('running'), 'Training below the edge of stability; the loss falls at every step.'],
    [
      run(
        'running',
        seriesOf((step) => 1 / (step + 1) + 0.001 * (step % 2), 39.6),
      ),
      'Training at the edge of stability; loss still falls, not at every step.',
    ],
    [run('running', emptySeries()), 'Training.'],
    [
      run(
        'finished',
        seriesOf((step) => 1 / (step + 1), 30, 100, 0),
      ),
      'Finished at step 1\u202f200; sharpness last measured at step 0.',
    ],
    [
      run(
        'running',
        seriesOf((step) => 1 / (step + 1), 254),
      ),
      'Training far above the threshold of stability; the loss falls at every step.',
    ],
    [run('paused'), 'Paused at step 1\u202f200; below the edge of stability.'],
    [run('stopped'), 'Stopped at step 1\u202f200 of 4\u202f000; below the edge of stability.'],
  ])('%#', (given, wanted) => expect(runSentence(given, ready)).toBe(wanted));

  test('tells first where nothing can be computed', () => {
    const compute = { state: 'restarting', inSeconds: 5, reason: 'killed' } as const;
    expect(runSentence(run('running'), compute)).toMatch(/ended \(killed\); the next one starts in 5 s/);
    expect(runSentence(null, ready)).toBe('No run is open.');
  });
});

describe('a job', () => {
  const job = (more: Partial<Job>): Job => ({ state: 'running', progress: null, failure: null, ...more }) as Job;
  const progress = { stage: 'density', done: 159, total: 256, unit: 'products', eta: 1.8 } as const;
  test('tells what is done, of how many, and how long it takes', () => {
    expect(jobText(job({ progress }))).toBe('159 of 256 products · 1.8 s left');
    expect(jobText(job({ progress: { ...progress, eta: null } }))).toBe('159 of 256 products');
    expect(jobShare(job({ progress }))).toBeCloseTo(159 / 256, 12);
  });
  test('that failed says what was found and what to do', () => {
    const failure = { kind: 'badInput', found: 'Step 7 has no checkpoint.', advice: 'Take 0 or 50.' } as const;
    expect(jobText(job({ state: 'failed', failure }))).toBe('Step 7 has no checkpoint. Take 0 or 50.');
  });
  test.each([
    [0.02, '0.1 s'],
    [1.84, '1.8 s'],
    [59.7, '60 s'],
    [150, '3 min'],
    [7850, '2 h 11 min'],
  ])('%f seconds are told as %s', (seconds, text) => expect(durationText(seconds)).toBe(text));
});
