import { expect, test } from 'vitest';
import { sliceFigure } from '../../../core/figures/slice-figure.ts';
import { thinGrid } from '../../../core/figures/thin-grid.ts';

const axis = (count: number) => Float64Array.from({ length: count }, (_, i) => i - count / 2);

test('a grid of 1001 × 1001 losses becomes a figure of bounded size with the whole table', () => {
  const n = 1001;
  const values = axis(n);
  const loss = Float64Array.from(
    { length: n * n },
    (_, i) => 1 + values[i % n]! ** 2 + values[Math.floor(i / n)]! ** 2,
  );
  const side = { values, kind: 'random', norm: 1, explained: null, eigenvalue: null };
  const figure = sliceFigure({
    alpha: side,
    beta: side,
    loss,
    computed: new Uint8Array(n * n).fill(1),
    path: null,
    warnings: [],
    formula: 'L',
    command: 'c',
  });
  expect(JSON.stringify(figure.specification).length).toBeLessThan(8e6);
  expect(figure.caption).toMatch(/every 7th point/);
  expect(figure.data.rows).toHaveLength(n * n);
});

test('thinning keeps values with their coordinates', () => {
  const n = 323;
  const values = axis(n);
  const loss = Float64Array.from({ length: n * n }, (_, i) => 1000 * values[Math.floor(i / n)]! + values[i % n]!);
  const thin = thinGrid({ alpha: values, beta: values, loss, computed: loss.map((_, i) => i % 2) });
  expect(thin.stride).toBe(3);
  const columns = thin.alpha.length;
  for (let i = 0; i < thin.loss.length; i++)
    expect(thin.loss[i]).toBe(1000 * thin.beta[Math.floor(i / columns)]! + thin.alpha[i % columns]!);
});
