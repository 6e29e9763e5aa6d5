import { describe, expect, it } from 'vitest';
import type { SearchedPoint, Verdict } from '../../../core/analyses/saddles/saddle.ts';
import {
  certifiedSentence,
  escapeLossFigure,
  levelsOf,
  type SearchText,
  searchFigure,
  searchFigures,
  searchFigureTitles,
} from '../../../core/experiment/search-figures.ts';
import { lossConvention } from '../../../core/objective/loss-convention.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

const stats = { products: 10, gradients: 5, losses: 0, seconds: 0.1 };
const point = (number: number, loss: number, verdict: Verdict, certified = false): SearchedPoint => ({
  ...{ number, loss, verdict, certified, stats },
  gradientNormSquared: verdict === 'critical' ? 1e-20 : 1e-6,
  residual: verdict === 'critical' ? null : 0.97,
  proof: null,
  index: { negative: number, null: 1, positive: 9 - number, tolerance: 1e-7, method: 'dense', standardError: null },
  ...{ smallest: null, lowest: null, highest: null, zeroModes: null },
  eigenvalues: Array.from({ length: 10 }, (_, i) => i - number),
  ...{ precision: 'float64', norm: 1, polishedBy: 0, moved: 1 },
  start: { number, kind: 'random', step: null, noise: 0, scale: 1 },
  reason: verdict === 'critical' ? 'gradientTolerance' : 'stationary',
  status: verdict === 'critical' ? 'converged' : 'stagnated',
  iterations: 30,
  history: [1, 1e-3, verdict === 'critical' ? 1e-20 : 1e-6],
  sameAs: null,
});

const document: SearchText = {
  finder: 'newton-mr',
  from: 'random',
  starts: 7,
  points: [
    point(0, 0.1, 'critical', true),
    point(1, 0.5, 'critical', true),
    { ...point(2, 0.5, 'critical', true), sameAs: 1 },
    point(3, 0.9, 'critical'),
    point(4, 1.2, 'gradientFlat'),
    point(5, 2.5, 'notConverged'),
  ],
  tolerance: 1e-16,
  dim: 10,
  examples: 8,
  convention: lossConvention('halfSquaredError'),
  engine: 'closed form',
  precision: 'float64',
  exact: null,
  warnings: [],
  saddlescope: '0.1.0',
  experiment: 'x',
  step: null,
  seed: 1,
  mode: 'inference',
  data: { name: 'd', source: 's', examples: 8, sha256: 'a' },
  status: 'converged',
  advice: '',
  stats,
  command: 'saddlescope saddles x.yaml',
};

describe('figures of a search', () => {
  it('are known by their names, compile, and carry the command', () => {
    for (const id of Object.keys(searchFigureTitles) as (keyof typeof searchFigureTitles)[]) {
      const figure = searchFigure(document, id)!;
      expect(vegaComplaints(figure.specification)).toEqual([]);
      expect(figure.command).toBe(document.command);
      expect(figure.references.length).toBeGreaterThan(0);
    }
    expect(searchFigures(document).map(({ id }) => id)).toEqual([
      'index-loss',
      'eigenvalue-histograms',
      'gradient-histories',
    ]);
    expect(searchFigure(document, 'point-spectrum', 'light', { point: 4 })!.caption).toContain('point 4: 4 negative');
  });

  it('say how few are certified, and never call the others critical points', () => {
    expect(certifiedSentence(document)).toBe(
      '3 of 6 points are certified, 2 of them distinct: a true critical point lies within a proved radius, and no eigenvalue crosses zero there. 1 more has ‖∇L‖² below 1e−16 without a proof. The others are no critical points as far as is known: 1 gradient-flat, 1 not converged. 1 start was not reached.',
    );
    const none = { ...document, starts: 1, points: [point(4, 1.2, 'gradientFlat')] };
    expect(certifiedSentence(none)).toContain('None of 1 point is certified');
    expect(searchFigure(none, 'index-loss')!.caption).toContain('None of 1 point is certified');
  });

  it('take the levels of the loss from the best proved points', () => {
    expect(levelsOf(document.points).map(({ number }) => number)).toEqual([0, 1, 3]);
    const flat = [0.3, 2, 1].map((loss, i) => point(i, loss, 'gradientFlat'));
    expect(levelsOf(flat).map(({ loss }) => loss)).toEqual([0.3, 1, 2]);
    expect(levelsOf([{ ...point(1, 1, 'critical'), eigenvalues: null }])).toEqual([]);
  });

  it('have curves of theory where they are asked for, told as what they are', () => {
    const { caption, data, specification } = searchFigure(document, 'index-loss', 'dark', {
      theory: true,
      aspect: 0.25,
    })!;
    expect(vegaComplaints(specification)).toEqual([]);
    expect(caption).toContain('fitted to the 6 points drawn');
    expect(caption).toContain('A comparison of shapes, not a fit.');
    const curve = data.rows.filter(([set]) => set === 'Pennington–Bahri, φ = 0.25');
    // Up to the highest loss of a point.
    expect(curve.at(-1)![2]).toBeCloseTo(2.5, 12);
    expect(searchFigure(document, 'index-loss')!.caption).not.toContain('fitted');
  });

  it('are none where nothing is known yet', () => {
    const empty = { ...document, points: [] };
    expect(searchFigures(empty).map(({ id }) => id)).toEqual(['index-loss']);
    expect(searchFigure(empty, 'point-spectrum')).toBeNull();
    expect(vegaComplaints(searchFigures(empty)[0]!.specification)).toEqual([]);
  });
});

it('the loss along an escape has the sentence of the analysis', () => {
  const { saddlescope, experiment, step, seed, mode, data, status, advice, command } = document;
  const head = { saddlescope, experiment, step, seed, mode, data, status, advice, command, stats };
  const figure = escapeLossFigure({
    ...head,
    ...{
      loss: 1,
      gradientNormSquared: 0,
      negativeFound: 0,
      lowest: { value: 1, residual: 0 },
      offset: 0.1,
      sentence: 'No way down.',
      paths: [],
    },
    ...{ precision: 'float64', engine: 'closed form' },
  });
  expect(figure.caption).toContain('No way down.');
  expect(vegaComplaints(figure.specification)).toEqual([]);
});
