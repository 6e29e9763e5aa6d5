import { describe, expect, test } from 'vitest';
import type { OverlapDocument } from '../../../core/experiment/result-documents.ts';
import {
  densityViews,
  meanDensityFigure,
  meanEigenvalueFigure,
  spectraOverTrainingFigure,
  spectrumDensityFigure,
  subspaceOverlapFigure,
} from '../../../core/experiment/spectrum-figures.ts';
import { errorsOfBand } from '../../../core/figures/density-curve.ts';
import { meanDensity } from '../../../core/figures/mean-density.ts';
import { renderSvg } from '../../../electron/host/render-figure.ts';
import { exampleSpectrum } from '../../support/example-spectrum.ts';

const document = exampleSpectrum();
const threshold = { name: '2/η', value: 38 };
const figureOf = (view: (typeof densityViews)[number]) => spectrumDensityFigure(document, threshold, view)!;

describe.each(densityViews)('the density, %s', (view) => {
  test('is drawn in both themes with its threshold and without a number that is none', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const svg = await renderSvg(spectrumDensityFigure(document, threshold, view, theme)!.specification);
      expect(svg).toContain('2/η = 38');
      expect(svg).not.toMatch(/NaN|undefined/);
    }
  });

  test('is read off where it is drawn: each value lies in its band, places rise', () => {
    const [line] = figureOf(view).readout!.lines;
    expect(line!.at.length).toBeGreaterThan(100);
    expect(line!.at).toEqual([...new Set(line!.at)].sort((a, b) => a - b));
    line!.y.forEach((y, i) => {
      expect(line!.low[i]!).toBeLessThanOrEqual(y);
      expect(line!.high[i]!).toBeGreaterThanOrEqual(y);
    });
  });
});

test('the band of 95 % is that of Student’s t for so many probes', () => {
  // Tables: t(0.975; 9) = 2.262, t(0.975; 1) = 12.706.
  expect(errorsOfBand(10)).toBeCloseTo(2.262, 3);
  expect(errorsOfBand(2)).toBeCloseTo(12.706, 3);
  expect(errorsOfBand(1)).toBeNaN();
  const [line] = figureOf('density').readout!.lines;
  const at = line!.x.findIndex((value) => value > 20);
  expect(line!.high[at]! - line!.y[at]!).toBeCloseTo(2.262 * (0.08 * line!.y[at]! + 1e-6), 6);
  expect(figureOf('density').caption).toContain('± 2.26 standard errors');
});

test('eigenvalues that were taken out are ticks above, the others below', () => {
  expect(figureOf('density').caption).toContain('Ticks above: the 10 eigenvalues');
  // Three of the most negative were computed besides.
  expect(figureOf('density').caption).toContain('Ticks below: the 3 eigenvalues');
});

test('both halves of the logarithmic axis carry their share of the eigenvalues', () => {
  const { x, positive, negative, nearZero } = document.density!.logarithmic!;
  const step = x[1]! - x[0]!;
  const share = (y: ArrayLike<number>) => Array.from(y).reduce((sum, value) => sum + value * step, 0);
  expect(share(positive) + share(negative) + nearZero).toBeCloseTo(1, 2);
  const { columns, rows } = figureOf('logarithmic').data;
  expect(columns[1]).toBe('eigenvalue');
  const negatives = rows.filter(([, eigenvalue]) => (eigenvalue as number) < 0);
  expect(negatives).toHaveLength(rows.length / 2);
});

test('a threshold far outside is told instead of drawn', () => {
  const far = spectrumDensityFigure(document, { name: '2/η', value: 4000 }, 'density')!;
  expect(far.caption).toContain('2/η = 4000 lies to the right of this figure.');
  expect(JSON.stringify(far.specification)).not.toContain('2/η = 4000');
  // It speaks of the Hessian of all parameters only.
  const block = exampleSpectrum({ more: { blocks: ['dense_1'] } });
  expect(spectrumDensityFigure(block, threshold, 'density')!.caption).not.toContain('2/η');
  expect(JSON.stringify(spectrumDensityFigure(block, threshold, 'density')!.specification)).toContain(
    'Hessian of dense_1',
  );
});

describe('several spectra', () => {
  test('the mean of equal densities is that density, and its range has no width', () => {
    const { x, y, standardError, kernelWidth, probes, steps } = document.density!;
    const curve = { x, y, standardError, kernelWidth, probes, steps, eigenvalues: [] };
    const mean = meanDensity([curve, curve, curve])!;
    const area = (at: ArrayLike<number>, values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value, i) => sum + (i > 0 ? value * (at[i]! - at[i - 1]!) : 0), 0);
    expect(area(mean.x, mean.y)).toBeCloseTo(area(x, y), 2);
    Array.from(mean.y).forEach((value, i) => {
      expect(mean.range!.low[i]).toBeCloseTo(value, 12);
      expect(mean.range!.high[i]).toBeCloseTo(value, 12);
    });
  });

  test('their mean and range are drawn, with every command', async () => {
    const seeds = [0.9, 1, 1.1].map((scale, seed) => exampleSpectrum({ scale, step: 100 + seed }));
    const figure = meanDensityFigure(seeds, threshold, 'density')!;
    expect(figure.caption).toContain('mean of 3 spectra');
    expect(figure.command.match(/saddlescope spectrum/g)).toHaveLength(3);
    expect(await renderSvg(figure.specification)).not.toContain('NaN');
    const ranks = meanEigenvalueFigure(seeds, null)!;
    // 36, 40, 44.
    expect(ranks.data.rows[0]).toEqual([1, 40, expect.closeTo(4, 9), null]);
    expect(ranks.caption).toContain('standard deviation from one spectrum to the next');
  });

  test('of several steps are one map; of one step none', () => {
    const steps = [0, 50, 100].map((step) => exampleSpectrum({ step, scale: 0.5 + step / 200 }));
    expect(spectraOverTrainingFigure(steps, threshold)!.alternative).toContain(
      '3 measurements from step 0 to step 100',
    );
    expect(spectraOverTrainingFigure(steps.slice(0, 1), threshold)).toBeNull();
  });
});

test('overlaps are a map with their values, and what chance would give', async () => {
  const data = Float64Array.of(1, 0.25, Number.NaN, 0.25, 1, 0.8, Number.NaN, 0.8, 1);
  const overlap = {
    kind: 'steps',
    operator: 'hessian',
    k: 4,
    labels: ['0', '50', '100'],
    overlap: { rows: 3, columns: 3, data },
    errorBound: { rows: 3, columns: 3, data: data.map(() => 0.05) },
    random: 4 / 535,
    command: 'saddlescope overlap run',
  } as unknown as OverlapDocument;
  const figure = subspaceOverlapFigure(overlap);
  expect(figure.alternative).toContain('The largest is 0.8 of 50 and 100, the smallest 0.25 of 0 and 50.');
  expect(figure.caption).toMatch(/within 0\.05.*Random directions would have 0\.0075\. 2 cells are not known/);
  const svg = await renderSvg(figure.specification);
  for (const value of ['>1.00<', '>0.25<', '>0.80<']) expect(svg).toContain(value);
  expect(svg).not.toContain('NaN');
});
