import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { SpectrumDocument } from '../../../../core/experiment/result-documents.ts';
import type { Status } from '../../../../core/linalg/result.ts';
import type { TrainingRecord } from '../../../../core/training/records.ts';
import { EigenvalueTable } from '../../../../renderer/panels/inspector/eigenvalue-table.tsx';
import { QuantitiesSection } from '../../../../renderer/panels/inspector/quantities-section.tsx';
import { readingAt } from '../../../../renderer/panels/inspector/reading.ts';
import { SharpnessSection } from '../../../../renderer/panels/inspector/sharpness-section.tsx';
import { addRecords, emptySeries } from '../../../../renderer/state/run-series.ts';
import type { Run } from '../../../../renderer/state/runs.ts';

const probe = (kind: 'sharpness' | 'lowestEigenvalue', status: Status, value: number, residual = 0.2) =>
  ({
    record: 'probe',
    kind,
    step: 0,
    value,
    residual,
    threshold: 40,
    status,
    products: 32,
    seconds: 0.4,
  }) as TrainingRecord;

function runWith(...records: TrainingRecord[]): Run {
  const series = emptySeries();
  addRecords(series, records);
  return { id: 'r', series, description: { thresholdName: '2/η (gradient descent)' } } as unknown as Run;
}

const plain = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the sharpness', () => {
  test.each<[Status, string, string, boolean]>([
    ['converged', 'ok', 'converged', false],
    ['invariantSubspace', 'ok', 'exact, space closed', false],
    ['stagnated', 'warn', 'at the floor', true],
    ['budgetSpent', 'warn', 'not converged', true],
    ['notSymmetric', 'bad', 'not symmetric', true],
  ])('that ended %s has its badge, and is in quiet colour where it is not certain', (status, kind, word, quiet) => {
    const run = runWith(probe('sharpness', status, 40.6));
    const markup = renderToStaticMarkup(<SharpnessSection reading={readingAt(run, 0)} />);
    expect(markup).toContain(`badge-${kind}`);
    expect(plain(markup)).toContain(` ${word} `);
    expect(plain(markup)).toContain('40.60 ± 0.2');
    expect(markup.includes('inspector-open')).toBe(quiet);
    // The badge is a word and a sign, and says more when it is pointed at.
    expect(markup).toMatch(/class="badge[^>]*title="[A-Z][^"]+\."[^>]*><svg/);
  });

  test('that is not a number says so, without any invented digit', () => {
    const nan = Number.NaN;
    const run = runWith(probe('sharpness', 'notFinite', nan, nan));
    const text = plain(renderToStaticMarkup(<SharpnessSection reading={readingAt(run, 0)} />));
    expect(text).toContain('not a number');
    expect(text).toContain('At step 0 the sharpness is not a finite number.');
    expect(text).not.toMatch(/NaN|±/);
  });
});

test.each<[Status, boolean]>([
  ['converged', false],
  ['budgetSpent', true],
  ['stagnated', true],
])('the lowest eigenvalue that ended %s', (status, quiet) => {
  const run = runWith(probe('lowestEigenvalue', status, -1.5));
  const shown = { run, reading: readingAt(run, 0), follows: true, newest: 0 };
  const markup = renderToStaticMarkup(<QuantitiesSection {...shown} />);
  expect(plain(markup)).toContain('−1.50 ± 0.2');
  expect(markup.includes('quantities-open')).toBe(quiet);
  expect(markup.includes('badge-warn')).toBe(quiet);
});

test('of a spectrum that stagnated, what is accurate all the same keeps its sign; what is not a number is open', () => {
  const pair = (value: number, error: number) => ({
    value,
    residual: error,
    errorBound: error,
    errorEstimate: error,
    residualIsEstimate: false,
  });
  const document = {
    precision: 'float32',
    parts: { eigenvalues: 'stagnated' },
    eigenvalues: [pair(40, 1e-4), pair(30, 0.1), pair(Number.NaN, Number.NaN)],
    bottom: [],
  } as unknown as SpectrumDocument;
  const markup = renderToStaticMarkup(<EigenvalueTable document={document} />);
  const rows = [...markup.matchAll(/<tr>(.*?)<\/tr>/g)].slice(1).map(([, row = '']) => row);
  expect(rows.map((row) => row.includes('eigenvalue-table-open'))).toEqual([false, true, true]);
  expect(rows.map((row) => / (not )?converged/.exec(plain(row))?.[0])).toEqual([
    ' converged',
    ' not converged',
    ' not converged',
  ]);
  expect(plain(rows[2] ?? '')).toContain('not a number');
  expect(markup).not.toContain('NaN');
});
