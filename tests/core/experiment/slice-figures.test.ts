import { describe, expect, test } from 'vitest';
import type { SliceDirection, SliceField } from '../../../core/analyses/slices/slice.ts';
import { type DrawnSlice, fidelityFigureOf, sliceFigureOf } from '../../../core/experiment/slice-figures.ts';
import { sliceQuantity } from '../../../core/experiment/slice-quantity.ts';

const direction = (kind: string): SliceDirection => ({
  kind,
  norm: 2,
  eigenvalue: null,
  residual: null,
  explained: null,
});
const axis = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i / (count - 1));

/** Point i of the quantity is i, or `of(i)`. */
const field = (quantity: string, points: number, of = (i: number) => i, certificate = false): SliceField => ({
  quantity,
  values: Float64Array.from({ length: points }, (_, i) => of(i)),
  computed: new Uint8Array(points).fill(1),
  certificate: certificate ? '95 % half-width' : null,
  uncertainty: certificate ? new Float64Array(points).fill(0.5) : null,
});

const slice = (sizes: readonly number[], some: Partial<DrawnSlice> = {}): DrawnSlice => {
  const points = sizes.reduce((product, size) => product * size, 1);
  return {
    plane: 'random',
    axes: sizes.map(axis),
    directions: sizes.map(() => direction('filter-normalised random')),
    fields: [field('loss', points)],
    trajectory: null,
    on: 'train',
    statistics: 'experiment',
    convention: { formula: 'L' } as DrawnSlice['convention'],
    command: 'saddlescope slice run',
    ...some,
  };
};

describe('a slice as a figure, by its shape', () => {
  test('a line shows every quantity, classes together, and a barrier between its ends alone', () => {
    const fields = [
      field('loss', 5, (i) => [0, 2, 3, 1, 0][i]!),
      field('class_loss_0', 5),
      field('class_loss_1', 5),
      field('index', 5, (i) => i, true),
    ] as const;
    const between = sliceFigureOf(slice([5], { plane: 'difference', directions: [direction('difference')], fields }));
    expect(between.id).toBe('loss-line-difference');
    expect(between.specification.vconcat).toHaveLength(3);
    expect(new Set(between.data.rows.map(([quantity, line]) => `${quantity} ${line}`))).toEqual(
      new Set(['loss Loss', 'index Index', 'class_loss class 0', 'class_loss class 1']),
    );
    // The most above the chord, which is zero, is 3, in the middle.
    expect(between.caption).toMatch(/barrier of the loss, .*, is 3.*α = 0\.5/);
    expect(between.caption).toMatch(/95 % half-width of the index has the median 0\.5/);
    // Of the losses, not of the index.
    expect(between.caption.match(/The barrier of|nowhere lies above the chord/g)).toHaveLength(3);
    expect(between.caption).not.toMatch(/(barrier of the|The) index/);
    const one = sliceFigureOf(slice([5], { plane: 'difference', directions: [direction('difference')], fields }), {
      quantity: 'index',
    });
    expect(new Set(one.data.rows.map(([quantity]) => quantity))).toEqual(new Set(['index']));
    // A scaled difference does not lead to the other point.
    const scaled = sliceFigureOf(
      slice([5], { plane: 'difference', directions: [direction('filter-normalised difference')], fields }),
    );
    expect(scaled.caption).not.toMatch(/barrier/);
  });

  test('a plane shows the quantity that is asked for, with its clip and marks, and refuses what it does not have', () => {
    const plane = slice([4, 3], { fields: [field('loss', 12), field('lambda_max', 12, (i) => 5 - i)] });
    const figure = sliceFigureOf(plane, {
      quantity: 'lambda_max',
      clip: { high: 3 },
      marks: [{ kind: 'saddle', certified: false, alpha: 0.5, beta: 0.5, label: 'pass' }],
    });
    expect(figure.id).toBe('lambda-max-plane-random');
    expect(figure.title).toBe('Largest eigenvalue on a plane');
    const column = figure.data.columns.indexOf('lambda_max');
    expect(figure.data.rows.map((row) => row[column])).toEqual(Array.from(plane.fields[1]!.values));
    // 5 and 4 lie above 3.
    expect(figure.caption).toMatch(/blue below zero.*2 cells above 3\.?0*, as far as 5/);
    expect(JSON.stringify(figure.specification)).toContain('pass');
    expect(sliceFigureOf(plane).id).toBe('loss-plane-random');
    expect(() => sliceFigureOf(plane, { quantity: 'error' })).toThrow(/no quantity error/);
  });

  test('a volume shows three sections: the values at its centre planes', () => {
    const figure = sliceFigureOf(slice([4, 3, 2]), {});
    expect(figure.id).toBe('loss-volume-random');
    const rows = figure.data.rows.map(([a, b, c, value]) => [a, b, c, value] as number[]);
    // 4 × 3 at γ = 0, 4 × 2 at β = 0, 3 × 2 at α = 0.
    expect(rows).toHaveLength(12 + 8 + 6);
    for (const [a, b, c, value] of rows) expect(value).toBeCloseTo(3 * a! + 4 * (2 * b! + 3 * c!), 12);
  });

  test('a path comes with how faithful it is; without one there is no such figure', () => {
    const steps = [0, 10, 20];
    const trajectory = {
      steps,
      coordinates: [Float64Array.of(1, 0.5, 0), Float64Array.of(0, 0.2, 0)],
      distance: Float64Array.of(0.6, 0.3, 0),
      length: Float64Array.of(1, 0.5, 0),
      trueLoss: Float64Array.of(3, 2, 1),
      projectedLoss: Float64Array.of(3.5, 2.2, 1),
    };
    const figure = fidelityFigureOf(slice([4, 3], { trajectory, plane: 'gradient,random' }))!;
    expect(figure.id).toBe('trajectory-fidelity-gradient-random');
    expect(figure.data.rows.map((row) => row[5])).toEqual([expect.closeTo(0.64, 12), expect.closeTo(0.64, 12), null]);
    expect(figure.caption).toMatch(/differ by 0\.50* at most/);
    expect(fidelityFigureOf(slice([4, 3]))).toBeNull();
  });
});

test('every quantity has a word, and what only a file knows has its own', () => {
  expect(sliceQuantity('class_loss_7').title).toBe('Loss of class 7');
  expect(sliceQuantity('lambda_min')).toMatchObject({ symbol: 'λ min', scale: 'diverging' });
  expect(sliceQuantity('train_top1')).toMatchObject({ title: 'Train top1', scale: 'automatic' });
});
