// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Approximations, SharpnessMeasure } from '../../../../core/analyses/structure/structure.ts';
import type { ExperimentDescription } from '../../../../core/protocol/methods.ts';
import { ApproximationSection } from '../../../../renderer/panels/curvature/approximation-section.tsx';
import { formulaPieces } from '../../../../renderer/panels/curvature/formula.tsx';
import { hessianThreshold } from '../../../../renderer/panels/curvature/hessian-threshold.ts';
import { resultAt } from '../../../../renderer/panels/curvature/result-at.ts';
import { SharpnessSection } from '../../../../renderer/panels/curvature/sharpness-section.tsx';
import { settingsText, shareText } from '../../../../renderer/panels/curvature/texts.ts';
import type { Run } from '../../../../renderer/state/runs.ts';

const text = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test('the latest result at or before the cursor is shown, never a later one', () => {
  const results = [{ step: 10 }, { step: 50 }, { step: 90 }];
  expect(resultAt(results, null)?.step).toBe(90);
  expect(resultAt(results, 89)?.step).toBe(50);
  expect(resultAt(results, 50)?.step).toBe(50);
  expect(resultAt(results, 9)).toBe(null);
  expect(resultAt([], null)).toBe(null);
});

test('a share without a resolved gap is no number', () => {
  expect(shareText({ value: 0.25, error: 1 })).toBe(null);
  expect(shareText({ value: 0.25, error: 1e-9 })).toBe('25 %');
  expect(shareText({ value: 0.25, error: 0.02 })).toBe('25.0 ± 2 %');
  expect(settingsText({ radius: 0.05, sigma: 0.002, pairs: 30 })).toBe('ρ = 0.05, σ = 0.002, pairs = 30');
});

test('the threshold is that of the step size at the step, and only where it speaks of the Hessian', () => {
  const run = (optimizer: object) =>
    ({
      description: { experiment: { optimizer } } as unknown as ExperimentDescription,
      series: {
        updates: {
          names: ['step', 'learningRate'],
          length: 3,
          data: { step: [0, 10, 20], learningRate: [0.5, 0.25, 0.1] },
        },
      },
    }) as unknown as Run;
  const descent = { kind: 'gradientDescent', settings: { learningRate: 0.5 } };
  expect(hessianThreshold(run(descent), 0)?.value).toBeCloseTo(4, 12);
  expect(hessianThreshold(run(descent), 19)?.value).toBeCloseTo(8, 12);
  expect(hessianThreshold(run(descent), null)?.value).toBeCloseTo(20, 12);
  expect(hessianThreshold(run({ kind: 'adam', settings: { learningRate: 0.5 } }), 0)).toBe(null);
  expect(hessianThreshold({ ...run(descent), description: null }, 0)).toBe(null);
});

test('every sharpness stands with its definition, its certificate and what it is invariant to', () => {
  const measure: SharpnessMeasure = {
    name: 'largest eigenvalue',
    formula: 'λ_max(H)',
    value: 12.5,
    certificate: 'residual',
    error: 0.01,
    interval95: null,
    scaleInvariant: false,
    settings: {},
  };
  const measures: SharpnessMeasure[] = [
    measure,
    { ...measure, name: 'SAM', certificate: 'lowerBound', settings: { radius: 0.05 }, scaleInvariant: true },
    { ...measure, name: 'trace', certificate: 'standardError', interval95: [10, 15] },
  ];
  const shown = text(renderToStaticMarkup(<SharpnessSection measures={measures} status="budgetSpent" />));
  expect(shown).toContain('not converged');
  expect(shown).toMatch(/largest eigenvalue 12\.500? ± 0\.01 by its residual no λ max \(H\)/);
  expect(shown).toMatch(/SAM 12\.500? ± 0\.01 a lower bound; ± rounding yes λ max \(H\) ; ρ = 0\.05/);
  expect(shown).toMatch(/trace 12\.500? ± 0\.01 95 %: 10 … 15 no λ max \(H\)/);
});

test('what follows an underscore stands below the line', () => {
  const pieces = (formula: string) =>
    formulaPieces(formula).map(({ text: piece, isLow }) => (isLow ? `[${piece}]` : piece));
  expect(pieces('Σ_c w_c δ_{c,c′} of λ_max(H)')).toEqual([
    'Σ',
    '[c]',
    ' w',
    '[c]',
    ' δ',
    '[c,c′]',
    ' of λ',
    '[max]',
    '(H)',
  ]);
  expect(pieces('δ_c δ_cᵀ')).toEqual(['δ', '[c]', ' δ', '[c]', 'ᵀ']);
  expect(pieces('tr H')).toEqual(['tr H']);
});

test('approximations without a gap or without a positive definite matrix say so instead of a number', () => {
  const approximations: Approximations = {
    damping: 0.1,
    asymmetry: 1e-16,
    kfac: null,
    qualities: [
      {
        name: 'kfac',
        of: 'hessian',
        definition: 'A ⊗ B a layer',
        frobeniusError: 0.5,
        traceError: 0,
        largestRatio: 0.75,
        topCosine: { value: 0.3, error: 1 },
        stepCosine: null,
      },
    ],
  };
  const shown = text(renderToStaticMarkup(<ApproximationSection approximations={approximations} status="converged" />));
  expect(shown).toContain('K-FAC 50 % 0.7500 no gap – A ⊗ B a layer');
});
