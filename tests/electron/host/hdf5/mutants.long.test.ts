import { expect, it } from 'vitest';
import { FormatError } from '../../../../core/formats/format-error.ts';
import { hdf5Tree } from '../../../../electron/host/hdf5/hdf5-thread.ts';
import { bundledEntry } from '../../../support/bundled-entry.ts';
import { readMutants } from '../../../support/loss-landscape/mutants.ts';

it('2,000 mutants of our files end in a value or a named error; where HDF5 never ends, its thread is ended', async () => {
  const { endless } = await readMutants(2000, 20_180_706);
  const thread = await bundledEntry('electron', 'host', 'hdf5', 'thread.ts');
  try {
    for (const bytes of endless) {
      const reading = hdf5Tree(bytes, { file: thread.file, limitMs: 4000 });
      await expect(reading).rejects.toThrow(FormatError);
      await expect(reading).rejects.toMatchObject({ rule: 'hdf5-time' });
    }
  } finally {
    await thread.remove();
  }
}, 300_000);
