import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { installEngine } from '../../../../electron/host/engine/install-engine.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { canMountMemory, mountMemory } from '../../../support/memory-disk.ts';
import { fakeLibraries, writeWheel } from '../../../support/wheels.ts';

/** Another program takes the room between the look at it and the writing. */
vi.mock('../../../../electron/host/engine/free-space.ts', () => ({ requireSpace: async () => {} }));

const isPlatform = process.platform === 'linux' && process.arch === 'x64';

describe.skipIf(!canMountMemory || !isPlatform)('a disk that becomes full while an engine is unpacked', () => {
  test('is named, and nothing is left on it', async () => {
    const disk = mountMemory(1000);
    const home = path.join(disk.folder, 'engines');
    try {
      const wheel = writeWheel(temporaryFolder(), { files: fakeLibraries(900_000) });
      await expect(installEngine({ wheel, home })).rejects.toThrow(`The disk of ${home} is full.`);
      expect(existsSync(home) && readdirSync(home)).toEqual([]);
    } finally {
      disk.unmount();
    }
  });
});
