import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * The float64 oracle replaces the global Float32Array by Float64Array. Files must mean the same numbers there: the
 * values below were computed by real float32 arrays before the exchange.
 */
const real = globalThis.Float32Array;
const asFloat32 = (values: readonly number[]): number[] => [...real.from(values)];
const samples = [0.1, -1 / 3, 1e-40, 3.4e38, 16777217, -0];
const expected = asFloat32(samples);
const golden = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../goldens/formats/${name}`, import.meta.url)));

beforeAll(() => {
  globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
});
afterAll(() => {
  globalThis.Float32Array = real;
});

describe('with Float32Array replaced by Float64Array', () => {
  it('float32 files are written rounded and read with the same values', async () => {
    const { readNpy, writeNpy } = await import('../../../core/formats/npy.ts');
    const { readSafetensors, writeSafetensors } = await import('../../../core/formats/safetensors.ts');
    expect(new Float32Array(1).BYTES_PER_ELEMENT).toBe(8);
    const array = { dtype: 'float32' as const, shape: [6], data: Float64Array.from(samples) };
    const bytes = writeNpy(array);
    expect(bytes.length).toBe(128 + 24);
    expect([...readNpy(bytes).data]).toEqual(expected);
    expect([...readSafetensors(writeSafetensors(new Map([['a', array]]))).tensors.get('a')!.data]).toEqual(expected);
  });

  it('the goldens of NumPy are read as in the other realm', async () => {
    const { readNpy } = await import('../../../core/formats/npy.ts');
    const { readIdx } = await import('../../../core/formats/idx.ts');
    const bytes = golden('f4-big.npy');
    const raw = new DataView(bytes.buffer, bytes.byteOffset + 128);
    const wanted = Array.from({ length: 6 }, (_, i) => raw.getFloat32(4 * i, false));
    expect([...readNpy(bytes).data]).toEqual(wanted);
    expect([...readIdx(golden('f4.idx')).data]).toEqual(Array.from({ length: 12 }, (_, i) => 5 * i));
  });

  it('bundled digits are the same float32 numbers', async () => {
    const { bundledDataset } = await import('../../../core/data/bundled-datasets.ts');
    const { randomFromSeed } = await import('../../../core/random/philox.ts');
    const digitsBytes = new Uint8Array(readFileSync(new URL('../../../assets/data/digits.npz', import.meta.url)));
    const intensity = asFloat32(Array.from({ length: 256 }, (_, byte) => byte / 255));
    for (const name of ['digits', 'digits-8x8']) {
      const { inputs } = bundledDataset(name, 'test', { rng: randomFromSeed(1), digitsBytes });
      expect(inputs).toBeInstanceOf(Float64Array);
      expect(inputs.every((value) => Math.fround(value) === value)).toBe(true);
      if (name === 'digits') expect(inputs.subarray(0, 78_400).every((value) => intensity.includes(value))).toBe(true);
    }
  });
});
