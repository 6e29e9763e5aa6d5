import { expect, test } from 'vitest';
import {
  endText,
  extentFor,
  farthestFromPlane,
  isInPlane,
  pathOfEscape,
  pathUpTo,
  planeSentence,
  sceneMarksOf,
} from '../../../../renderer/panels/saddles/escape-paths.ts';
import { filteredRows, pointRows, sortedRows, tableOf } from '../../../../renderer/panels/saddles/point-rows.ts';
import {
  labelPlace,
  nearestPoint,
  neighbour,
  scatterLayout,
  sizeOf,
} from '../../../../renderer/panels/saddles/scatter-layout.ts';
import {
  certificateSentence,
  indexText,
  kindCounts,
  natureOf,
  othersSentence,
} from '../../../../renderer/panels/saddles/words.ts';
import { copyCounts, defaultView, mergedPoints, visiblePoints } from '../../../../renderer/state/searches.ts';
import { exampleEscape, examplePoint, exampleSearch, exampleSlice, flatPoint } from './example-search.ts';

const points = [0, 1, 2, 3, 5].map((number) => examplePoint(number));
const size = { width: 500, height: 400 };
const input = {
  points,
  exact: [],
  curve: null,
  dim: 16,
  view: { axis: 'fraction', scale: 'log' },
  counts: copyCounts(points),
} as const;

test('signs stand where index and loss are: linear across, logarithmic or linear up', () => {
  const layout = scatterLayout(input, size)!;
  const [origin, first] = layout.points;
  const along = (fraction: number) => {
    const [a, b] = [layout.points[0]!, layout.points[1]!];
    const slope = (b.x - a.x) / ((b.point.index!.negative - a.point.index!.negative) / 16);
    return a.x + slope * (fraction - a.point.index!.negative / 16);
  };
  for (const { point, x } of layout.points) expect(x).toBeCloseTo(along(point.index!.negative / 16), 6);
  const decade = (placed: { readonly point: { readonly loss: number }; readonly y: number }) => placed.y;
  const slope = (decade(origin!) - decade(first!)) / Math.log10(origin!.point.loss / first!.point.loss);
  for (const { point, y } of layout.points)
    expect(y).toBeCloseTo(origin!.y - slope * Math.log10(origin!.point.loss / point.loss), 6);
  for (const { x, y } of layout.points) {
    expect(x).toBeGreaterThanOrEqual(layout.plot.left);
    expect(x).toBeLessThanOrEqual(layout.plot.right);
    expect(y).toBeGreaterThanOrEqual(layout.plot.top);
    expect(y).toBeLessThanOrEqual(layout.plot.bottom);
  }
  const linear = scatterLayout({ ...input, view: { axis: 'count', scale: 'linear' } }, size)!;
  const [a, b, c] = linear.points;
  expect((a!.y - b!.y) / (a!.point.loss - b!.point.loss)).toBeCloseTo(
    (a!.y - c!.y) / (a!.point.loss - c!.point.loss),
    6,
  );
  expect(linear.xTicks.every(({ text }) => Number.isInteger(Number(text)))).toBe(true);
  expect(linear.yTicks.length).toBeGreaterThan(2);
});

test('a loss that is zero beside the others does not stretch the logarithmic axis', () => {
  const zero = examplePoint(4, { loss: 1e-31 });
  const layout = scatterLayout({ ...input, points: [...points, zero] }, size)!;
  expect(layout.below).toBe(1);
  expect(Math.max(...layout.points.map(({ y }) => y))).toBeLessThanOrEqual(layout.plot.bottom);
  const heights = layout.points.slice(0, -1).map(({ y }) => y);
  expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(15);
});

test('points without an index have no place, and without any there is no picture', () => {
  const unknown = examplePoint(7, { index: null });
  expect(scatterLayout({ ...input, points: [...points, unknown] }, size)!.points).toHaveLength(points.length);
  expect(scatterLayout({ ...input, points: [unknown] }, size)).toBe(null);
});

test('the pointer takes the nearest sign within reach, keys walk by loss', () => {
  const { points: placed, plot } = scatterLayout(input, size)!;
  const [one] = placed;
  expect(nearestPoint(placed, one!.x + 5, one!.y - 5)).toBe(one);
  expect(nearestPoint(placed, 3, 3)).toBe(null);
  const byLoss = [...points].sort((a, b) => a.loss - b.loss);
  expect(neighbour(placed, null, 1)).toBe(byLoss[0]);
  expect(neighbour(placed, byLoss[0]!.number, 1)).toBe(byLoss[1]);
  expect(neighbour(placed, byLoss[0]!.number, -1)).toBe(byLoss[0]);
  expect(neighbour(placed, byLoss[0]!.number, Number.POSITIVE_INFINITY)).toBe(byLoss.at(-1));
  const label = labelPlace(one!, placed, plot);
  expect(label.x).toBeGreaterThan(plot.left);
  expect(sizeOf(1)).toBe(1);
  expect(sizeOf(16)).toBeGreaterThan(sizeOf(2));
});

test('rows are sorted with what is not known last, filtered by numbers and words, and copied with all digits', () => {
  const all = [...points, flatPoint(6), examplePoint(9, { lowest: null, sameAs: 5 })];
  const rows = pointRows(all, copyCounts(all));
  const losses = sortedRows(rows, { column: 'loss', descending: false }).map(({ point }) => point.loss);
  expect(losses).toEqual([...losses].sort((a, b) => a - b));
  for (const descending of [false, true])
    expect(sortedRows(rows, { column: 'lowest', descending }).at(-1)!.point.number).toBe(9);
  expect(rows.find(({ point }) => point.number === 5)!.found).toBe(2);
  const numbers = (filter: string) => filteredRows(rows, filter).map(({ point }) => point.number);
  expect(numbers('gradient-flat')).toEqual([6]);
  expect(numbers('certified, loss > 14.9')).toEqual([0]);
  expect(numbers('r > 0.9')).toEqual([6]);
  expect(numbers('index 8')).toEqual(all.filter(({ index }) => index!.negative === 8).map(({ number }) => number));
  expect(numbers('5')).toEqual([5]);
  expect(numbers('nonsense')).toEqual([]);
  const { columns, cells } = tableOf(rows);
  expect(cells.every((row) => row.length === columns.length)).toBe(true);
  expect(cells[0]![columns.indexOf('loss')]).toBe(15);
});

test('what is said of a point is no more than what is proved', () => {
  expect(indexText(points[0]!.index, true)).toBe('8');
  expect(indexText(points[0]!.index, false)).toBe('≈ 8');
  expect(indexText({ ...points[0]!.index!, negative: 41.3, method: 'quadrature', standardError: 2.6 }, false)).toBe(
    '≈ 41 ± 3',
  );
  expect(indexText(null, false)).toBe('–');
  expect(natureOf(points[0]!)).toBe('saddle');
  expect(natureOf(flatPoint(6))).toBe('point');
  expect(certificateSentence(points[0]!)).toMatch(/^A true critical point lies within 2 × 10⁻¹⁵/);
  expect(certificateSentence(flatPoint(6))).toMatch(
    /^Not a critical point: .* r = 0\.999 in the flat directions of the Hessian .*: ‖∇L‖² is stationary\.$/,
  );
  // Only where the search has found it.
  const flat = { ...flatPoint(6), reason: 'noProgress' as const };
  expect(certificateSentence(flat)).not.toContain('stationary');
  expect(certificateSentence({ ...flat, verdict: 'atInfinity' })).toContain('as far as Newton’s step shows');
  const unproved = examplePoint(1, { certified: false, proof: { ...points[0]!.proof!, h: 3, radius: null } });
  expect(certificateSentence(unproved)).toMatch(/not proved: .* above ½/);
  expect(certificateSentence(examplePoint(1, { certified: false, proof: null, precision: 'float32' }))).toMatch(
    /float32/,
  );
  const counts = kindCounts([...points, flatPoint(6), flatPoint(7)]);
  expect(counts).toMatchObject({ certified: 5, gradientFlat: 2, critical: 0 });
  expect(othersSentence(counts)).toMatch(/^2 starts ended where ∇L is not zero and lies in the flat directions/);
  expect(othersSentence(kindCounts(points))).toBe('');
});

test('copies and other kinds are left out unless they are wanted; later points take the place of earlier ones', () => {
  const copy = examplePoint(12, { sameAs: 1 });
  const all = [...points, copy, flatPoint(6)];
  expect(visiblePoints(all, defaultView)).toHaveLength(6);
  expect(visiblePoints(all, { ...defaultView, copies: true })).toHaveLength(7);
  expect(visiblePoints(all, { ...defaultView, kinds: ['gradientFlat'] }).map(({ number }) => number)).toEqual([6]);
  const judged = examplePoint(1, { loss: 1 });
  expect(mergedPoints(points, [judged]).find(({ number }) => number === 1)).toBe(judged);
  expect(exampleSearch(all).exact).toHaveLength(11);
});

test('a path grows along its drawn length, from the point itself', () => {
  const path = pathOfEscape(exampleEscape().paths[0]!, 15);
  expect([path.alpha[0], path.trueLoss[0]]).toEqual([0, 15]);
  const half = pathUpTo(path, 0.5, [1, 1]);
  expect(half.alpha.at(-1)).toBeCloseTo(0.8, 12);
  expect(half.trueLoss.at(-1)).toBeCloseTo(11, 12);
  const quarter = pathUpTo(path, 0.25, [1, 1]);
  expect(quarter.alpha.at(-1)).toBeCloseTo(0.4, 12);
  expect(quarter.steps.at(-1)).toBeGreaterThan(0);
  expect(pathUpTo(path, 0, [1, 1]).alpha).toEqual([0]);
  expect(pathUpTo(path, 1, [1, 1])).toBe(path);
});

test('how far descent is from the plane is told, and a path at a right angle to it is not drawn', () => {
  const [followed, slice] = [exampleEscape(), exampleSlice()];
  expect(followed.paths.map((path) => isInPlane(path, slice))).toEqual([true, true, false]);
  // √(2² − 1.6²) at the ends.
  expect(farthestFromPlane(followed, slice)!.distance).toBeCloseTo(1.2, 12);
  expect(planeSentence(followed, slice)).toMatch(/up to 1\.2 at 2 from the point/);
  expect(endText(followed.paths[0]!)).toBe('saddle, L 7');
  const marks = sceneMarksOf(examplePoint(0), slice, followed, true);
  expect(marks.map(({ kind, certified }) => [kind, certified])).toEqual([
    ['saddle', true],
    ['saddle', false],
    ['saddle', false],
  ]);
  expect(sceneMarksOf(examplePoint(0), slice, followed, false)).toHaveLength(1);
});

test('the picture reaches as far as the paths, and across them as far as the wall is worth seeing', () => {
  const [followed, slice] = [exampleEscape(), exampleSlice()];
  const [along, across] = extentFor(followed, { ...slice, axes: [Float64Array.of(-9, 9), Float64Array.of(-9, 9)] })!
    .split('x')
    .map((axis) => axis.split(':').map(Number));
  expect(along![0]).toBeCloseTo(-1.92, 4);
  expect(along![1]).toBeCloseTo(1.92, 4);
  // ½ λ h² = 1.5 (15 − 7) with λ = 4.
  expect(across![1]).toBeCloseTo(Math.sqrt(6), 3);
  const fitting = { ...slice, axes: [Float64Array.of(-1.92, 1.92), Float64Array.of(-2.45, 2.45)] };
  expect(extentFor(followed, fitting as typeof slice)).toBe(null);
  expect(extentFor({ ...followed, paths: [] }, slice)).toBe(null);
});
