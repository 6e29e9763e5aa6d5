import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { learningRateAt, readSchedule, type Schedule, scheduleFactor } from '../../../core/training/schedules.ts';

const factors = (schedule: Schedule, steps: number) =>
  Array.from({ length: steps }, (_, step) => scheduleFactor(schedule, step));

test('constant is one at every step', () => {
  expect(factors({ kind: 'constant' }, 3)).toEqual([1, 1, 1]);
});

test('the step schedule falls by its factor every so many steps', () => {
  expect(factors({ kind: 'step', every: 2, factor: 0.5 }, 7)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]);
});

test('cosine starts at 1, is halfway at half time, ends at its final share and stays there', () => {
  const schedule: Schedule = { kind: 'cosine', steps: 100, final: 0.2 };
  expect(scheduleFactor(schedule, 0)).toBe(1);
  expect(scheduleFactor(schedule, 25)).toBeCloseTo(0.2 + 0.8 * (0.5 + Math.SQRT1_2 / 2), 14);
  expect(scheduleFactor(schedule, 50)).toBeCloseTo(0.6, 14);
  expect(scheduleFactor(schedule, 100)).toBe(0.2);
  expect(scheduleFactor(schedule, 1000)).toBe(0.2);
});

test('a warm-up rises linearly to 1 and then hands over at the successor’s own start', () => {
  const after: Schedule = { kind: 'cosine', steps: 10, final: 0 };
  const schedule: Schedule = { kind: 'warmUp', steps: 4, after };
  expect(factors(schedule, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
  for (let step = 0; step < 15; step++) {
    expect(scheduleFactor(schedule, step + 4)).toBe(scheduleFactor(after, step));
  }
});

test('the learning rate is the base times the factor', () => {
  expect(learningRateAt(0.4, { kind: 'step', every: 1, factor: 0.5 }, 3)).toBeCloseTo(0.05, 15);
});

test.each([
  ['constant', { kind: 'constant' }],
  [{ step: { every: 5 } }, { kind: 'step', every: 5, factor: 0.5 }],
  [{ cosine: { steps: 9 } }, { kind: 'cosine', steps: 9, final: 0 }],
  [
    { kind: 'cosine', steps: 9, final: 0.5 },
    { kind: 'cosine', steps: 9, final: 0.5 },
  ],
  [
    { warmUp: { steps: 3, after: { cosine: { steps: 9 } } } },
    { kind: 'warmUp', steps: 3, after: { kind: 'cosine', steps: 9, final: 0 } },
  ],
  [{ warmUp: { steps: 3 } }, { kind: 'warmUp', steps: 3, after: { kind: 'constant' } }],
])('%j is read, and what was read is read again as itself', (given, expected) => {
  const schedule = readSchedule(given, 'schedule');
  expect(schedule).toEqual(expected);
  expect(readSchedule(schedule, 'schedule')).toEqual(expected);
});

test.each([
  [null],
  [3],
  ['linear'],
  [{}],
  [{ cosine: {} }],
  [{ cosine: { steps: 0 } }],
  [{ cosine: { steps: 9, final: 2 } }],
  [{ cosine: { steps: 9, start: 1 } }],
  [{ step: { every: 2.5 } }],
  [{ step: { every: 2, factor: 0 } }],
  [{ cosine: { steps: 9 }, step: { every: 1 } }],
  [{ warmUp: { steps: 3, after: 'never' } }],
  [{ cosine: { steps: Number.NaN } }],
])('%j is refused', (given) => {
  expect(() => readSchedule(given, 'optimizer.sgd.schedule')).toThrow(BadInput);
  expect(() => readSchedule(given, 'optimizer.sgd.schedule')).toThrow(/^optimizer\.sgd\.schedule/);
});
