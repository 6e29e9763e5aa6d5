import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { openWheel } from '../../../../electron/host/engine/wheel.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { writeWheel } from '../../../support/wheels.ts';

const library = 'tensorflow/libtensorflow_cc.so.2';
const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7);

async function unpacked(file: string): Promise<Uint8Array> {
  const wheel = await openWheel(file);
  try {
    const member = wheel.members.find(({ name }) => name === library);
    if (member === undefined) throw new Error('the member is not listed');
    const target = path.join(temporaryFolder(), 'library');
    await wheel.unpack(member, target, {});
    return readFileSync(target);
  } finally {
    await wheel.close();
  }
}

test('says what it is, and gives its files byte by byte', async () => {
  const requirements = ['numpy (<2.0.0)', "nvidia-cublas-cu12 (==12.2.5.6) ; extra == 'and-cuda'"];
  const file = writeWheel(temporaryFolder(), { files: { [library]: content }, requirements });
  const { name, version, tags, requirements: read, close } = await openWheel(file);
  await close();
  expect([name, version, tags, read]).toEqual([
    'tensorflow-cpu',
    '2.15.1',
    ['cp311-cp311-manylinux2014_x86_64'],
    requirements,
  ]);
  expect(Buffer.compare(await unpacked(file), content)).toBe(0);
});

/** Python's own writer, told that 100 bytes need the form of large archives. */
const zip64Program = `
import sys, zipfile
zipfile.ZIP64_LIMIT = 100
source, target = sys.argv[1:]
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as new:
    for name in old.namelist():
        with new.open(name, 'w', force_zip64=True) as member: member.write(old.read(name))
`;
const hasPython = spawnSync('python3', ['-c', 'import zipfile']).status === 0;

describe.skipIf(!hasPython)('with Python', () => {
  test('zip64 archives are read', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'large.whl');
    const made = spawnSync('python3', [
      '-c',
      zip64Program,
      writeWheel(folder, { files: { [library]: content } }),
      file,
    ]);
    expect(made.stderr.toString()).toBe('');
    expect(readFileSync(file).includes(Buffer.from('PK\u0006\u0006', 'latin1'))).toBe(true);
    expect(Buffer.compare(await unpacked(file), content)).toBe(0);
  });
});

const damage: Readonly<Record<string, (file: string) => void>> = {
  'is cut off in the middle': (file) => truncateSync(file, statSync(file).size >> 1),
  'is empty': (file) => truncateSync(file, 0),
  'is no zip file': (file) => writeFileSync(file, 'tensorflow '.repeat(1000)),
  'has other bytes inside': (file) => {
    const all = readFileSync(file);
    all.fill(0x55, 2000, 2400);
    writeFileSync(file, all);
  },
  'points outside itself': (file) => {
    const all = readFileSync(file);
    all.writeUInt32LE(0x7fffffff, all.length - 6);
    writeFileSync(file, all);
  },
};

test.each(Object.entries(damage))('a wheel that %s is bad input', async (_, spoil) => {
  const file = writeWheel(temporaryFolder(), { files: { [library]: content } });
  spoil(file);
  await expect(unpacked(file)).rejects.toThrow(BadInput);
  await expect(unpacked(file)).rejects.toThrow(file);
});

test('a file with another checksum than RECORD says is bad input', async () => {
  const file = writeWheel(temporaryFolder(), { files: { [library]: content }, wrongChecksumOf: library });
  await expect(unpacked(file)).rejects.toThrow(`${library} does not have the checksum that its RECORD says`);
});

test('a zip file that is no wheel, a folder and nothing at all are bad input', async () => {
  const folder = temporaryFolder();
  const zip = path.join(folder, 'empty.zip');
  writeFileSync(zip, Buffer.concat([Buffer.from('PK\u0005\u0006', 'latin1'), Buffer.alloc(18)]));
  await expect(openWheel(zip)).rejects.toThrow('it has no METADATA');
  await expect(openWheel(folder)).rejects.toThrow(BadInput);
  await expect(openWheel(path.join(folder, 'absent.whl'))).rejects.toThrow('does not exist');
});
