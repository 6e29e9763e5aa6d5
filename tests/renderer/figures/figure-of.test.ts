import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pointsOfRecords } from '../../../core/experiment/run-figures.ts';
import { type Figure, tableCsv } from '../../../core/figures/figure.ts';
import type { ExperimentDescription } from '../../../core/protocol/methods.ts';
import { describeByFiles } from '../../../electron/compute/describe-by-files.ts';
import { writeReport } from '../../../electron/compute/report/run-report.ts';
import { renderSvg } from '../../../electron/host/render-figure.ts';
import { type FigureId, figureOf } from '../../../renderer/figures/figure-of.ts';
import { pointsOfSeries } from '../../../renderer/figures/points-of-series.ts';
import { tableArrays } from '../../../renderer/figures/table-arrays.ts';
import { addRecords, emptySeries } from '../../../renderer/state/run-series.ts';
import { addRun } from '../../../renderer/state/runs.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { metricsOf, trainSmall } from '../../support/small-run.ts';

/** A run of the command line, and the same run as a page has it. */
const folder = path.join(temporaryFolder(), 'run');
let description: ExperimentDescription;

beforeAll(async () => {
  await trainSmall(folder, {
    settings: [
      'optimizer={ gradientDescent: { learningRate: 0.01 } }',
      'probes.every.density=10',
      'probes.every.lowestEigenvalue=20',
      'probes.budget=1',
    ],
  });
  await writeReport(folder);
  description = await describeByFiles(folder);
  const series = emptySeries();
  // As they come from a process that trains: in bursts.
  const records = metricsOf(folder);
  for (let at = 0; at < records.length; at += 7) addRecords(series, records.slice(at, at + 7));
  const file = { reference: 'r', kind: 'run', name: 'small', shown: folder } as const;
  addRun({ id: 'r', file, title: 'small', yaml: '', state: 'finished', series, description });
});

const of = (id: FigureId): Figure => {
  const figure = figureOf('r', id);
  if (figure === null) throw new Error(`no figure ${id}`);
  return figure;
};

describe('a figure of the page is that of the command line', () => {
  test.each<[FigureId, string]>([
    ['loss', 'loss'],
    ['sharpness', 'sharpness'],
    ['density', 'density-over-training'],
  ])('%s: the same numbers, digit for digit', (id, name) => {
    const csv = readFileSync(path.join(folder, 'results', 'figures', `${name}.csv`), 'utf8');
    const figure = of(id);
    expect(figure.data.rows.length).toBeGreaterThan(4);
    expect(tableCsv(figure.data)).toBe(csv);
    expect(figure.command).toBe(`saddlescope report ${folder}`);
  });

  test.each<[FigureId, string]>([
    ['loss', 'loss'],
    ['density', 'density-over-training'],
  ])('%s: the same picture', async (id, name) => {
    const svg = readFileSync(path.join(folder, 'results', 'figures', `${name}.svg`), 'utf8');
    // The report names the threshold at greater length.
    const drawn = await renderSvg(of(id).specification);
    const marks = (text: string) => text.match(/<path[^>]* d="[^"]{30,}"/g) ?? [];
    expect(marks(drawn).length).toBeGreaterThan(0);
    expect(marks(drawn)).toEqual(marks(svg));
  });

  test('points of the columns are points of the records', () => {
    const series = emptySeries();
    addRecords(series, metricsOf(folder));
    expect(pointsOfSeries(series)).toEqual(pointsOfRecords(metricsOf(folder)));
  });

  test('what was not measured has no figure', () => {
    expect(existsSync(path.join(folder, 'results', 'figures', 'eigenvalues.csv'))).toBe(false);
    for (const id of ['slice', 'eigenvalues', 'spectrum-density'] as const) expect(figureOf('r', id)).toBeNull();
    expect(figureOf('another run', 'loss')).toBeNull();
  });
});

describe('figures of one quantity', () => {
  test.each<[FigureId, string, RegExp]>([
    ['accuracy', 'Accuracy', /train from 0\.\d+ at step 0 to/],
    ['gradientNorm', '‖∇L‖', /at step 0 to .* at step 59\./],
    ['learningRate', 'η', /η from 0.01 at step 0 to 0.01 at step 59\./],
    ['lowestEigenvalue', 'Eigenvalue λ', /at step 0 to/],
  ])('%s names its axis and says what is seen', async (id, axis, alternative) => {
    const figure = of(id);
    expect(figure.alternative).toMatch(alternative);
    const svg = await renderSvg(figure.specification);
    expect(svg).toContain(`>${axis}<`);
    expect(svg).not.toContain('NaN');
  });

  test('the band of an accuracy is the standard error of a share', () => {
    const { columns, rows } = of('accuracy').data;
    expect(columns).toEqual(['line', 'step', 'value', 'uncertainty']);
    const examples = description.examples;
    for (const [line, , value, uncertainty] of rows as [string, number, number, number][])
      if (line === 'train') expect(uncertainty).toBeCloseTo(Math.sqrt((value * (1 - value)) / examples), 12);
  });
});

describe('a table as arrays', () => {
  test('is parted by its texts, and nothing is lost', () => {
    const { data } = of('loss');
    const arrays = tableArrays(data);
    expect(Object.keys(arrays)).toEqual(['train_step', 'train_loss', 'test_step', 'test_loss']);
    const back = (['train', 'test'] as const).flatMap((set) =>
      Array.from(arrays[`${set}_step`]?.data ?? [], (step, i) => [set, step, arrays[`${set}_loss`]?.data[i]]),
    );
    expect(back).toEqual(data.rows);
  });

  test('has NaN where there is no number, and names without spaces', () => {
    const columns = ['of', 'x'];
    const arrays = tableArrays({
      columns,
      rows: [
        ['a b', 1],
        ['a b', null],
      ],
    });
    expect(Object.keys(arrays)).toEqual(['a-b_x']);
    expect(Array.from(arrays['a-b_x']?.data ?? [])).toEqual([1, Number.NaN]);
  });
});
