import { describe, expect, it, test } from 'vitest';
import {
  binEdges,
  type EigenvalueHistogramInput,
  eigenvalueHistogramFigure,
  histogram,
  lawEdges,
} from '../../../core/figures/eigenvalue-histogram-figure.ts';
import { type EscapeFigureInput, escapeFigure } from '../../../core/figures/escape-figure.ts';
import type { Figure } from '../../../core/figures/figure.ts';
import {
  type GradientHistoryInput,
  gradientHistoryFigure,
  residualClass,
} from '../../../core/figures/gradient-history-figure.ts';
import { indexCurve, randomLandscapeFigure } from '../../../core/figures/random-landscape-figure.ts';
import { penningtonBahriCriticalEnergy } from '../../../core/linalg/random-matrices/pennington-bahri.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

const command = 'saddlescope saddles run';
const nan = Number.NaN;

/** Compiles, is plain JSON, and says nothing that is not a word or a number. */
function expectSound({ specification, caption, alternative, data }: Figure) {
  expect(vegaComplaints(specification)).toEqual([]);
  expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
  for (const text of [caption, alternative]) expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
  // How many columns a legend has is for the layout of the page: a narrow one has room for fewer.
  expect(JSON.stringify({ ...specification, config: {} })).not.toContain('"columns"');
  for (const row of data.rows) {
    expect(row.length).toBe(data.columns.length);
    for (const cell of row) expect(typeof cell === 'number' ? Number.isFinite(cell) : true).toBe(true);
  }
}

/** What stands in the legends: the domains of all nominal scales. */
const legends = ({ specification }: Figure): string[] => [
  ...new Set(
    [...JSON.stringify(specification).matchAll(/"type":"nominal","scale":\{"domain":(\[[^\]]*\])/g)].flatMap(
      ([, domain]) => JSON.parse(domain!) as string[],
    ),
  ),
];

const leadingCount = (label: string): number => Number(/^\d+/.exec(label)?.[0]);

describe('histograms of eigenvalues', () => {
  const level = (name: string, loss: number, eigenvalues: number[]) => ({
    name,
    loss,
    verdict: 'certified',
    eigenvalues,
    tolerance: 1e-7,
  });
  const input: EigenvalueHistogramInput = {
    levels: [
      level('point 3', 0.1, [0.01, 0.5, 1, 1, 9]),
      level('point 1', 0.4, [-0.5, -1e-9, 0, 2e-9, 0.5, 4]),
      level('point 7', 1.5, [-3, -2, -1, 0, 0, 1, 2, 8]),
    ],
    edges: true,
    command,
  };

  it('count every eigenvalue once, and no bin reaches across zero', () => {
    const edges = binEdges([-3, 9], 40);
    expect(edges).toContain(0);
    expect(edges[0]!).toBeLessThanOrEqual(-3);
    expect(edges.at(-1)!).toBeGreaterThanOrEqual(9);
    const bins = histogram([-3, -1e-12, 0, 8.9999, 9], edges);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(5);
    const below = bins.filter(({ to }) => to <= 0).reduce((sum, { count }) => sum + count, 0);
    expect(below).toBe(2);
    for (const values of [[1], [0, 0], [-2, -2], []]) {
      const at = histogram(values, binEdges(values, 10));
      expect(at.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
    }
  });

  it('have as many in their table as there are eigenvalues', () => {
    const { data } = eigenvalueHistogramFigure(input);
    for (const { name, eigenvalues } of input.levels) {
      const own = data.rows.filter(([point]) => point === name);
      expect(own.reduce((sum, row) => sum + Number(row.at(-1)), 0)).toBe(eigenvalues.length);
      // Null ones, whatever sign rounding gives them, are not among the negative.
      const below = own.filter((row) => Number(row[4]) <= 0).reduce((sum, row) => sum + Number(row.at(-1)), 0);
      expect(below).toBe(eigenvalues.filter((value) => value < -1e-7).length);
    }
  });

  it('are bounded by the laws of the same mean and variance', () => {
    // Mean 1, variance ¼: a semicircle from 0 to 2, a Marchenko–Pastur law of φ = ¼ from ¼ to 2¼.
    expect(lawEdges([0.5, 1.5])).toEqual([
      { law: 'semicircle', at: 0 },
      { law: 'semicircle', at: 2 },
      { law: 'Marchenko–Pastur', at: 0.25 },
      { law: 'Marchenko–Pastur', at: 2.25 },
    ]);
    for (const values of [
      [-1, 1],
      // Of mean zero but for rounding: no Marchenko–Pastur law, and none that ends at 10¹⁶.
      [-4, 4 + 1e-15],
      [-0.1, 3, 5],
    ])
      expect(lawEdges(values).map(({ law }) => law)).toEqual(['semicircle', 'semicircle']);
  });

  it('keep the axis to the spectrum, however far a law would reach', () => {
    // A spike of 100 among 200 zeros and one 1: φ = 100, an end at 60 times the mean.
    const far = level('point 5', 1, [...new Array(200).fill(0), 1, 100]);
    const { specification } = eigenvalueHistogramFigure({ ...input, levels: [far] });
    const [plot] = specification.vconcat as { layer: { encoding: { x: { scale: { domain: number[] } } } }[] }[];
    const [low, high] = plot!.layer[0]!.encoding.x.scale.domain as [number, number];
    expect(low).toBeGreaterThan(-30);
    expect(high).toBeLessThan(130);
  });

  test.each(['light', 'dark'] as const)('compile without a complaint (%s)', (theme) => {
    expectSound(eigenvalueHistogramFigure(input, theme));
    expectSound(eigenvalueHistogramFigure({ ...input, edges: false, levels: input.levels.slice(0, 1) }, theme));
    expectSound(eigenvalueHistogramFigure({ ...input, levels: [] }, theme));
    expectSound(eigenvalueHistogramFigure({ ...input, levels: [level('point 2', 1, [0, 0])] }, theme));
    expectSound(eigenvalueHistogramFigure({ ...input, levels: [level('point 2', 1, [nan])] }, theme));
  });
});

describe('histories of the gradient norm', () => {
  const history = (number: number, end: number, residual: number | null) => ({
    number,
    values: [1, 1e-2, end],
    iterations: 20,
    residual,
  });
  const input: GradientHistoryInput = {
    histories: [
      history(1, 1e-20, null),
      history(2, 1e-18, null),
      history(3, 1e-5, 0.99),
      history(4, 1e-4, 0.9),
      history(5, 1e-3, 0.2),
    ],
    tolerance: 1e-16,
    command,
  };

  it('are counted by r in the legend, all of them', () => {
    const labels = legends(gradientHistoryFigure(input));
    expect(labels).toEqual([
      '2: no r: ‖∇L‖ at its floor',
      '1: r ≤ 0.5',
      '1: 0.5 < r ≤ 0.9',
      '1: r > 0.9, gradient-flat',
    ]);
    expect(labels.map(leadingCount).reduce((a, b) => a + b)).toBe(input.histories.length);
    expect(residualClass(0.9)).toBe('0.5 < r ≤ 0.9');
    expect(residualClass(0.91)).toBe('r > 0.9, gradient-flat');
  });

  it('stand at their iterations in the table', () => {
    const { data, caption } = gradientHistoryFigure(input);
    expect(data.rows.filter(([point]) => point === 1).map(([, at]) => at)).toEqual([0, 10, 20]);
    expect(caption).toContain('of 5 searches, of which 2 end at or below the tolerance 10⁻¹⁶');
  });

  test.each(['light', 'dark'] as const)('compile without a complaint (%s)', (theme) => {
    expectSound(gradientHistoryFigure(input, theme));
    expectSound(gradientHistoryFigure({ ...input, histories: [] }, theme));
    const odd = { number: 1, values: [0, nan, Number.POSITIVE_INFINITY, 1e-3], iterations: 3, residual: nan };
    expectSound(gradientHistoryFigure({ ...input, histories: [odd] }, theme));
  });
});

describe('losses along escapes', () => {
  const path = (direction: number, sign: 1 | -1, kind: 'minimum' | 'saddle' | 'moving') => ({
    direction,
    sign,
    eigenvalue: -0.5 / (direction + 1),
    losses: Float64Array.of(2, 1, 0.5),
    steps: Float64Array.of(0, 10, 30),
    distances: Float64Array.of(0.01, 1, 1.5),
    end: { kind, gradientNormSquared: 1e-18, lowest: kind === 'moving' ? null : { value: 0.1, residual: 1e-9 } },
  });
  const input: EscapeFigureInput = {
    paths: [path(0, 1, 'minimum'), path(0, -1, 'minimum'), path(1, 1, 'saddle'), path(1, -1, 'moving')],
    loss: 2,
    along: 'distance',
    sentence: 'Of 4 descents along negative directions, 2 at a minimum.',
    command,
  };

  it('have a name a path and a count a kind of end', () => {
    const labels = legends(escapeFigure(input));
    expect(labels.slice(0, 4)).toEqual(['v₁ +, λ = −0.5', 'v₁ −, λ = −0.5', 'v₂ +, λ = −0.25', 'v₂ −, λ = −0.25']);
    expect(labels.slice(4)).toEqual(['2 at a minimum', '1 at another saddle', '1 at no end: still moving']);
  });

  it('are told by distance or by step, with all numbers in the table', () => {
    const { data, caption, id } = escapeFigure({ ...input, along: 'step' });
    expect(id).toBe('escape-by-step');
    expect(data.rows.length).toBe(12);
    expect(data.rows[1]).toEqual([1, 1, -0.5, 10, 1, 1]);
    expect(caption).toContain('v₁ +, λ = −0.5: minimum, L = 0.5, ‖∇L‖² = 10⁻¹⁸, λ_min = 0.1000000 ± 10⁻⁹.');
  });

  test.each(['light', 'dark'] as const)('compile without a complaint (%s)', (theme) => {
    for (const along of ['distance', 'step'] as const) {
      expectSound(escapeFigure({ ...input, along }, theme));
      expectSound(escapeFigure({ ...input, along, paths: input.paths.slice(0, 1) }, theme));
      const far = { ...path(0, 1, 'minimum'), losses: Float64Array.of(2, 1e-3, 1e-6) };
      expectSound(escapeFigure({ ...input, along, paths: [far] }, theme));
      const broken = { ...path(0, 1, 'moving'), losses: Float64Array.of(2, 1, nan) };
      expectSound(escapeFigure({ ...input, along, paths: [broken] }, theme));
      expectSound(escapeFigure({ ...input, along, paths: [] }, theme));
    }
  });
});

describe('random landscapes', () => {
  it('begin at the critical energy and rise from there', () => {
    const critical = penningtonBahriCriticalEnergy(0.25);
    const curve = indexCurve(0.25, 1);
    expect(curve[0]!.energy).toBeGreaterThan(critical);
    expect(curve.at(-1)!.energy).toBeCloseTo(1, 12);
    for (let i = 1; i < curve.length; i++) expect(curve[i]!.alpha).toBeGreaterThan(curve[i - 1]!.alpha);
    expect(indexCurve(0.25, critical / 2)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('compile without a complaint (%s)', (theme) => {
    const figure = randomLandscapeFigure({ aspects: [1 / 16, 1 / 4, 1 / 2], highest: 1, command }, theme);
    expectSound(figure);
    expect(legends(figure)).toEqual(['φ = 0.0625', 'φ = 0.25', 'φ = 0.5']);
    expectSound(randomLandscapeFigure({ aspects: [1 / 4], highest: 1e-6, command }, theme));
  });
});
