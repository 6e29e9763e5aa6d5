import { describe, expect, it, test } from 'vitest';
import { judgedTree } from '../../../core/fields/persistence.ts';
import { mergeTreeFigure } from '../../../core/figures/merge-tree-figure.ts';
import { persistenceFigure } from '../../../core/figures/persistence-figure.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';
import { evenAxis, sampled } from '../fields/surface-measures.ts';

const exact = { standardError: null, precision: 'float64' } as const;
const words = {
  quantity: 'loss',
  axisNames: ['α', 'β'],
  formula: 'L(θ + αd₁ + βd₂)',
  command: 'saddlescope slice run',
};

function inputOf(f: (x: number, y: number) => number, count = 81, reach = 1.6, kind: 'join' | 'split' = 'join') {
  const axes = [evenAxis(count, -reach, reach), evenAxis(count, -reach, reach)];
  return { ...words, tree: judgedTree(axes, sampled(axes, f as never), kind, exact) };
}

const doubleWell = inputOf((x, y) => x ** 4 - 2 * x * x + y * y + 0.1 * x);
const rastrigin = inputOf(
  (x, y) => 20 + x * x + y * y - 10 * Math.cos(2 * Math.PI * x) - 10 * Math.cos(2 * Math.PI * y),
  91,
  4.5,
);
const nothing = { ...words, tree: { kind: 'join', neighbourhood: 'all', pairs: [], nodes: [], dropped: 0 } } as const;
const flat = inputOf(() => 1, 5);
const maxima = inputOf((x, y) => 2 * x * x - x ** 4 - y * y + 0.1 * x, 81, 1.6, 'split');
const decades = inputOf((x, y) => 1e-4 + (x * x - 1) ** 2 + y * y);

interface Layer {
  readonly data: { readonly values: readonly Record<string, number | string>[] };
  readonly mark: { readonly type: string };
}
const layersOf = (specification: unknown) => (specification as { layer: readonly Layer[] }).layer;

describe.each([
  ['persistence', persistenceFigure],
  ['merge tree', mergeTreeFigure],
])('the %s figure', (_, figure) => {
  it.each([
    ['two wells', doubleWell],
    ['many wells', rastrigin],
    ['maxima', maxima],
    ['values over decades', decades],
    ['a flat field', flat],
    ['nothing', nothing],
  ])('of %s compiles without a warning, is plain JSON and has words', (__, input) => {
    for (const theme of ['light', 'dark'] as const) {
      const { specification, caption, alternative, data, command } = figure(input, theme);
      expect(vegaComplaints(specification)).toEqual([]);
      expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
      for (const text of [caption, alternative]) {
        expect(text.length).toBeGreaterThan(20);
        expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
      }
      expect(command).toBe('saddlescope slice run');
      for (const row of data.rows) expect(row).toHaveLength(data.columns.length);
      expect(data.rows).toHaveLength(input.tree.pairs.length);
    }
  });
});

test('the persistence diagram has each pair at its two values, with what sampling can make of it', () => {
  const { specification, alternative, data } = persistenceFigure(doubleWell);
  const layers = layersOf(specification);
  const pair = doubleWell.tree.pairs.find(({ essential }) => !essential)!;
  const marks = layers.filter(({ mark }) => mark.type === 'point');
  expect(marks.map((layer) => layer.data.values.length)).toEqual([1, 1]);
  expect(marks[0]!.data.values[0]).toMatchObject({
    birth: pair.birth,
    death: pair.death,
    doubt: pair.birth + pair.sampling,
    verdict: 'beyond noise and sampling',
  });
  expect(alternative).toContain('2 minima beyond noise and sampling');
  // The lowest first: nothing ends it. Numbers of the table are those of the tree.
  const row = Object.fromEntries(data.columns.map((name, i) => [name, data.rows[1]![i]]));
  expect(row).toMatchObject({ kind: 'minimum', value: pair.birth, 'pass value': pair.death, 'whole window': 0 });
  expect(Number(row.α)).toBeCloseTo(1, 1);
});

test('the merge tree joins two leaves at their pass and names their places', () => {
  const { specification, alternative } = mergeTreeFigure(doubleWell);
  const [lines, leaves, labels] = layersOf(specification);
  expect(leaves!.data.values.map(({ x }) => x)).toEqual([0, 1]);
  const pass = doubleWell.tree.nodes.find(({ kind }) => kind === 'saddle')!;
  // Two uprights and two arms at the pass, the stem and its arm of no length above.
  expect(lines!.data.values).toHaveLength(6);
  expect(lines!.data.values.filter(({ y, y2 }) => y === pass.value && y2 === pass.value)).toHaveLength(2);
  // From left to right by α: the deeper well is at −1.
  expect(String(labels!.data.values[0]!.label)).toMatch(/^\(−1/);
  expect(alternative).toContain('joined at one pass');
});

test('of many leaves the most persistent are drawn, the rest is told', () => {
  const { specification, caption, data } = mergeTreeFigure(rastrigin);
  const [, leaves] = layersOf(specification);
  expect(leaves!.data.values).toHaveLength(60);
  expect(new Set(leaves!.data.values.map(({ x }) => x)).size).toBe(60);
  expect(caption).toContain(`${rastrigin.tree.pairs.length - 60} less persistent minima are not drawn.`);
  expect(data.rows.length).toBe(rastrigin.tree.pairs.length);
});

test('maxima are called so, and lie below the diagonal', () => {
  const { specification, title } = persistenceFigure(maxima);
  expect(title).toBe('Persistence of maxima');
  const [mark] = layersOf(specification).filter(({ mark: { type } }) => type === 'point');
  for (const { birth, death } of mark!.data.values) expect(Number(death)).toBeLessThan(Number(birth));
});
