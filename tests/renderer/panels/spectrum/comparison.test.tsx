import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { SpectrumDocument } from '../../../../core/experiment/result-documents.ts';
import { EigenvalueTable } from '../../../../renderer/panels/inspector/eigenvalue-table.tsx';
import { comparablesTo } from '../../../../renderer/panels/spectrum/comparable.ts';
import type { Run } from '../../../../renderer/state/runs.ts';

const pair = (value: number, error = 1e-6) => ({
  value,
  residual: error,
  errorBound: error,
  errorEstimate: error,
  residualIsEstimate: false,
});

function spectrum(step: number, values: readonly [number, number][], more: object = {}): SpectrumDocument {
  return {
    step,
    operator: 'hessian',
    precision: 'float32',
    eigenvalues: values.map(([value, error]) => pair(value, error)),
    bottom: [],
    parts: { eigenvalues: 'budgetSpent' },
    ...more,
  } as unknown as SpectrumDocument;
}

const run = (id: string, title: string, visible = true) => ({ id, title, visible }) as Run;
const early = spectrum(100, [
  [9.5, 1e-6],
  [7, 0.5],
]);
const late = spectrum(900, [
  [12, 1e-6],
  [11, 1e-6],
  [10, 2],
]);

test('one spectrum is compared with those of other steps, and of the runs that are drawn beside it', () => {
  const gaussNewton = spectrum(100, [[9, 1e-6]], { operator: 'gaussNewton' });
  const spectra = { a: [early, gaussNewton, late], b: [late], hidden: [late] };
  const runs = [run('b', 'branch'), run('a', 'study'), run('hidden', 'hidden', false)];
  const found = comparablesTo(early, runs[1]!, runs, spectra);
  expect(found.map(({ name }) => name)).toEqual(['Gauss–Newton, step 100', 'step 900', 'branch, step 900']);
  expect(new Set(found.map(({ id }) => id)).size).toBe(3);
  expect(found[2]?.document).toBe(late);
});

test('a second column stands beside the first, rank by rank, each value with its own certificate', () => {
  const compared = { document: late, name: 'step 900', ownName: 'step 100' };
  const markup = renderToStaticMarkup(<EigenvalueTable document={early} compared={compared} />);
  const rows = [...markup.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    row.replace(/<\/t[dh]>/g, '|').replace(/<[^>]*>/g, ''),
  );
  expect(rows[0]).toMatch(/^#\|λstep 100\|.*\|λstep 900\|.*\|difference\|/);
  expect(rows[1]).toMatch(/^1\|9\.5\d* ± .*\|converged\|12\d*.* ± .*\|converged\|2\.5\d* ± 2e−6\|$/);
  expect(rows[2]).toMatch(/^2\|7\.\d* ± 0\.5\d*\|not converged\|11.*\|converged\|4\.0\d* ± 0\.51\|$/);
  // The other list is longer: nothing stands beside its last value.
  expect(rows[3]).toMatch(/^3\|\|10\.?\d* ± 2\.?\d*\|not converged\|\|$/);
  const alone = renderToStaticMarkup(<EigenvalueTable document={early} />);
  expect(alone).toContain('residual');
  expect(alone.match(/eigenvalue-table-open/g)?.length).toBe(3);
});
