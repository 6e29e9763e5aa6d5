import { describe, expect, it } from 'vitest';
import { heightScale, type ScaleReach } from '../../../renderer/scene/height-scale.ts';
import { pathOver } from '../../../renderer/scene/path-points.ts';
import { yOf } from '../../../renderer/scene/scene-box.ts';
import { type SceneContent, sceneModel } from '../../../renderer/scene/scene-model.ts';
import { knownSquares } from '../../../renderer/scene/slice-grid.ts';
import { colourScale } from '../../../renderer/scene/surface-colours.ts';

const grid = { alpha: [0, 1], beta: [0, 1, 2], loss: [1, 2, 3, 4, 5, 6], computed: [1, 1, 1, 1, 1, 1] };
const content: SceneContent = { grid, norms: [1, 1], titles: ['', ''], path: null, height: 'linear', flat: false };
const path = {
  steps: [0, 1, 2, 3],
  alpha: [0, 0.5, 1.5, 1],
  beta: [0, 1, 1, 2],
  distance: [0, 1, 2, 3],
  length: [0, 1, 2, 3],
  trueLoss: [1, 9, 100, 4],
};

describe('several paths on one plane', () => {
  it('have gaps where they leave the plane, and the box holds what is drawn of them only', () => {
    expect(pathOver(path, grid).trueLoss).toEqual([1, 9, Number.NaN, 4]);
    const model = sceneModel({ ...content, paths: [{ path, colour: '#ff0000', name: 'other' }] }, null)!;
    expect(model.box.scale).toMatchObject({ low: 1, high: 6, bottom: 1, top: 9 });
    // One segment is whole: from the first checkpoint to the second.
    expect(model.others).toHaveLength(1);
    expect(model.others[0]!.segments).toHaveLength(6);
    expect(model.others[0]!.segments[4]).toBeCloseTo(yOf(model.box, 9), 12);
    expect(sceneModel(content, null)!.others).toEqual([]);
  });
});

describe('scenes in the same scale', () => {
  const reach: ScaleReach = { colours: [0.5, 10], box: [0.1, 20] };

  it('have the same ends of colours and box, whatever they hold', () => {
    const other = { ...grid, loss: [3, 3, 3, 3, 3, 10] };
    const scales = [grid, other].map((one) => heightScale(one, [], 'log', null, reach));
    expect(scales[0]).toEqual(scales[1]);
    const ends = { low: Math.log10(0.5), high: 1, bottom: -1, top: Math.log10(20) };
    for (const [name, value] of Object.entries(ends)) expect(scales[0]![name as 'low']).toBeCloseTo(value, 12);
    // Negative control: each has its own without it.
    expect(heightScale(grid, [], 'log')).not.toEqual(heightScale(other, [], 'log'));
  });

  it('have no logarithm where one of them has none', () => {
    expect(heightScale(grid, [], 'log', null, { colours: [-1, 6], box: [-1, 6] })?.logarithmic).toBe(false);
  });

  it('a diverging scale ends where it is told, also without any value', () => {
    const colour = { values: [Number.NaN], computed: [0], title: 'difference', scale: 'diverging', reach: 2 } as const;
    expect(colourScale(colour)).toMatchObject({ low: -2, high: 2, diverging: true });
  });
});

describe('a grid to which nothing is to come', () => {
  it('has every cell whose corners are known, and no square over a hole', () => {
    // Known in a strip and at the far corners: where a grid is still coarse, large squares would lie over the holes.
    const known = (row: number, column: number) => column <= 2 || (row % 8 === 0 && column % 8 === 0);
    const points = Array.from({ length: 81 }, (_, i) => [Math.floor(i / 9), i % 9] as const);
    const side = Array.from({ length: 9 }, (_, i) => i);
    const computed = points.map(([row, column]) => (known(row, column) ? 1 : 0));
    const partial = { alpha: side, beta: side, loss: computed, computed };
    const squares = knownSquares({ ...partial, isFinal: true });
    expect(squares).toHaveLength(16);
    expect(squares.every(({ stride, column }) => stride === 1 && column < 2)).toBe(true);
    // Negative control.
    expect(knownSquares(partial)).toEqual([{ row: 0, column: 0, stride: 8 }]);
  });
});
