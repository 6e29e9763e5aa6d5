import { expect, test } from 'vitest';
import { batchSharpnessFigure } from '../../../core/figures/batch-sharpness-figure.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

const readings = (values: readonly number[]) => ({
  mean: 5,
  standardError: 0.5,
  quantiles: [1, 3, 5, 7, 9],
  values,
});
const input = {
  batchSize: 32,
  sharpness: readings([1, 3, 5, 7, 9]),
  alongGradient: readings([2, 4, Number.NaN]),
  whole: 4.5,
  threshold: { name: '2/η', value: 8 },
  command: 'saddlescope sampling run --batch-size 32',
};

/** The places of the points of the first layer. */
const dots = (specification: unknown) =>
  (specification as { layer: { data: { values: { v: number | null; name: string }[] } }[] }).layer[0]!.data.values;

test.each(['light', 'dark'] as const)(
  'every batch is a point; what is not finite is left out and told (%s)',
  (theme) => {
    const { specification, caption, alternative, data } = batchSharpnessFigure(input, theme);
    expect(vegaComplaints(specification)).toEqual([]);
    expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
    expect(dots(specification).map(({ v }) => v)).toEqual([1, 3, 5, 7, 9, 2, 4, null]);
    expect(caption).toContain('1 value that is not finite is left out');
    expect(alternative).toContain('mean 5 ± 0.5');
    expect(data.rows).toHaveLength(8);
  },
);

test('a threshold far above would press the points together: it is told instead', () => {
  const near = batchSharpnessFigure(input);
  expect(JSON.stringify(near.specification)).toContain('2/η = 8');
  const far = batchSharpnessFigure({ ...input, threshold: { name: '2/η', value: 800 } });
  expect(JSON.stringify(far.specification)).not.toContain('800');
  expect(far.caption).toContain('2/η = 800 lies outside this figure');
});

test('without any finite number it says so', () => {
  const none = batchSharpnessFigure({ ...input, sharpness: readings([Number.NaN]), alongGradient: readings([]) });
  expect(none.alternative).toContain('Empty chart');
  expect(vegaComplaints(none.specification)).toEqual([]);
});
