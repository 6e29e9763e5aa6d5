import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { viridis } from '../../../core/figures/theme.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { type SliceArrays, sliceArrays } from '../../../core/formats/slice-npz.ts';
import { writeResult } from '../../../electron/host/run-folder.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { trainSmall } from '../../support/small-run.ts';

const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0,
);
const why = python === undefined ? ' (skipped: python3 has no numpy here; install python3-numpy)' : '';

const [columns, rows] = [5, 4];
/** Rises by 10 ^ 0.25 a cell, from the lower left to the upper right. */
const lossAt = (row: number, column: number): number => 10 ** (0.25 * (row * columns + column) - 2);
const missing = { row: 2, column: 3 };

function slice(): SliceArrays {
  const data = Float64Array.from({ length: rows * columns }, (_, i) => lossAt(Math.floor(i / columns), i % columns));
  const computed = new Uint8Array(rows * columns).fill(1);
  const hole = missing.row * columns + missing.column;
  data[hole] = Number.NaN;
  computed[hole] = 0;
  return {
    axes: [Float64Array.from({ length: columns }, (_, i) => i), Float64Array.from({ length: rows }, (_, i) => i)],
    fields: [{ quantity: 'loss', values: data, computed }],
    directions: [{ norm: 1 }, { norm: 1 }],
    vectors: [new Float64Array(3), new Float64Array(3)],
    trajectory: null,
  };
}

/** The pixels of an 8-bit RGB PNG without filters. */
function decodePng(bytes: Buffer): { width: number; height: number; pixel(x: number, y: number): number[] } {
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const raw = inflateSync(Buffer.concat(parts));
  expect(raw).toHaveLength(height * (1 + 3 * width));
  return { width, height, pixel: (x, y) => [...raw.subarray(y * (1 + 3 * width) + 1 + 3 * x).subarray(0, 3)] };
}

function viridisAt(share: number): number[] {
  const at = Math.min(6, Math.floor(7 * share));
  const channels = (hex: string) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
  const [low, high] = [channels(viridis[at]!), channels(viridis[at + 1]!)];
  return low.map((value, c) => value + (7 * share - at) * (high[c]! - value));
}

describe(`the script that every run folder holds${why}`, () => {
  test.skipIf(python === undefined)('draws the plane of the record again, with NumPy alone', async () => {
    const run = path.join(temporaryFolder(), 'run');
    await trainSmall(run, { settings: ['steps=5'] });
    await writeResult(run, 'slice-random-float64-step-5.npz', writeNpz(sliceArrays(slice())));
    // As an error: a warning means that a case was not thought of.
    execFileSync(python!, ['-W', 'error', path.join(run, 'draw.py')], { cwd: '/' });
    const { width, height, pixel } = decodePng(readFileSync(path.join(run, 'plane.png')));
    expect([width, height]).toEqual([8 * columns, 8 * rows]);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        // β upwards.
        const seen = pixel(8 * column + 4, height - 8 * row - 4);
        const share = (row * columns + column) / (rows * columns - 1);
        const isHole = row === missing.row && column === missing.column;
        const wanted = isHole ? [196, 196, 196] : viridisAt(share);
        for (const [c, value] of wanted.entries()) expect(Math.abs(seen[c]! - value)).toBeLessThanOrEqual(1);
      }
  });

  test.skipIf(python === undefined)('says in one sentence what is missing where there is no plane', async () => {
    const run = path.join(temporaryFolder(), 'run');
    await trainSmall(run, { settings: ['steps=5'] });
    const { status, stderr } = spawnSync(python!, [path.join(run, 'draw.py')], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr.trim()).toBe('No plane yet: compute one with saddlescope slice.');
    expect(existsSync(path.join(run, 'plane.png'))).toBe(false);
  });

  test('has ten lines', () => {
    const lines = readFileSync(new URL('../../../assets/draw.py', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    expect(lines.filter((line) => !line.startsWith('"""'))).toHaveLength(10);
  });
});
