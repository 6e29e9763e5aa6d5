import { expect, test } from 'vitest';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { spectrumFigures } from '../../../core/experiment/spectrum-figures.ts';
import { colours } from '../../../core/figures/theme.ts';
import { renderSvg } from '../../../electron/host/render-figure.ts';

const pair = (value: number) => ({
  value,
  residual: 1e-4,
  errorBound: 1e-4,
  errorEstimate: 1e-4,
  residualIsEstimate: false,
});

/** A single bump at `centre`, as a spectrum of 50 eigenvalues might have it. */
function spectrumAt(step: number, centre: number, operator: SpectrumDocument['operator'] = 'hessian') {
  const x = Float64Array.from({ length: 101 }, (_, i) => i / 5);
  const y = x.map((at) => Math.exp(-((at - centre) ** 2)));
  const error = y.map((value) => value / 10);
  return {
    step,
    operator,
    eigenvalues: [pair(centre + 2), pair(centre)],
    bottom: [],
    density: { x, y, standardError: error, kernelWidth: 0.5, probes: 4, steps: 30 },
    command: `saddlescope spectrum run --at ${step}`,
  } as unknown as SpectrumDocument;
}

const both = (ownOperator: SpectrumDocument['operator'] = 'hessian') => {
  const [early, late] = [spectrumAt(100, 4, ownOperator), spectrumAt(900, 12)];
  const [figure] = spectrumFigures(early, null, 'light', { document: late, name: 'step 900', ownName: 'step 100' });
  return figure!;
};

test('two densities stand on one pair of axes, each with its band, and the legend names both', async () => {
  const svg = await renderSvg(both().specification);
  for (const name of ['>step 100<', '>step 900<']) expect(svg).toContain(name);
  const [own, other] = colours.light.series;
  const filled = (colour: string) => svg.match(new RegExp(`<path[^>]*fill="${colour}"[^>]*`, 'g')) ?? [];
  expect(filled(own).filter((path) => path.includes('fill-opacity') || path.includes('opacity'))).toHaveLength(1);
  expect(filled(other).filter((path) => path.includes('fill-opacity') || path.includes('opacity'))).toHaveLength(1);
  // Ticks of the two do not cover each other.
  const ticks = ['height', 'height - 14', 'height - 28'];
  for (const place of ticks) expect(JSON.stringify(both().specification)).toContain(`"${place}"`);
  expect(svg).not.toContain('NaN');
});

test('what is drawn, its numbers and its commands are those of both', () => {
  const { caption, alternative, command, data } = both();
  expect(caption).toContain('step 100, 4 probes of 30 steps');
  expect(caption).toContain('step 900, 4 probes of 30 steps');
  expect(caption).toContain('the 4 eigenvalues that were computed one by one, in the colours of their spectra');
  expect(alternative).toMatch(/^step 100: .* highest near λ = 4; largest eigenvalue 6\. step 900: .* near λ = 12/);
  expect(command).toBe('saddlescope spectrum run --at 100 && npx saddlescope spectrum run --at 900');
  expect(data.columns).toEqual(['spectrum', 'eigenvalue', 'density', 'standardError']);
  expect(data.rows).toHaveLength(202);
  expect(new Set(data.rows.map(([name]) => name))).toEqual(new Set(['step 100', 'step 900']));
});

test('two matrices are both named', () => {
  expect(JSON.stringify(both('gaussNewton').specification)).toContain(
    'share of the eigenvalues of the Gauss–Newton matrix and of the Hessian per unit λ',
  );
});

test('a spectrum without a density leaves the other one alone', () => {
  const late = { ...spectrumAt(900, 12), density: null };
  const early = spectrumAt(100, 4);
  const compared = { document: late, name: 'step 900', ownName: 'step 100' };
  expect(spectrumFigures(early, null, 'light', compared)).toEqual(spectrumFigures(early, null, 'light'));
});
