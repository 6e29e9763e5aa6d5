import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { readBoundedFile, readDataset } from '../../../electron/host/read-dataset.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'read-dataset-'));
  writeFileSync(at('a.csv'), 'x,y\n1,0\n2,1\n');
  writeFileSync(
    at('train-images-idx3-ubyte.gz'),
    gzipSync(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 51, 255)),
  );
  writeFileSync(at('train-labels-idx1-ubyte.gz'), gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 1)));
  writeFileSync(at('t10k-images-idx3-ubyte'), Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 51, 255));
});
afterAll(() => rmSync(folder, { recursive: true }));

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const problem = await work.then(
    () => expect.fail('was read'),
    (thrown: unknown) => thrown,
  );
  expect(problem).toBeInstanceOf(BadInput);
  return (problem as BadInput).message;
};

describe('data sets from paths', () => {
  it('a table', async () => {
    expect(await readDataset(at('a.csv'))).toMatchObject({ name: 'a.csv', examples: 2, inputShape: [1] });
  });

  it('IDX images find their labels by the names of the MNIST files', async () => {
    expect(await readDataset(at('train-images-idx3-ubyte.gz'))).toMatchObject({
      inputShape: [1, 2, 1],
      targets: { labels: Int32Array.of(1) },
    });
  });

  it('labels can be stated', async () => {
    const data = await readDataset(at('t10k-images-idx3-ubyte'), {
      labels: at('train-labels-idx1-ubyte.gz'),
      classes: 10,
    });
    expect(data.targets).toMatchObject({ classes: 10 });
  });

  it('missing labels are named', async () => {
    expect(await refusal(readDataset(at('t10k-images-idx3-ubyte')))).toMatch(
      /t10k-labels-idx1-ubyte does not exist\. Check the path\.$/,
    );
  });

  it('a missing file, a folder, a path through a file', async () => {
    expect(await refusal(readDataset(at('none.npz')))).toMatch(/none\.npz does not exist/);
    expect(await refusal(readDataset(folder))).toMatch(/is a folder/);
    expect(await refusal(readDataset(at('a.csv/b.csv')))).toMatch(/does not exist/);
  });

  it('a file beyond 2 GiB is refused by its size, unread', async () => {
    writeFileSync(at('huge.npz'), '');
    truncateSync(at('huge.npz'), 2 ** 31 + 1);
    const before = process.memoryUsage().arrayBuffers;
    expect(await refusal(readDataset(at('huge.npz')))).toMatch(/2147483649 bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });

  it('the limit can be lower', async () => {
    expect(await refusal(readBoundedFile(at('a.csv'), 5))).toMatch(/has 12 bytes/);
    expect((await readBoundedFile(at('a.csv'), 12)).length).toBe(12);
  });

  const windows = process.platform === 'win32';
  it.skipIf(windows)(`a pipe does not block${windows ? ' (skipped: no named pipes on Windows)' : ''}`, async () => {
    execFileSync('mkfifo', [at('pipe.csv')]);
    expect(await refusal(readDataset(at('pipe.csv')))).toMatch(/no regular file/);
  });

  const almighty = process.getuid?.() === 0 || windows;
  it.skipIf(almighty)(
    `a file without permission${almighty ? ' (skipped: this user may read everything)' : ''}`,
    async () => {
      writeFileSync(at('locked.csv'), 'x,y\n1,0\n');
      chmodSync(at('locked.csv'), 0);
      expect(await refusal(readDataset(at('locked.csv')))).toMatch(/may not be read/);
    },
  );
});
