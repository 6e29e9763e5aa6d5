import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { readKrylovState, writeKrylovState } from '../../../core/formats/krylov-state.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import type { LanczosState } from '../../../core/linalg/eigenpairs/lanczos-state.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';

/** Records with the prototype of ordinary objects. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { noNullPrototype: true });
const whole = fc.integer({ min: 0, max: 2 ** 31 });
const real = fc.double({ noNaN: true });
const size = fc.double({ min: 0, max: 1e300, noNaN: true });

const states: fc.Arbitrary<LanczosState> = record({
  dim: fc.integer({ min: 1, max: 7 }),
  precision: fc.constantFrom('float64' as const, 'float32' as const),
  basis: fc.integer({ min: 0, max: 5 }),
  pairs: fc.integer({ min: 0, max: 3 }),
  closed: fc.integer({ min: 0, max: 3 }),
  withVectors: fc.boolean(),
  withProcess: fc.boolean(),
}).chain(({ dim, precision, basis, pairs, closed, withVectors, withProcess }) => {
  const vector: fc.Arbitrary<HostVector> =
    precision === 'float64'
      ? fc.float64Array({ minLength: dim, maxLength: dim, noNaN: true })
      : fc.float32Array({ minLength: dim, maxLength: dim, noNaN: true });
  const list = <T>(item: fc.Arbitrary<T>, length: number) => fc.array(item, { minLength: length, maxLength: length });
  const places = [
    ...(withVectors ? Array.from({ length: pairs }, (_, i) => i) : []),
    ...Array.from({ length: closed }, (_, j) => -1 - j),
  ];
  const process = record({
    basis: list(vector, basis),
    next: fc.option(vector),
    alpha: list(real, basis),
    beta: list(real, basis),
    products: whole,
    scale: size,
    asymmetry: size,
  });
  return record({
    dim: fc.constant(dim),
    precision: fc.constant(precision),
    wanted: record({ top: whole, bottom: whole, magnitude: whole }),
    verifyMultiplicity: fc.boolean(),
    randomKey: fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    products: whole,
    scale: size,
    asymmetry: size,
    restarts: whole,
    furtherStarts: whole,
    firstRunProducts: whole,
    runStart: whole,
    nextCheck: whole,
    process: withProcess ? process : fc.constant(null),
    found: list(
      record({
        value: real,
        estimate: real,
        deviation: fc.option(real),
        gap: real,
        run: whole,
        vector: withVectors ? vector : fc.constant(null),
      }),
      pairs,
    ),
    closedBases: list(vector, closed),
    locked: places.length > 0 ? fc.array(fc.constantFrom(...places), { maxLength: 6 }) : fc.constant([]),
  });
});

const example = (): LanczosState => ({
  dim: 3,
  precision: 'float64',
  wanted: { top: 2, bottom: 0, magnitude: 0 },
  verifyMultiplicity: true,
  randomKey: [1, 2],
  products: 9,
  scale: 2.5,
  asymmetry: 1e-16,
  restarts: 0,
  furtherStarts: 1,
  firstRunProducts: 7,
  runStart: 7,
  nextCheck: 3,
  process: {
    basis: [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0)],
    next: Float64Array.of(0, 0, 1),
    alpha: [1, 2],
    beta: [0.5, 0.25],
    products: 2,
    scale: 2,
    asymmetry: 0,
  },
  found: [{ value: 2, estimate: 1e-9, deviation: null, gap: 0.5, run: 0, vector: Float64Array.of(0.6, 0.8, 0) }],
  closedBases: [],
  locked: [0],
});

describe('the stored state of a Lanczos search', () => {
  it('comes back bit for bit, whatever it holds and whatever the problem is called', () => {
    fc.assert(
      fc.property(states, fc.string({ unit: 'binary' }), (state, problem) => {
        expect(readKrylovState(writeKrylovState(state, problem), problem)).toStrictEqual(state);
      }),
      { numRuns: 40 },
    );
  });

  it('of another problem is refused', () => {
    const bytes = writeKrylovState(example(), 'mlp step 100 hessian top 2');
    expect(() => readKrylovState(bytes, 'mlp step 101 hessian top 2')).toThrow(BadInput);
  });

  it('with any bit flipped, or cut at any byte, or longer, is refused', () => {
    const bytes = writeKrylovState(example(), 'problem "sum":"00000000"');
    expect(readKrylovState(bytes, 'problem "sum":"00000000"')).toStrictEqual(example());
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << (at % 8);
      expect(() => readKrylovState(flipped, 'problem "sum":"00000000"')).toThrow(BadInput);
      if (at % 9 > 0) continue;
      expect(() => readKrylovState(bytes.subarray(0, at), 'problem "sum":"00000000"')).toThrow(BadInput);
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(() => readKrylovState(longer, 'problem "sum":"00000000"')).toThrow(BadInput);
  });

  it('another safetensors file is refused', () => {
    const other = writeSafetensors(new Map([['w', { shape: [2], dtype: 'float64', data: Float64Array.of(1, 2) }]]));
    expect(() => readKrylovState(other, 'p')).toThrow(/no stored Lanczos search/);
  });

  it.each<[string, Partial<LanczosState>]>([
    ['a vector of another length', { closedBases: [Float64Array.of(1, 2)] }],
    ['a locked vector that is not there', { locked: [3] }],
    ['a place that is no whole number', { locked: [0.5] }],
    ['a counter below 0', { products: -1 }],
    ['a scale that is not finite', { scale: Number.POSITIVE_INFINITY }],
    ['fewer α than vectors', { process: { ...example().process!, alpha: [1] } }],
  ])('one that a faulty writer made is refused: %s', (_, fault) => {
    expect(() => {
      readKrylovState(writeKrylovState({ ...example(), ...fault }, 'p'), 'p');
    }).toThrow();
  });

  it('can be read by any reader of safetensors', () => {
    const { tensors, metadata } = readSafetensors(writeKrylovState(example(), 'p'));
    expect(metadata.get('problem')).toBe('p');
    expect(tensors.get('basis.1')).toMatchObject({ shape: [3], dtype: 'float64', data: Float64Array.of(0, 1, 0) });
  });
});
