import { describe, expect, test } from 'vitest';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import {
  tensorsForPytorch,
  vectorOfOwnTensors,
  weightsFromOutside,
} from '../../../core/models/weights-from-outside.ts';
import { type ParameterRole, parameterLayout } from '../../../core/objective/parameter-layout.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';

type Spec = readonly [name: string, role: ParameterRole, shape: readonly number[], flattenedFrom?: readonly number[]];
const layoutOf = (...blocks: readonly Spec[]) =>
  parameterLayout(
    blocks.map(([name, role, shape, flattenedFrom]) => ({
      name,
      layer: name.slice(0, name.lastIndexOf('/')),
      role,
      shape,
      filterAxis: null,
      ...(flattenedFrom ? { flattenedFrom } : {}),
    })),
  );
const drawn = (dim: number) => randomFromSeed(2).fill(new Float64Array(dim), 'normal');

/** Layers, and the shapes that PyTorch's own modules give their tensors. */
const layers: readonly (readonly [string, readonly Spec[], readonly (readonly number[])[]])[] = [
  [
    'Linear(3, 5)',
    [
      ['fc/kernel', 'kernel', [3, 5]],
      ['fc/bias', 'bias', [5]],
    ],
    [[5, 3], [5]],
  ],
  ['Conv1d(2, 4, 3)', [['c/kernel', 'kernel', [3, 2, 4]]], [[4, 2, 3]]],
  ['Conv2d(2, 4, (3, 5))', [['c/kernel', 'kernel', [3, 5, 2, 4]]], [[4, 2, 3, 5]]],
  ['Conv3d(2, 4, (3, 5, 2))', [['c/kernel', 'kernel', [3, 5, 2, 2, 4]]], [[4, 2, 3, 5, 2]]],
  // Of transposed kernels ours is (h, w, out, in), theirs (in, out, h, w).
  ['ConvTranspose2d(4, 2, 3)', [['t/kernel', 'kernel', [3, 3, 2, 4]]], [[4, 2, 3, 3]]],
  ['Conv2d(3, 6, 3, groups=3)', [['d/depthwise_kernel', 'kernel', [3, 3, 3, 2]]], [[6, 1, 3, 3]]],
  [
    'BatchNorm2d(4)',
    [
      ['n/gamma', 'gain', [4]],
      ['n/beta', 'shift', [4]],
    ],
    [[4], [4]],
  ],
  ['Linear(12, 2) behind a flatten of 2 × 3 × 2', [['fc/kernel', 'kernel', [12, 2], [2, 3, 2]]], [[2, 12]]],
];

describe.each(layers)('%s', (_name, blocks, shapes) => {
  const layout = layoutOf(...blocks);
  const vector = drawn(layout.dim);
  const tensors = tensorsForPytorch(vector, layout);

  test('has the shapes of PyTorch and every number once', () => {
    expect(tensors.map(({ shape }) => shape)).toEqual(shapes);
    expect(tensors.flatMap(({ data }) => [...data]).sort()).toEqual([...vector].sort());
  });

  test('comes back, by our names and as weights under the names of PyTorch', () => {
    expect(vectorOfOwnTensors(tensors, layout)).toEqual(vector);
    const leaf = (name: string) => (/bias|beta/.test(name) ? 'bias' : 'weight');
    const named = new Map<string, NumericArray>(
      tensors.map(({ name, shape, data }) => [
        `${name.slice(0, name.lastIndexOf('/'))}.${leaf(name)}`,
        { shape: [...shape], dtype: 'float64', data },
      ]),
    );
    expect(weightsFromOutside(named, layout, 'pytorch')).toEqual(vector);
  });
});

test('one entry of each by hand', () => {
  const at = (spec: Spec, place: readonly number[]) => {
    const layout = layoutOf(spec);
    const [tensor] = tensorsForPytorch(
      Float64Array.from({ length: layout.dim }, (_, i) => i),
      layout,
    );
    return tensor!.data[place.reduce((rest, i, k) => rest * tensor!.shape[k]! + i, 0)];
  };
  // Ours [1, 2] of (3, 5): 1·5 + 2.
  expect(at(['fc/kernel', 'kernel', [3, 5]], [2, 1])).toBe(7);
  // Ours [h 2, w 4, in 1, out 3] of (3, 5, 2, 4): ((2·5 + 4)·2 + 1)·4 + 3.
  expect(at(['c/kernel', 'kernel', [3, 5, 2, 4]], [3, 1, 2, 4])).toBe(119);
  // Channel c·M + m = 2·2 + 1 of a depthwise kernel, ours [h 0, w 1, c 2, m 1] of (3, 3, 3, 2): (1·3 + 2)·2 + 1.
  expect(at(['d/depthwise_kernel', 'kernel', [3, 3, 3, 2]], [5, 0, 0, 1])).toBe(11);
  // Input (channel 1, row 1, column 2) of 2 × 3 × 2: there 1·6 + 1·3 + 2 = 11, here (1·3 + 2)·2 + 1 = 11; and (1, 0, 0): 6, 1.
  expect(at(['fc/kernel', 'kernel', [12, 2], [2, 3, 2]], [0, 6])).toBe(2);
});

test('layers whose blocks share a name in PyTorch come back as well; others are left to their names', () => {
  const layout = layoutOf(
    ['s/depthwise_kernel', 'kernel', [3, 3, 2, 1]],
    ['s/pointwise_kernel', 'kernel', [1, 1, 2, 4]],
  );
  const vector = drawn(layout.dim);
  const tensors = tensorsForPytorch(vector, layout);
  expect(vectorOfOwnTensors(tensors, layout)).toEqual(vector);
  expect(vectorOfOwnTensors([...tensors].reverse(), layout)).toBeNull();
  expect(vectorOfOwnTensors(tensors.slice(1), layout)).toBeNull();
});
