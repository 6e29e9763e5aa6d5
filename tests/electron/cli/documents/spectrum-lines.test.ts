import { describe, expect, test } from 'vitest';
import { spectrumLines } from '../../../../electron/cli/documents/spectrum-lines.ts';
import { spectrumNotes } from '../../../../electron/compute/report/spectrum-notes.ts';
import { exampleEigenvalues, exampleSpectrum } from '../../../support/example-spectrum.ts';

const document = exampleSpectrum();
const trace = exampleEigenvalues.reduce((sum, value) => sum + value, 0);

describe('a spectrum on the terminal', () => {
  const text = spectrumLines(document, false).join('\n');

  test('says first what must be read with it, and which matrix it is of', () => {
    expect(text).toMatch(/^example, step 200: Hessian of L\(θ\)[\s\S]*H = ∇²L[\s\S]*Note: The network has ReLU units/);
  });

  test('brackets eigenvalues that cannot be told apart, and names the blocks they live in', () => {
    expect(text).toMatch(/\n┌ λ3 .*\n│ λ4 .*\n└ λ5 /);
    expect(text).toContain('3 to 5 cannot be told apart');
    expect(text).toMatch(/λ1 .* dense_1\/kernel 90 %, dense_2\/kernel 8 %/);
  });

  test('has the trace with its method and interval, determinant, effective dimension, blocks and shares', () => {
    expect(text).toContain(`Trace ${trace.toFixed(1)} [225.7, 230.7], Hutch++, 30 probes`);
    expect(text).toMatch(/ln det\(A \+ σI\) −?\d+ \[.*\], σ = 0\.100/);
    expect(text).toMatch(/Effective dimension .* 157\.9 \[154\.7, 161\.1\], σ = 0\.100/);
    expect(text).toMatch(/dense_2\/bias +10 +42\.6 ± 2\.6/);
    expect(text).toMatch(new RegExp(`sum +535 +${trace.toPrecision(5)}`));
    const below = exampleEigenvalues.filter((value) => value < -1e-3).length / exampleEigenvalues.length;
    expect(text).toContain(`Shares: λ < −0.0010 ${(100 * below).toFixed(1)} %`);
  });

  test('hides what would steer the terminal', () => {
    const hostile = exampleSpectrum({ more: { notices: [{ code: 'x', found: 'a\u001b[2Jb', instead: '' }] } });
    expect(spectrumLines(hostile, false).join('\n')).not.toContain('\u001b');
  });
});

test('a report says the same: notes, subspaces, sums and blocks', () => {
  const notes = spectrumNotes(document);
  expect(notes.notices).toHaveLength(1);
  expect(notes.subspaces).toEqual([
    'Of the largest, 3 to 5 cannot be told apart: only the space of their 3 vectors is determined, and it may have more.',
  ]);
  expect(notes.sums.map(([name]) => name)).toEqual([
    'Trace',
    'ln det(A + σI)',
    'Effective dimension',
    'λ < −0.001',
    '|λ| ≤ 0.001',
    'λ > 0.001',
  ]);
  expect(notes.sums[0]?.slice(1)).toEqual([`${trace.toFixed(1)} [225.7, 230.7]`, 'Hutch++, 30 probes']);
  expect(notes.layers.reduce((sum, { trace: own }) => sum + own.value, 0)).toBeCloseTo(trace, 9);
});
