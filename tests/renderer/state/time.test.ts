import { beforeEach, describe, expect, test } from 'vitest';
import { checkpointFrom } from '../../../renderer/app/commands/time-commands.ts';
import { pannedRange, zoomedRange } from '../../../renderer/charts/gestures.ts';
import { addRecords, emptySeries } from '../../../renderer/state/run-series.ts';
import { addRun, type Run, useRuns } from '../../../renderer/state/runs.ts';
import {
  moveCursor,
  newestStep,
  setCursor,
  stepLookedAt,
  useTime,
  zoomBack,
  zoomTo,
} from '../../../renderer/state/time.ts';

const series = emptySeries();
for (const step of [0, 2, 4, 6, 8])
  addRecords(series, [
    {
      record: 'step',
      step,
      epoch: 0,
      batch: 0,
      examples: 1,
      loss: 1,
      gradientNorm: 1,
      learningRate: 1,
      time: 0,
      seconds: 0,
      status: null,
    },
  ]);

beforeEach(() => {
  useRuns.setState({ runs: [], current: null });
  useTime.setState({ cursor: null, hover: null, range: null });
  addRun({ id: 'a', file: { name: 'a' } as Run['file'], title: 'a', yaml: '', state: 'finished', series });
});

const cursor = () => useTime.getState().cursor;

describe('the cursor', () => {
  test('follows the newest record until it is moved, by records of the run', () => {
    expect(newestStep(series)).toBe(8);
    expect(stepLookedAt(useTime.getState(), useRuns.getState().runs[0]!)).toBe(8);
    moveCursor(-1);
    expect(cursor()).toBe(6);
    moveCursor(-10);
    expect(cursor()).toBe(0);
    moveCursor(1);
    expect(cursor()).toBe(2);
    setCursor(5);
    moveCursor(1);
    expect(cursor()).toBe(6);
    moveCursor(10);
    expect(cursor()).toBeNull();
  });

  test('goes to checkpoints before and after a step, and stays at the outermost', () => {
    const checkpoints = [0, 50, 100];
    expect(checkpointFrom(checkpoints, 60, 'previous')).toBe(50);
    expect(checkpointFrom(checkpoints, 50, 'previous')).toBe(0);
    expect(checkpointFrom(checkpoints, 0, 'previous')).toBe(0);
    expect(checkpointFrom(checkpoints, 50, 'next')).toBe(100);
    expect(checkpointFrom(checkpoints, 100, 'next')).toBe(100);
    expect(checkpointFrom(checkpoints, 7, 'first')).toBe(0);
    expect(checkpointFrom(checkpoints, 7, 'last')).toBe(100);
    expect(checkpointFrom([], 7, 'next')).toBeUndefined();
  });
});

describe('zooming', () => {
  test('keeps the step under the pointer where it is, and shows at most everything', () => {
    const [low, high] = zoomedRange([0, 100], [0, 100], 25, 0.5)!;
    expect([low, high]).toEqual([12.5, 62.5]);
    expect((25 - low) / (high - low)).toBe(0.25);
    expect(zoomedRange([10, 60], [0, 100], 25, 2.1)).toBeNull();
    expect(zoomedRange([0, 20], [0, 100], 0, 2)).toEqual([0, 40]);
    expect(zoomedRange([50, 51], [0, 100], 50.5, 0.01)!.map((end) => Math.round(10 * end) / 10)).toEqual([48.5, 52.5]);
  });

  test('moves along the axis as far as there are steps', () => {
    expect(pannedRange([10, 30], [0, 100], 15)).toEqual([25, 45]);
    expect(pannedRange([10, 30], [0, 100], -50)).toEqual([0, 20]);
    expect(pannedRange([10, 30], [0, 100], 500)).toEqual([80, 100]);
  });

  test('goes back the way it came', async () => {
    zoomTo([0, 50]);
    await new Promise((resolve) => setTimeout(resolve, 550));
    zoomTo([0, 20]);
    zoomTo([5, 20]);
    zoomBack();
    expect(useTime.getState().range).toEqual([0, 50]);
    zoomBack();
    expect(useTime.getState().range).toBeNull();
    zoomBack();
    expect(useTime.getState().range).toBeNull();
  });
});
