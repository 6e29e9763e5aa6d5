import { describe, expect, it, test } from 'vitest';
import {
  fittedCurve,
  type IndexLossFigureInput,
  type IndexLossKind,
  indexLossFigure,
  penningtonBahriCurve,
} from '../../../core/figures/index-loss-figure.ts';
import { type PointSpectrumInput, pointSpectrumFigure } from '../../../core/figures/point-spectrum-figure.ts';
import { brayDeanLoss } from '../../../core/linalg/random-matrices/bray-dean.ts';
import { penningtonBahriCriticalEnergy } from '../../../core/linalg/random-matrices/pennington-bahri.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

const kinds: IndexLossKind[] = [
  { name: 'certified', shape: 'circle', filled: true, colour: 2 },
  { name: 'critical', shape: 'circle', filled: false, colour: 4 },
  { name: 'gradient-flat', shape: 'triangle-up', filled: false, colour: null },
];
const dim = 50;
const point = (number: number, kind: string, negative: number, loss: number) => ({
  ...{ number, kind, negative, loss },
  standardError: null,
  gradientNorm: 1e-9,
  certified: kind === 'certified',
});
const input: IndexLossFigureInput = {
  points: [
    point(1, 'certified', 0, 0.1),
    point(2, 'certified', 3, 0.4),
    point(3, 'gradient-flat', 6, 0.9),
    point(4, 'gradient-flat', 7, 1.1),
    point(5, 'gradient-flat', 2, 0.3),
  ],
  kinds,
  dim,
  axis: 'fraction',
  scale: 'log',
  exact: [{ name: '{1}', loss: 0.4, negative: 3 }],
  theory: true,
  curves: [penningtonBahriCurve(0.25, 1)],
  caption: 'Of 5 searches.',
  command: 'saddlescope saddles run',
};

/** The legend of points: name, shape and filling. */
function legendOf(figure: ReturnType<typeof indexLossFigure>) {
  const { layer } = figure.specification as { layer: { encoding: Record<string, unknown> }[] };
  const scale = (channel: string) =>
    (layer.at(-1)!.encoding[channel] as { scale: { domain: string[]; range: string[] } }).scale;
  const { domain, range } = scale('shape');
  return domain.map((name, i) => ({
    name,
    shape: range[i],
    ink: scale('stroke').range[i],
    fill: scale('fill').range[i],
  }));
}

describe('index against loss', () => {
  it('counts the points of each kind in the legend, those known exactly apart', () => {
    const legend = legendOf(indexLossFigure(input));
    expect(legend.map(({ name }) => name)).toEqual(['2 certified', '3 gradient-flat', '1 known exactly']);
    const counted = legend.slice(0, 2).map(({ name }) => Number.parseInt(name, 10));
    expect(counted.reduce((a, b) => a + b)).toBe(input.points.length);
  });

  it('tells kinds by shape or filling as well as by colour, and fills what is proved alone', () => {
    const legend = legendOf(
      indexLossFigure({ ...input, points: kinds.map(({ name }, i) => point(i, name, i, 1 + i)) }),
    );
    expect(new Set(legend.slice(0, 3).map(({ shape, fill }) => `${shape} ${fill === 'transparent'}`)).size).toBe(3);
    expect(legend.map(({ fill }) => fill !== 'transparent')).toEqual([true, false, false, false]);
  });

  it('fits Bray and Dean and says so; the other curve is of its own scale', () => {
    const scale = { lowest: 0.1, middle: 3 };
    const points = [0, 1, 4, 9, 12].map((negative) => ({ negative, loss: brayDeanLoss(negative / dim, scale) }));
    const curve = fittedCurve(points, dim)!;
    expect(curve.points[0]!.loss).toBeCloseTo(0.1, 10);
    expect(curve.residual).toBeLessThan(1e-12);
    const { caption } = indexLossFigure(input);
    expect(caption).toContain('fitted to the 5 points drawn');
    expect(caption).toContain('A comparison of shapes, not a fit.');
    const theory = penningtonBahriCurve(0.25, 1);
    expect(theory.points[0]).toEqual({ fraction: 0, loss: penningtonBahriCriticalEnergy(0.25) });
    expect(penningtonBahriCurve(0.25, 0.01).points).toEqual([]);
  });

  it('has every point and every curve in its table', () => {
    const { data } = indexLossFigure(input);
    const sets = data.rows.map(([set]) => String(set));
    expect(sets.filter((set) => kinds.some(({ name }) => name === set)).length).toBe(5);
    for (const set of ['exact {1}', 'Bray–Dean', 'Pennington–Bahri, φ = 0.25']) expect(sets).toContain(set);
  });

  test.each(['light', 'dark'] as const)('compiles without a complaint (%s)', (theme) => {
    const { curves: _, ...plain } = input;
    for (const changed of [
      input,
      { ...plain, theory: false, exact: [], scale: 'linear' as const, axis: 'count' as const },
      { ...input, points: [] },
      { ...input, points: [point(1, 'critical', 0, 0), point(2, 'critical', 1, 1)] },
    ]) {
      const { specification, caption, alternative } = indexLossFigure(changed, theme);
      expect(vegaComplaints(specification)).toEqual([]);
      expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
      for (const text of [caption, alternative]) expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
    }
  });
});

describe('eigenvalues of one point in order', () => {
  const spectrum: PointSpectrumInput = {
    name: 'point 47',
    eigenvalues: [-0.1, -0.02, -1e-12, 0, 1e-11, 0.003, 1, 10],
    negative: 2,
    null: 3,
    positive: 3,
    tolerance: 1e-6,
    command: 'saddlescope saddles run',
  };

  it('counts the signs in the legend as the point does', () => {
    const figure = pointSpectrumFigure(spectrum);
    const { encoding } = figure.specification as { encoding: { color: { scale: { domain: string[] } } } };
    expect(encoding.color.scale.domain).toEqual(['2 negative', '3 zero', '3 positive']);
    expect(figure.data.rows.map(([, , sign]) => sign)).toEqual([
      'negative',
      'negative',
      'zero',
      'zero',
      'zero',
      'positive',
      'positive',
      'positive',
    ]);
  });

  test.each(['light', 'dark'] as const)('compiles without a complaint (%s)', (theme) => {
    for (const changed of [
      spectrum,
      { ...spectrum, eigenvalues: [], negative: 0, null: 0, positive: 0 },
      { ...spectrum, eigenvalues: [0, 0], negative: 0, null: 2, positive: 0 },
      { ...spectrum, eigenvalues: [1, 2, 3], negative: 0, null: 0, positive: 3 },
    ])
      expect(vegaComplaints(pointSpectrumFigure(changed, theme).specification)).toEqual([]);
  });
});
