import { beforeEach, expect, test } from 'vitest';
import { addRecords } from '../../../renderer/state/run-series.ts';
import { addRun, removeRun, runOf, updateRun, useRuns } from '../../../renderer/state/runs.ts';
import { settledRun } from '../../../renderer/state/shown-run.ts';

const file = { reference: 'a', kind: 'run', name: 'a', shown: '/runs/a' } as const;
const run = () => {
  const found = runOf('a');
  if (!found) throw new Error('There is no run.');
  return found;
};
const settled = () => settledRun(run());

beforeEach(() => {
  for (const { id } of useRuns.getState().runs) removeRun(id);
  addRun({ id: 'a', file, title: 'a', yaml: '', state: 'running' });
});

test('a run that moves stays the same run to what shows none of its numbers', () => {
  const before = settled();
  for (let step = 1; step <= 3; step++)
    updateRun('a', { step, speed: step, learningRate: 1 / step, version: step, heardAt: step });
  expect(run()).not.toBe(before);
  expect(settled()).toBe(before);
});

test('whatever lasts is told at once: title, state, first checkpoint, events', () => {
  const told = [settled()];
  const tell = () => told.push(settled());
  updateRun('a', { title: 'b' });
  tell();
  updateRun('a', { checkpoints: [0] });
  tell();
  updateRun('a', { checkpoints: [0, 25], step: 26 });
  expect(settled()).toBe(told[2]);
  addRecords(run().series, [{ record: 'event', event: 'learningRate', step: 26, from: 0.1, to: 0.2 }]);
  updateRun('a', { version: run().series.version });
  tell();
  updateRun('a', { state: 'paused', step: 30 });
  tell();
  expect(new Set(told).size).toBe(5);
  expect(settled()).toMatchObject({ title: 'b', state: 'paused', step: 30, checkpoints: [0, 25] });
});

test('of a run that does not move every change is told: a paused run makes single steps', () => {
  updateRun('a', { state: 'paused', step: 7 });
  expect(settled().step).toBe(7);
  updateRun('a', { step: 8 });
  expect(settled().step).toBe(8);
});
