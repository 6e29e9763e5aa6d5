import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';

/** A landscape with everything in it, of one to three axes, all extents different. */
export function smallLandscape(dimensions: 1 | 2 | 3): LandscapeFile {
  const axes = [
    { name: 'α', coordinates: Float64Array.of(-1, -0.25, 0.5, 1), norm: 2.5 },
    { name: 'β', coordinates: Float64Array.of(-1, 0, 1), norm: null },
    { name: 'γ', coordinates: Float64Array.of(0, 1), norm: 0.125 },
  ].slice(0, dimensions);
  const points = axes.reduce((product, { coordinates }) => product * coordinates.length, 1);
  const numbers = (map: (i: number) => number) => Float64Array.from({ length: points }, (_, i) => map(i));
  return {
    form: 'saddlescope',
    axes,
    fields: [
      {
        quantity: 'loss',
        values: numbers((i) => (i === 1 ? Number.NaN : i === 2 ? Number.POSITIVE_INFINITY : 1 + i / 7)),
        computed: Uint8Array.from({ length: points }, (_, i) => (i === 3 ? 0 : 1)),
        uncertainty: numbers((i) => i / 100),
      },
      { quantity: 'error', values: numbers((i) => i / points), computed: new Uint8Array(points).fill(1) },
      { quantity: 'class_loss_3', values: numbers((i) => -i), computed: new Uint8Array(points).fill(1) },
    ],
    path: {
      steps: [0, 10, 20],
      coordinates: axes.map((_, k) => Float64Array.of(k, k + 0.5, -k)),
      distance: Float64Array.of(3, 2, 0),
      loss: Float64Array.of(2.3, 1.1, 0.4),
    },
    directions: axes.map((_, k) => [
      { name: 'fc.weight', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6 + k) },
      { name: 'fc.bias', shape: [2], data: Float64Array.of(0, k) },
    ]),
    notes: { command: 'saddlescope slice über --seed 7', seed: '7', 'a/b': '' },
    announcements: ['The plane explains 12 % of the path.'],
  };
}
