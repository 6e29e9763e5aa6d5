import { describe, expect, test } from 'vitest';
import { normalizedDirection } from '../../../../core/analyses/slices/filter-normalization.ts';
import { trajectoryPca } from '../../../../core/analyses/slices/trajectory-pca.ts';
import { denseMatrix, symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { parameterLayout } from '../../../../core/objective/parameter-layout.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(5);
const layout = parameterLayout([
  { name: 'conv/kernel', layer: 'conv', role: 'kernel', shape: [3, 3, 2, 4], filterAxis: 3 },
  { name: 'conv/bias', layer: 'conv', role: 'bias', shape: [4], filterAxis: null },
  { name: 'depthwise/kernel', layer: 'depthwise', role: 'kernel', shape: [3, 3, 5, 1], filterAxis: 2 },
  { name: 'dense/kernel', layer: 'dense', role: 'kernel', shape: [6, 7], filterAxis: 1 },
]);
const theta = rng.split('θ').fill(new Float64Array(layout.dim), 'normal');
const raw = rng.split('d').fill(new Float64Array(layout.dim), 'normal');

/** Norm of one filter by the definition: the index along the axis is fixed, all others run. */
function filterNorm(x: Float64Array, block: (typeof layout.blocks)[number], filter: number): number {
  let squares = 0;
  for (let i = 0; i < block.size; i++) {
    let rest = i;
    const index = [...block.shape].reverse().map((extent) => {
      const at = rest % extent;
      rest = Math.floor(rest / extent);
      return at;
    });
    if (index.reverse()[block.filterAxis!] === filter) squares += x[block.offset + i]! ** 2;
  }
  return Math.sqrt(squares);
}

describe('filter normalisation', () => {
  test('gives every filter of the direction the norm of the same filter of θ, on any filter axis', () => {
    const direction = normalizedDirection(raw, theta, layout, 'filter', 'zero');
    for (const block of layout.blocks.filter(({ filterAxis }) => filterAxis !== null))
      for (let filter = 0; filter < block.shape[block.filterAxis!]!; filter++)
        expect(filterNorm(direction, block, filter)).toBeCloseTo(filterNorm(theta, block, filter), 12);
  });

  test('keeps the direction of each filter', () => {
    const direction = normalizedDirection(raw, theta, layout, 'filter', 'zero');
    const { offset, size } = layout.blocks[3]!;
    const ratios = Array.from({ length: size }, (_, i) => direction[offset + i]! / raw[offset + i]!);
    for (let unit = 0; unit < 7; unit++)
      for (let row = 1; row < 6; row++) expect(ratios[row * 7 + unit]).toBeCloseTo(ratios[unit]!, 12);
  });

  test('biases are zero or normalised as a whole, never the weights themselves', () => {
    const { offset, size } = layout.blocks[1]!;
    const zero = normalizedDirection(raw, theta, layout, 'filter', 'zero').subarray(offset, offset + size);
    expect(Array.from(zero)).toEqual([0, 0, 0, 0]);
    const kept = normalizedDirection(raw, theta, layout, 'filter', 'keep').subarray(offset, offset + size);
    expect(Math.hypot(...kept)).toBeCloseTo(Math.hypot(...theta.subarray(offset, offset + size)), 12);
    expect(kept[0]! / kept[1]!).toBeCloseTo(raw[offset]! / raw[offset + 1]!, 12);
  });

  test('layer normalisation scales whole blocks; none changes nothing but the zeroed', () => {
    const { offset, size } = layout.blocks[0]!;
    const layer = normalizedDirection(raw, theta, layout, 'layer', 'zero').subarray(offset, offset + size);
    expect(Math.hypot(...layer)).toBeCloseTo(Math.hypot(...theta.subarray(offset, offset + size)), 12);
    const none = normalizedDirection(raw, theta, layout, 'none', 'keep');
    expect(Array.from(none)).toEqual(Array.from(raw));
  });
});

test('principal directions equal the eigenvectors of the dense second-moment matrix', async () => {
  const [n, dim] = [70, 12];
  const points = Array.from({ length: n }, (_, t) =>
    rng
      .split(`${t}`)
      .fill(new Float64Array(dim), 'normal')
      .map((x, i) => x * (i + 1)),
  );
  const origin = points[n - 1]!;
  const { directions, explained } = await trajectoryPca(
    { steps: points.map((_, i) => i), theta: async (i) => points[i]! },
    origin,
    3,
  );
  const displacements = points.map((point) => point.map((x, i) => x - origin[i]!));
  const space = hostFloat64Space(dim);
  const moment = {
    space,
    symmetric: true,
    positiveSemidefinite: true,
    apply: async (v: Float64Array) => {
      const out = space.zeros();
      for (const d of displacements) {
        const along = d.reduce((sum, x, i) => sum + x * v[i]!, 0);
        d.forEach((x, i) => {
          out[i]! += along * x;
        });
      }
      return out;
    },
  };
  const { value } = await denseMatrix(moment);
  const { eigenvalues, eigenvectors } = symmetricEigen(value.matrix);
  const total = eigenvalues.reduce((sum, x) => sum + x, 0);
  directions.forEach((direction, k) => {
    const column = dim - 1 - k;
    const overlap = direction.reduce((sum, x, i) => sum + x * eigenvectors.data[i * dim + column]!, 0);
    expect(Math.abs(overlap)).toBeCloseTo(1, 10);
    expect(explained[k]).toBeCloseTo(eigenvalues[column]! / total, 12);
  });
});
