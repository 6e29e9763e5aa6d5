import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { readCifar } from '../../../core/formats/cifar.ts';
import { readCsv } from '../../../core/formats/csv.ts';
import { gunzip } from '../../../core/formats/gzip.ts';
import { readIdx } from '../../../core/formats/idx.ts';
import { readNpy, writeNpy } from '../../../core/formats/npy.ts';
import { readNpz, writeNpz } from '../../../core/formats/npz.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import { arraysOfLandscape } from '../../../core/formats/slice-npz.ts';
import { readLandscapeNpz } from '../../../core/formats/sniff-landscape.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { intactArrays } from './malformed-arrays.ts';
import { intactContainers } from './malformed-containers.ts';
import { intactLandscapes } from './malformed-landscapes.ts';
import { mutant } from './mutation-fuzz.ts';

const golden = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../goldens/formats/${name}`, import.meta.url)));

/** `refused`: the least share of mutants that must be refused, so that a reader that accepts anything fails. */
interface Target {
  readonly format: string;
  readonly seeds: readonly Uint8Array[];
  readonly read: (bytes: Uint8Array) => unknown;
  readonly refused: number;
}

const targets: readonly Target[] = [
  {
    format: 'npy',
    seeds: [...intactArrays.npy, golden('f2-big.npy'), golden('fortran-big.npy'), golden('b1-little.npy')],
    // A value that was accepted must be whole: it can be written and read again.
    read: (bytes) => readNpy(writeNpy(readNpy(bytes))),
    refused: 0.3,
  },
  { format: 'npz', seeds: [...intactContainers.npz, golden('streamed.npz').slice()], read: readNpz, refused: 0.8 },
  {
    format: 'landscape npz',
    seeds: intactLandscapes,
    // What was accepted goes together: it can be written in our form and read again.
    read: (bytes) => readLandscapeNpz(writeNpz(arraysOfLandscape(readLandscapeNpz(bytes)))),
    refused: 0.8,
  },
  {
    format: 'safetensors',
    seeds: [...intactContainers.safetensors, golden('all-types.safetensors')],
    read: (bytes) => {
      const { tensors, metadata } = readSafetensors(bytes);
      return readSafetensors(writeSafetensors(tensors, metadata));
    },
    refused: 0.3,
  },
  {
    format: 'csv',
    seeds: [...intactContainers.csv, golden('savetxt.csv')],
    read: (bytes) => readCsv(bytes),
    refused: 0.2,
  },
  {
    format: 'IDX',
    seeds: [...intactArrays.idx, golden('f4.idx'), golden('i2.idx')],
    read: (bytes) => readIdx(bytes),
    refused: 0.3,
  },
  { format: 'gzip', seeds: [...intactArrays.gzip, golden('u1.idx.gz')], read: (bytes) => gunzip(bytes), refused: 0.8 },
  {
    format: 'CIFAR-10',
    seeds: [new Uint8Array(3073), new Uint8Array(2 * 3073).fill(9)],
    read: (bytes) => readCifar(bytes, 'cifar-10'),
    refused: 0.2,
  },
];

const mutants = Number(process.env.SADDLESCOPE_MUTANTS ?? 2000);

describe(`${mutants} mutants of each format end in a value or in BadInput`, () => {
  it.each(targets)('$format', ({ format, seeds, read, refused }) => {
    for (const seed of seeds) read(seed);
    let refusals = 0;
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < mutants; i++) {
      const bytes = mutant(seeds, randomFromSeed(20_231).split(`${format} ${i}`));
      const started = performance.now();
      try {
        read(bytes);
      } catch (problem) {
        if (!(problem instanceof BadInput)) {
          expect.fail(
            `mutant ${i} of ${format} (${Buffer.from(bytes.subarray(0, 400)).toString('hex')}): ${String(problem)}`,
          );
        }
        refusals += 1;
      }
      expect(performance.now() - started, `mutant ${i} of ${format}`).toBeLessThan(2000);
    }
    expect(refusals / mutants).toBeGreaterThan(refused);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6);
  });
});
