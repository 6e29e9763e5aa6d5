import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../core/experiment/command-line.ts';
import {
  pointsOfRecords,
  type RunFigureSources,
  runDensityFigure,
  runPreconditionedFigure,
  runSharpnessFigure,
  shareStandardError,
} from '../../../core/experiment/run-figures.ts';
import type { TrainingRecord } from '../../../core/training/records.ts';

const eigenvalue = (kind: string, step: number, more: object = {}) =>
  ({
    record: 'probe',
    kind,
    step,
    value: 30 + step,
    residual: 0.1,
    threshold: 40,
    status: 'converged',
    ...more,
  }) as TrainingRecord;
const density = (step: number) =>
  ({
    record: 'probe',
    kind: 'density',
    step,
    x: [0, 1, 2],
    y: [1, 0.5, 0.1],
    status: 'converged',
  }) as unknown as TrainingRecord;
const sources = (...records: TrainingRecord[]): RunFigureSources => ({
  points: pointsOfRecords(records),
  fullBatch: true,
  formula: 'L',
  thresholdName: '2/η',
  command: 'saddlescope report run',
});

describe('figures of a run', () => {
  test('what was never measured has none', () => {
    expect(runSharpnessFigure(sources())).toBeNull();
    expect(runPreconditionedFigure(sources(eigenvalue('sharpness', 1)))).toBeNull();
    expect(runDensityFigure(sources(density(0)))).toBeNull();
  });

  test('a closed Krylov space is as good as convergence, spent products are not', () => {
    const points = pointsOfRecords([
      eigenvalue('sharpness', 1),
      eigenvalue('sharpness', 2, { status: 'invariantSubspace' }),
      eigenvalue('sharpness', 3, { status: 'budgetSpent' }),
    ]);
    expect(points.eigenvalues.sharpness.map(({ converged }) => converged)).toEqual([true, true, false]);
  });

  test('a density is drawn with the threshold only where there is one', () => {
    const free = runDensityFigure(sources(density(0), density(5), eigenvalue('sharpness', 1, { threshold: null })));
    expect(free?.caption).not.toContain('2/η');
    expect(runDensityFigure(sources(density(0), density(5), eigenvalue('sharpness', 1)))?.caption).toContain('2/η');
  });

  test('the dark theme has the numbers of the light one', () => {
    const given = sources(eigenvalue('sharpness', 1), eigenvalue('sharpness', 2));
    const [light, dark] = [runSharpnessFigure(given), runSharpnessFigure({ ...given, theme: 'dark' })];
    expect(dark?.data).toEqual(light?.data);
    expect(dark?.specification).not.toEqual(light?.specification);
  });
});

test('the standard error of a share is that of the mean of zeros and ones', () => {
  const draws = [1, 1, 1, 0, 0, 1, 0, 1, 1, 1];
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  expect(shareStandardError(mean, draws.length)).toBeCloseTo(Math.sqrt(variance / draws.length), 14);
  expect(shareStandardError(1, 5)).toBe(0);
});

test('a command line is read back by a shell as the words that it was made of', () => {
  expect(commandLine(['report', 'a b', "it's", 'x=1'])).toBe(`saddlescope report 'a b' 'it'\\''s' x=1`);
});
