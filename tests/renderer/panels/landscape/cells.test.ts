import { expect, test } from 'vitest';
import type { SliceField } from '../../../../core/analyses/slices/slice.ts';
import { judgedTree } from '../../../../core/fields/persistence.ts';
import {
  coordinatesOfCell,
  distanceFromOrigin,
  nearestCell,
  nearestStep,
} from '../../../../renderer/panels/landscape/cells.ts';
import { featureRows, marksOf } from '../../../../renderer/panels/landscape/marks-of-features.ts';
import {
  certificateAt,
  certificateSentence,
  scaleOfQuantity,
} from '../../../../renderer/panels/landscape/quantities.ts';
import type { ShownLandscape } from '../../../../renderer/state/results.ts';

const axes = [Float64Array.of(-1, 0, 0.5, 2), Float64Array.of(-3, 1), Float64Array.of(0, 1, 4)];
/** Three vectors of ℝ⁴ with all kinds of angles. */
const vectors = [
  [2, 0, 0, 1],
  [1, 1, 0, 0],
  [0, -1, 3, 1],
];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, one, i) => sum + one * b[i]!, 0);
const norm = (a: readonly number[]) => Math.sqrt(dot(a, a));
const cosine = (k: number, l: number) => dot(vectors[k]!, vectors[l]!) / norm(vectors[k]!) / norm(vectors[l]!);
const slice = {
  axes,
  directions: vectors.map((vector) => ({ norm: norm(vector) })),
  cosines: [cosine(0, 1), cosine(0, 2), cosine(1, 2)],
  trajectory: {
    steps: [0, 10, 20],
    coordinates: [Float64Array.of(0, 1, 2), Float64Array.of(0, 0, 1), Float64Array.of(0, 0, 3)],
  },
} as unknown as ShownLandscape['slice'];

test('the distance from the centre is the norm of the sum of the directions, whatever their angles', () => {
  for (const c of [
    [1, 0, 0],
    [0.5, -2, 0.25],
    [-1, 1, 1],
  ]) {
    const sum = vectors[0]!.map((_, i) => c.reduce((total, at, k) => total + at * vectors[k]![i]!, 0));
    expect(distanceFromOrigin(slice, c)).toBeCloseTo(norm(sum), 12);
  }
  expect(distanceFromOrigin(slice, [3])).toBeCloseTo(3 * norm(vectors[0]!), 12);
});

test('cell and coordinates belong together, on axes of different lengths', () => {
  for (let index = 0; index < 24; index++) expect(nearestCell(slice, coordinatesOfCell(slice, index))).toBe(index);
  expect(coordinatesOfCell(slice, 3 + 4 * (1 + 2 * 2))).toEqual([2, 1, 4]);
  expect(nearestCell(slice, [0.3, 5, 2.6])).toBe(2 + 4 * (1 + 2 * 2));
});

test('the nearest checkpoint is that of the shortest way along the slice', () => {
  const shown = { slice, complete: true, newer: null } as ShownLandscape;
  expect(nearestStep(shown, [1, 0, 0])).toEqual({ step: 10, distance: 0 });
  expect(nearestStep(shown, [1.9, 1, 3])?.step).toBe(20);
  expect(nearestStep({ ...shown, slice: { ...slice, trajectory: null } }, [0, 0, 0])).toBeNull();
});

const field = (values: readonly number[], uncertainty: readonly number[] | null = null): SliceField => ({
  quantity: 'lambda_max',
  values: Float64Array.from(values),
  computed: new Uint8Array(values.length).fill(1),
  certificate: uncertainty ? 'residual' : null,
  uncertainty: uncertainty && Float64Array.from(uncertainty),
});

test('certificates are told, the largest of all points, and where they are unknown', () => {
  const known = field([1, 2, 3], [0.1, Number.NaN, 0.25]);
  expect(certificateSentence(known)).toBe('λ max: largest residual 0.25, unknown at 1 point');
  expect(certificateAt(known, 0)).toBe('± 0.1 (residual)');
  expect(certificateSentence(field([1]))).toMatch(/exact up to rounding/);
  expect(scaleOfQuantity('lambda_min', 'own')).toBe('diverging');
  expect(scaleOfQuantity('loss', 'own')).toBe('log');
  expect(scaleOfQuantity('error', 'own')).toBe('linear');
});

test('minima and the pass between them are rows and marks, never certified critical points by a grid alone', () => {
  const x = Float64Array.from({ length: 41 }, (_, i) => -2 + i / 10);
  // (x² − 1)² + x/10: minima near ±1, the deeper one on the left, a maximum between them: a pass of the line.
  const values = Array.from(x, (at) => (at * at - 1) ** 2 + at / 10);
  const quantity = field(values);
  const tree = judgedTree([x], quantity, 'join', { standardError: null, precision: 'float64', threshold: 0.01 });
  const rows = featureRows({ tree, field: quantity, threshold: 0.01 });
  expect(rows.map(({ kind }) => kind).sort()).toEqual(['minimum', 'minimum', 'saddle']);
  const [deepest] = rows.filter(({ essential, kind }) => essential && kind === 'minimum');
  expect(deepest!.coordinates[0]).toBeCloseTo(-1, 5);
  const pass = rows.find(({ kind }) => kind === 'saddle')!;
  expect(Math.abs(pass.coordinates[0]!)).toBeLessThan(0.11);
  for (const { label } of marksOf(rows)) expect(label).toMatch(/^grid (min|pass) /);
});
