import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeNpz } from '../../../../core/formats/npz.ts';
import { arraysOfLandscape } from '../../../../core/formats/slice-npz.ts';
import { readLandscapeNpz } from '../../../../core/formats/sniff-landscape.ts';
import type { FileReference, Methods } from '../../../../core/protocol/methods.ts';
import {
  writeDirectionFile,
  writeProjectionFile,
  writeSnapshotFile,
  writeSurfaceFile,
} from '../../../../electron/host/hdf5/index.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { Failed, serviceForTests } from '../../../support/compute-service.ts';
import { landscapeOf } from '../../../support/landscapes.ts';

const folder = temporaryFolder();
const { service, connected } = serviceForTests();
const page = connected();
afterAll(() => service.close());

/** Written and granted, under a name of its own. */
function granted(name: string, bytes: Uint8Array): FileReference {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  const reference = randomBytes(8).toString('hex');
  service.grant(reference, file);
  return reference;
}

type Beside = Partial<Pick<Methods['readLandscape']['params'], 'directions' | 'projection'>>;
const read = (file: FileReference, beside: Beside = {}) =>
  page.answered('readLandscape', { file, directions: null, projection: null, ...beside });

async function landscape(file: FileReference, beside: Beside = {}) {
  const answer = await read(file, beside);
  if (answer.kind !== 'landscape') throw new Error(`It is ${answer.kind}.`);
  return answer.landscape;
}

const refused = async (file: FileReference, beside: Beside = {}) => {
  const problem = await read(file, beside).catch((found: unknown) => found);
  if (!(problem instanceof Failed)) throw new Error('It was not refused.');
  return problem.failure;
};

const given = landscapeOf(7, 4);
const directionTensors = [
  [2, 0, 0],
  [0, 0.5, 0],
].map((data) => [{ shape: [3, 1], data: Float64Array.from(data) }]);
const projected = {
  steps: [0, 10],
  coordinates: [Float64Array.of(0.5, -1), Float64Array.of(0.25, 0)],
  distance: null,
  loss: null,
};
const directions = granted('d.h5', await writeDirectionFile(directionTensors));
const surface = granted('surface.h5', (await writeSurfaceFile(given, { directionFile: 'd.h5' })).bytes);
const snapshot = await writeSnapshotFile(given);

describe('landscape files through the process that computes', () => {
  test('surfaces, snapshots and archives come as typed arrays with their values in place', async () => {
    for (const file of [
      surface,
      granted('ours.h5', await writeSnapshotFile(given)),
      granted('ours.npz', writeNpz(arraysOfLandscape(given))),
    ]) {
      const { axes, fields } = await landscape(file);
      expect(axes.map(({ coordinates }) => coordinates)).toEqual(given.axes.map(({ coordinates }) => coordinates));
      expect(fields[0]).toMatchObject({ quantity: 'loss', values: given.fields[0]!.values });
    }
  });

  test('a volume larger than one message comes whole', async () => {
    const large = landscapeOf(80, 70, 60);
    const { fields } = await landscape(granted('large.npz', writeNpz(arraysOfLandscape(large), { deflate: false })));
    expect(fields[0]!.values).toEqual(large.fields[0]!.values);
  });

  test('directions in full stay behind, and a note says how many numbers they are', async () => {
    const whole = {
      ...given,
      directions: [3, 3].map((p, k) => [{ name: `d${k}`, shape: [p], data: new Float64Array(p) }]),
    };
    const file = await landscape(granted('full.npz', writeNpz(arraysOfLandscape(whole))));
    expect(file.directions).toBeNull();
    expect(file.notes.directions).toBe('3, 3 numbers');
  });

  test('direction and projection files say what they are, and add to their surface', async () => {
    const pair = { norms: [2, 0.5], cosine: 0 };
    const cosine = granted('d.h5_proj_cos.h5', await writeProjectionFile(projected, 'cos', pair));
    const squares = granted('d.h5_proj_lstsq.h5', await writeProjectionFile(projected, 'lstsq', pair));
    expect(await read(directions)).toEqual({ kind: 'directions' });
    expect(await read(cosine)).toEqual({ kind: 'projection' });
    for (const beside of [
      { directions, projection: cosine },
      { directions, projection: squares },
      { projection: squares },
    ])
      expect((await landscape(surface, beside)).path?.coordinates).toEqual(projected.coordinates);
    expect((await landscape(surface, { directions })).axes.map(({ norm }) => norm)).toEqual([2, 0.5]);
    // Lengths are not drawn where multiples belong.
    const without = await landscape(surface, { projection: cosine });
    expect(without.path).toBeNull();
    expect(without.announcements.join(' ')).toContain('give the direction file');
  });

  test('a file is written in other forms, with its directions in full', async () => {
    const ask = (kind: Methods['landscapeFile']['params']['kind'], beside: Beside = {}) =>
      page.answered('landscapeFile', { file: surface, directions: null, projection: null, ...beside, kind });
    const { bytes } = await ask('npz', { directions });
    const back = readLandscapeNpz(bytes);
    expect(back.fields[0]).toMatchObject({ quantity: 'loss', values: given.fields[0]!.values });
    expect(back.directions?.map(([tensor]) => [...tensor!.data])).toEqual([
      [2, 0, 0],
      [0, 0.5, 0],
    ]);
    const again = granted('again.h5', (await ask('surface')).bytes);
    expect((await landscape(again)).notes.dir_file).toBe('d.h5');
    expect(new TextDecoder().decode((await ask('vts')).bytes)).toContain('StructuredGrid');
  });

  test('a path of another plane is told, one with another number of axes refused', async () => {
    const pair = { norms: [2, 0.5], cosine: 0 };
    const other = granted('other.h5_proj_lstsq.h5', await writeProjectionFile(projected, 'lstsq', pair));
    expect((await landscape(surface, { projection: other })).announcements.join(' ')).toContain('another plane');
    const line = granted('line.h5', (await writeSurfaceFile(landscapeOf(5), { directionFile: 'd.h5' })).bytes);
    expect((await refused(line, { projection: other })).found).toBe(
      'other.h5_proj_lstsq.h5 has 2 coordinates a point, and the surface one axis.',
    );
  });

  test.each([
    ['empty.h5', new Uint8Array(), /^empty\.h5: The file is empty\.$/],
    ['pickle.h5', Uint8Array.of(0x80, 4, 1, 2), /pickle, which can carry code and is never read/],
    ['text.npz', new TextEncoder().encode('PK\u0003\u0004 no archive'), /^text\.npz: /],
    ['cut.h5', snapshot.slice(0, 700), /^cut\.h5: /],
  ])('%s gives one sentence on what and one on what to do', async (name, bytes, found) => {
    const failure = await refused(granted(name, bytes));
    expect(failure.kind).toBe('badInput');
    expect(failure.found).toMatch(found);
    expect(failure.advice).toMatch(/^[A-Z].*\.$/);
  });

  test('what was never granted is not read', async () => {
    expect((await refused('/etc/hostname')).found).toBe('The file was not opened in this session.');
  });
});
