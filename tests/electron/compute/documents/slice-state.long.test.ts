import { rmSync } from 'node:fs';
import { afterAll, describe, test } from 'vitest';
import { temporaryFolder } from '../../../support/command-line.ts';
import { nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { expectSameBytes, stoppedSlices } from '../../../support/stopped-slice.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

describe('stopped at several places and taken up again, in wasm', () => {
  test.each(stoppedSlices)('%s has the same bytes', async (_what, parameters) => {
    await expectSameBytes(folder, ['engine=wasm'], parameters);
  });
});

describe.skipIf(nativeEngine === null)(`stopped at several places, in TensorFlow (${noNativeEngine})`, () => {
  test.each(stoppedSlices)('%s has the same bytes', async (_what, parameters) => {
    await expectSameBytes(folder, ['engine=tensorflow'], parameters);
  });
});
