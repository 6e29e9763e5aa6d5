import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colourIndex, colourTable } from '../../../renderer/charts/colour-map.ts';
import { planeModel } from '../../../renderer/charts/plane-model.ts';
import { planeRaster } from '../../../renderer/charts/plane-raster.ts';
import { sectionAlong } from '../../../renderer/charts/plane-section.ts';
import { knownSquares, lossBetween, type SliceGrid } from '../../../renderer/scene/slice-grid.ts';
import type { ShownLandscape } from '../../../renderer/state/results.ts';

const spaced = (low: number, high: number, count: number) =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

function grid(columns: number, rows: number, loss: (alpha: number, beta: number) => number): SliceGrid {
  const [alpha, beta] = [spaced(-3, 5, columns), spaced(-1, 2, rows)];
  return {
    alpha,
    beta,
    loss: Float64Array.from({ length: columns * rows }, (_, i) =>
      loss(alpha[i % columns]!, beta[Math.floor(i / columns)]!),
    ),
    computed: new Uint8Array(columns * rows).fill(1),
  };
}

const coefficient = fc.double({ min: -4, max: 4, noNaN: true });

describe('the section', () => {
  test('of a bilinear loss is that loss, along either axis', () => {
    fc.assert(
      fc.property(
        fc.tuple(coefficient, coefficient, coefficient, coefficient),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([a, b, c, d], share) => {
          const loss = (x: number, y: number) => a + b * x + c * y + d * x * y;
          const plane = grid(9, 6, loss);
          const squares = knownSquares(plane);
          const [alpha, beta] = [-3 + 8 * share, -1 + 3 * share];
          const first = sectionAlong(plane, squares, 'alpha', beta);
          const second = sectionAlong(plane, squares, 'beta', alpha);
          expect(first.at).toHaveLength(4 * 8 + 1);
          expect(second.at).toHaveLength(4 * 5 + 1);
          first.at.forEach((at, i) => {
            expect(first.loss[i]).toBeCloseTo(loss(at, beta), 9);
          });
          second.at.forEach((at, i) => {
            expect(second.loss[i]).toBeCloseTo(loss(alpha, at), 9);
          });
        },
      ),
    );
  });

  test('of any grid is what lies between its points', () => {
    const plane = grid(17, 17, (x, y) => Math.sin(x) + x * y * y + 4);
    const squares = knownSquares(plane);
    const { at, loss } = sectionAlong(plane, squares, 'alpha', 0.37);
    at.forEach((alpha, i) => {
      expect(loss[i]).toBeCloseTo(lossBetween(plane, squares, alpha, 0.37), 12);
    });
  });

  test('rises along its axis and breaks at holes', () => {
    const plane = grid(5, 3, () => 1);
    const loss = Float64Array.from(plane.loss);
    loss[2] = Number.NaN;
    const holed = { ...plane, loss };
    const { at, loss: values } = sectionAlong(holed, knownSquares(holed), 'alpha', -0.5);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at.filter((_, i) => Number.isNaN(values[i]))).toEqual([3]);
    expect(at.some((one) => one > -1 && one < 3)).toBe(false);
  });
});

describe('the picture of the map', () => {
  const scale = { logarithmic: true, low: -2, high: 1, bottom: -2, top: 1 };
  const table = colourTable('viridis');

  test('has in each pixel the colour of the height at its centre', () => {
    const plane = grid(9, 9, (x, y) => 10 ** (-0.5 + 0.2 * x - 0.3 * y));
    const [width, height] = [37, 23];
    const picture = new Uint8ClampedArray(4 * width * height);
    planeRaster(plane, knownSquares(plane), scale, table, width, height, picture);
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const x = -3 + ((column + 0.5) * 8) / width;
        const y = 2 - ((row + 0.5) * 3) / height;
        // The logarithm is linear in α and β, so that bilinear heights are exact.
        const index = colourIndex(-0.5 + 0.2 * x - 0.3 * y, -2, 1);
        const at = 4 * (row * width + column);
        const near = [index - 1, index, index + 1].map((i) => Array.from(table.subarray(3 * i, 3 * i + 3)).join());
        expect(near).toContain(Array.from(picture.subarray(at, at + 3)).join());
        expect(picture[at + 3]).toBe(255);
      }
  });

  test('is clear where nothing is known', () => {
    const plane = grid(5, 5, () => 1);
    const loss = Float64Array.from(plane.loss);
    loss[12] = Number.NaN;
    const holed = { ...plane, loss };
    const picture = new Uint8ClampedArray(4 * 16);
    planeRaster(holed, knownSquares(holed), scale, table, 4, 4, picture);
    const alpha = Array.from({ length: 16 }, (_, i) => picture[4 * i + 3]);
    expect(alpha).toEqual([255, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 255]);
  });
});

describe('what is missing', () => {
  const plane = grid(9, 9, () => 1);
  const computed = Uint8Array.from({ length: 81 }, (_, i) => Number(i !== 40));
  const field = { quantity: 'loss', values: plane.loss, computed, certificate: null, uncertainty: null };
  const slice = { axes: [plane.alpha, plane.beta], fields: [field], trajectory: null };
  const squaresOf = (form: string | null) =>
    planeModel(
      { slice, complete: true, newer: null, ...(form ? { file: { form } } : {}) } as unknown as ShownLandscape,
      'linear',
    )!.squares;

  test('is a hole of its four cells in a file of another tool; ours are coarse there', () => {
    expect(squaresOf('loss-landscape')).toHaveLength(64 - 4);
    expect(squaresOf('loss-landscape').every(({ stride }) => stride === 1)).toBe(true);
    for (const form of [null, 'saddlescope']) expect(squaresOf(form).some(({ stride }) => stride > 1)).toBe(true);
  });
});
