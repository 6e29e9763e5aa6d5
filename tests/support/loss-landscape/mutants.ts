import { expect } from 'vitest';
import { directionTree } from '../../../core/formats/loss-landscape/directions.ts';
import { snapshotTree } from '../../../core/formats/loss-landscape/snapshot.ts';
import { surfaceTree } from '../../../core/formats/loss-landscape/write-surface.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { hdf5Bytes } from '../../../electron/host/hdf5/hdf5-thread.ts';
import { mutant } from '../../core/formats/mutation-fuzz.ts';
import { bundledEntry } from '../bundled-entry.ts';
import { smallLandscape } from './landscapes.ts';
import { endsOf } from './many-files.ts';

/** Mutants of three real files end in a value or a named error; those on which HDF5 itself never ends are counted. */
export async function readMutants(count: number, seed: number): Promise<{ readonly endless: readonly Uint8Array[] }> {
  const reader = await bundledEntry('tests', 'support', 'loss-landscape', 'mutant-worker.ts');
  try {
    const landscape = smallLandscape(2);
    const trees = [
      snapshotTree(smallLandscape(3)),
      surfaceTree(landscape, { directionFile: 'd.h5' }).tree,
      directionTree(landscape.directions!),
    ];
    const seeds = await Promise.all(trees.map((tree) => hdf5Bytes(tree)));
    const random = randomFromSeed(seed);
    const mutants = Array.from({ length: count }, () => mutant(seeds, random));
    const outcomes: string[] = [];
    for (let from = 0; from < count; from += 250) {
      const ends = await endsOf(reader.file, mutants.slice(from, from + 250), 3000);
      outcomes.push(...ends.map(({ outcome, found }) => (outcome === 'fault' ? `fault ${found}` : outcome)));
    }
    expect(outcomes).toHaveLength(count);
    expect(outcomes.filter((outcome) => outcome.startsWith('fault'))).toEqual([]);
    // A reader that took anything would not refuse; one that took nothing would not read.
    const share = (is: (outcome: string) => boolean) => outcomes.filter(is).length / count;
    expect(share((outcome) => outcome === 'tree')).toBeGreaterThan(0.1);
    expect(share((outcome) => /^(hdf5|array)-/.test(outcome))).toBeGreaterThan(0.25);
    // Nearly all end by themselves.
    expect(share((outcome) => outcome === 'silent')).toBeLessThan(0.005);
    return { endless: mutants.filter((_, i) => outcomes[i] === 'silent') };
  } finally {
    await reader.remove();
  }
}
