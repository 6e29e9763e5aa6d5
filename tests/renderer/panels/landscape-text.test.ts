import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  alternativeText,
  distanceText,
  pathOf,
  provenanceText,
  warningsOf,
} from '../../../renderer/panels/landscape/landscape-text.ts';
import type { ShownLandscape } from '../../../renderer/state/results.ts';

const direction = { norm: 1, eigenvalue: null, residual: null };
const [alpha, beta] = [Float64Array.of(-1, 0, 1), Float64Array.of(0, 1)];
const slice = {
  plane: 'pca',
  step: 3000,
  axes: [alpha, beta],
  on: 'train',
  statistics: 'experiment',
  fields: [
    {
      quantity: 'loss',
      values: Float64Array.of(0.5, 0.25, 4, 1, Number.NaN, 2),
      computed: Uint8Array.of(1, 1, 1, 1, 1, 1),
      certificate: null,
      uncertainty: null,
    },
  ],
  directions: [
    { ...direction, kind: 'principal direction', explained: 0.814 },
    { ...direction, kind: 'principal direction', explained: 0.097 },
  ],
  trajectory: {
    steps: [0, 3000],
    coordinates: [Float64Array.of(1, 0), Float64Array.of(1, 0)],
    distance: Float64Array.of(0.291, 0),
    length: Float64Array.of(6.84, 0),
    trueLoss: Float64Array.of(2.5, 0.25),
    projectedLoss: Float64Array.of(2, 0.25),
  },
  warnings: ['The loss under the drawn path differs from the true loss by up to a factor of 2.4.'],
  engine: 'wasm',
  precision: 'float32',
} as const;
const shown = { slice, complete: true, newer: null } as unknown as ShownLandscape;

describe('what is said beside the landscape', () => {
  it('tells plane, step, grid, precision and engine', () => {
    expect(provenanceText(shown)).toBe(
      'Trajectory plane through step 3000 · 3 × 2 points · float32, wasm'.replace('3000', '3\u202f000'),
    );
  });

  it('tells how much of a coarse or a stopped grid is there', () => {
    const part = (complete: boolean) =>
      ({
        ...shown,
        complete,
        slice: { ...slice, fields: [{ ...slice.fields[0], computed: Uint8Array.of(1, 0, 1, 0, 0, 1) }] },
      }) as unknown as ShownLandscape;
    expect(provenanceText(part(false))).toMatch(/ · coarse, 50 % of the points$/);
    expect(provenanceText(part(true))).toMatch(/ · stopped at 50 % of the points$/);
  });

  it('tells how far a checkpoint is from where it is drawn', () => {
    const path = pathOf(shown)!;
    expect(distanceText(path, 0)).toBe('0.291 of 6.84 from the plane');
    expect(distanceText(path, 1)).toBe('the centre of the plane');
  });

  it('describes the picture: range, holes, path, share, warnings', () => {
    const text = alternativeText(shown, 'digits');
    expect(text).toContain('The loss of digits on the trajectory plane, 3 × 2 points.');
    expect(text).toContain('It goes from 0.25 to 4.');
    expect(text).toContain('1 point is missing or not finite and left out.');
    expect(text).toContain('The path goes from step 0, loss 2.5, to step 3\u202f000, loss 0.25.');
    expect(text).toContain('The plane holds 91 % of the squared displacement of the path.');
    expect(text).toContain(warningsOf(shown)[0]);
  });

  it('has no warnings before a slice is whole', () => {
    const { warnings: _, ...partial } = slice;
    expect(warningsOf({ slice: partial, complete: false, newer: null } as unknown as ShownLandscape)).toEqual([]);
  });
});

it('the style sheet draws no text smaller than the smallest of the design', async () => {
  const sheet = await readFile(new URL('../../../renderer/panels/landscape-panel.css', import.meta.url), 'utf8');
  const sizes = [...sheet.matchAll(/font-size:\s*([^;]+);/g)].map(([, size]) => size);
  expect(sizes.length).toBeGreaterThan(0);
  expect(new Set(sizes)).toEqual(new Set(['var(--text-xs)']));
});
