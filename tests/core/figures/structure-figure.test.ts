import { expect, test } from 'vitest';
import { structureFigure } from '../../../core/figures/structure-figure.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

const pairs = (...values: number[]) => values.map((value) => ({ value, errorEstimate: 1e-3 }));
const input = {
  classes: 3,
  hessian: pairs(9, 8, 7, 0.5, 0.4, -0.1),
  gaussNewton: pairs(8.5, 7.5, 6.5, 0.4, 0.3, 0.2),
  g1: { eigenvalues: [6, 5, 1e-16], floor: 1e-14 },
  gap: { k: 3, ratio: 14, certain: true },
  command: 'saddlescope structure run',
};

test.each(['light', 'dark'] as const)('every positive eigenvalue has its point, the gap its line (%s)', (theme) => {
  const { specification, caption, data, alternative } = structureFigure(input, theme);
  expect(vegaComplaints(specification)).toEqual([]);
  expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
  const [gap, points] = (specification as { layer: { data: { values: Record<string, unknown>[] } }[] }).layer;
  expect(gap!.data.values[0]).toMatchObject({ k: 3.5, label: 'λₖ/λₖ₊₁ = 14 at k = 3' });
  const of = (series: string) => points!.data.values.filter((one) => one.series === series).map(({ y }) => y);
  expect(of('H')).toEqual([9, 8, 7, 0.5, 0.4]);
  expect(of('G')).toEqual([8.5, 7.5, 6.5, 0.4, 0.3, 0.2]);
  // What is below its rounding is no eigenvalue.
  expect(of('G1')).toEqual([6, 5]);
  expect(caption).toContain('1 eigenvalue that is not positive has no place on this axis.');
  expect(caption).toContain('at k = 3; there are 3 classes.');
  expect(alternative).toContain('The largest gap of H is after rank 3.');
  expect(data.rows.filter(([matrix]) => matrix === 'H')).toHaveLength(6);
});

test('a gap that errors may move is not told as certain; without one there is no line', () => {
  const unsure = structureFigure({ ...input, gap: { ...input.gap, certain: false } });
  expect(unsure.caption).toContain('within errors of another');
  expect(JSON.stringify(unsure.specification)).toContain('(not certain)');
  const none = structureFigure({ ...input, gap: null });
  expect(vegaComplaints(none.specification)).toEqual([]);
  expect(none.caption).toContain('no two positive eigenvalues in a row');
  const empty = structureFigure({
    ...input,
    gap: null,
    hessian: pairs(-1),
    gaussNewton: [],
    g1: { eigenvalues: [], floor: 0 },
  });
  expect(empty.alternative).toContain('Empty chart');
});
