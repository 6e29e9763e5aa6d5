import { describe, expect, test } from 'vitest';
import {
  type BlockTreatment,
  type Normalization,
  normalisedDirection,
  type Treatment,
} from '../../../../../core/analyses/slices/directions/normalisation.ts';
import { parameterLayout } from '../../../../../core/objective/parameter-layout.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';

const rng = randomFromSeed(5);
const layout = parameterLayout([
  { name: 'conv/kernel', layer: 'conv', role: 'kernel', shape: [3, 3, 2, 4], filterAxis: 3 },
  { name: 'conv/bias', layer: 'conv', role: 'bias', shape: [4], filterAxis: null },
  { name: 'depthwise/kernel', layer: 'depthwise', role: 'kernel', shape: [3, 3, 5, 1], filterAxis: 2 },
  { name: 'dense/kernel', layer: 'dense', role: 'kernel', shape: [6, 7], filterAxis: 1 },
  { name: 'norm/gamma', layer: 'norm', role: 'gain', shape: [7], filterAxis: null },
  { name: 'norm/beta', layer: 'norm', role: 'shift', shape: [7], filterAxis: null },
  { name: 'lstm/kernel', layer: 'lstm', role: 'kernel', shape: [7, 8], filterAxis: 1 },
  { name: 'lstm/recurrent_kernel', layer: 'lstm', role: 'kernel', shape: [2, 8], filterAxis: 1 },
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

const normalised = (normalization: Normalization, biases: Treatment = 'zero', gains: Treatment = 'zero') =>
  normalisedDirection(raw, theta, layout, { normalization, biases, gains } satisfies BlockTreatment);
const blockNamed = (name: string) => layout.blocks.find((block) => block.name === name)!;
const of = (x: Float64Array, ...names: string[]) =>
  names.flatMap((name) => {
    const { offset, size } = blockNamed(name);
    return Array.from(x.subarray(offset, offset + size));
  });

describe('filter normalisation', () => {
  test('gives every filter of the direction the norm of the same filter of θ, on any filter axis', () => {
    const direction = normalised('filter');
    for (const block of layout.blocks.filter(({ filterAxis }) => filterAxis !== null))
      for (let filter = 0; filter < block.shape[block.filterAxis!]!; filter++)
        expect(filterNorm(direction, block, filter)).toBeCloseTo(filterNorm(theta, block, filter), 12);
  });

  test('keeps the direction of each filter', () => {
    const direction = normalised('filter');
    const { offset, size } = blockNamed('dense/kernel');
    const ratios = Array.from({ length: size }, (_, i) => direction[offset + i]! / raw[offset + i]!);
    for (let unit = 0; unit < 7; unit++)
      for (let row = 1; row < 6; row++) expect(ratios[row * 7 + unit]).toBeCloseTo(ratios[unit]!, 12);
  });
});

test('layers, tensors and the whole are scaled together, each to the norm of the same part of θ', () => {
  const tensor = normalised('tensor');
  for (const name of ['conv/kernel', 'lstm/kernel', 'lstm/recurrent_kernel'])
    expect(Math.hypot(...of(tensor, name))).toBeCloseTo(Math.hypot(...of(theta, name)), 12);
  const layer = normalised('layer');
  const both = ['lstm/kernel', 'lstm/recurrent_kernel'] as const;
  expect(Math.hypot(...of(layer, ...both))).toBeCloseTo(Math.hypot(...of(theta, ...both)), 12);
  // One factor for both: the tensors by themselves are not at the norm of θ.
  const [a, b] = both.map((name) => of(layer, name)[0]! / of(raw, name)[0]!);
  expect(a).toBeCloseTo(b!, 12);
  expect(Math.abs(Math.hypot(...of(layer, both[0])) / Math.hypot(...of(theta, both[0])) - 1)).toBeGreaterThan(1e-3);
  const whole = normalised('global', 'scale', 'scale');
  expect(Math.hypot(...whole)).toBeCloseTo(Math.hypot(...theta), 11);
  const factors = Array.from(whole, (x, i) => x / raw[i]!);
  for (const factor of factors) expect(factor).toBeCloseTo(factors[0]!, 12);
  expect(Array.from(normalised('none', 'keep', 'keep'))).toEqual(Array.from(raw));
});

describe('biases and gains', () => {
  const [bias, gain, shift] = ['conv/bias', 'norm/gamma', 'norm/beta'];

  test('each has a treatment of its own: zero, kept as drawn whatever the scaling, scaled to its norm as a whole', () => {
    for (const normalization of ['filter', 'tensor', 'none'] as const) {
      const one = normalised(normalization, 'zero', 'keep');
      expect(of(one, bias!)).toEqual([0, 0, 0, 0]);
      expect(of(one, gain!, shift!)).toEqual(of(raw, gain!, shift!));
      const other = normalised(normalization, 'keep', 'scale');
      expect(of(other, bias!)).toEqual(of(raw, bias!));
      for (const name of [gain!, shift!])
        expect(Math.hypot(...of(other, name))).toBeCloseTo(Math.hypot(...of(theta, name)), 12);
    }
  });

  test('the fault of the reference tool is not ours: scaled biases keep their drawn direction, they are not the weights', () => {
    const scaled = of(normalised('filter', 'scale'), bias!);
    const [drawn, weights] = [of(raw, bias!), of(theta, bias!)];
    for (let i = 1; i < 4; i++) expect(scaled[i]! / scaled[0]!).toBeCloseTo(drawn[i]! / drawn[0]!, 12);
    const cosine = scaled.reduce((sum, x, i) => sum + x * weights[i]!, 0) / Math.hypot(...weights) ** 2;
    expect(cosine).toBeLessThan(0.95);
  });

  test('nor that of another: scaled one by one they would be ±|w|; only their length as a whole is', () => {
    const [scaled, weights] = [of(normalised('filter', 'scale'), bias!), of(theta, bias!)];
    expect(scaled.some((x, i) => Math.abs(Math.abs(x) - Math.abs(weights[i]!)) > 1e-3)).toBe(true);
  });

  test('under layer normalisation they belong to their layer', () => {
    const layer = normalised('layer', 'scale');
    const names = ['conv/kernel', 'conv/bias'] as const;
    expect(Math.hypot(...of(layer, ...names))).toBeCloseTo(Math.hypot(...of(theta, ...names)), 12);
    expect(of(layer, bias!)[0]! / of(raw, bias!)[0]!).toBeCloseTo(
      of(layer, 'conv/kernel')[0]! / of(raw, 'conv/kernel')[0]!,
      12,
    );
  });
});

test('parts where θ is zero become zero, and nothing becomes NaN', () => {
  const dead = theta.slice();
  const { offset } = blockNamed('dense/kernel');
  for (let row = 0; row < 6; row++) dead[offset + row * 7 + 2] = 0;
  const direction = normalisedDirection(raw, dead, layout, { normalization: 'filter', biases: 'scale', gains: 'zero' });
  for (let row = 0; row < 6; row++) expect(Math.abs(direction[offset + row * 7 + 2]!)).toBe(0);
  expect(direction[offset + 1]).not.toBe(0);
  const still = normalisedDirection(new Float64Array(layout.dim), theta, layout, {
    normalization: 'global',
    biases: 'keep',
    gains: 'keep',
  });
  expect(still.every((x) => x === 0)).toBe(true);
});
