import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { instantiateSimdKernels } from '../../../../core/linalg/spaces/simd-kernels.ts';

const root = new URL('../../../..', import.meta.url).pathname;
const compiler = join(root, 'electron/build/compile-wat.mjs');
const wat = join(root, 'core/linalg/spaces/simd-kernels.wat');

describe('embedded kernels', () => {
  it('are the bytes that their text compiles to', () => {
    const { status, stderr } = spawnSync(process.execPath, [compiler, '--check', wat], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('are found stale as soon as the text says something else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
    const copy = join(folder, 'simd-kernels.wat');
    writeFileSync(copy, readFileSync(wat));
    execFileSync(process.execPath, [compiler, copy]);
    expect(readFileSync(join(folder, 'simd-kernels.wasm.ts'), 'utf8')).toBe(
      readFileSync(wat.replace('.wat', '.wasm.ts'), 'utf8'),
    );
    writeFileSync(copy, readFileSync(wat, 'utf8').replace('f64x2.add', 'f64x2.sub'));
    const { status, stderr } = spawnSync(process.execPath, [compiler, '--check', copy], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toMatch(/run node electron\/build\/compile-wat\.mjs/);
  });

  it('write nothing beyond the given length', () => {
    const arena = createHostArena(4 * 1048576);
    const kernels = instantiateSimdKernels(arena);
    const at = arena.allocate(6 * 256);
    const all = new Float32Array(arena.memory.buffer, at, 6 * 64).fill(1);
    const [a, b, c, d, w] = [0, 1, 2, 3, 4].map((k) => at + k * 256) as [number, number, number, number, number];
    kernels.add4F32(a, b, c, d, w, 56, 1, 10, 100, 1000);
    kernels.scaleF32(w, 8, 2);
    expect([...all.subarray(0, 256)].every((value) => value === 1)).toBe(true);
    expect([...all.subarray(256)]).toEqual([
      ...new Array(8).fill(2224),
      ...new Array(48).fill(1112),
      ...new Array(72).fill(1),
    ]);
  });
});
