import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bindingAbi } from '../../../core/models/tensorflow/native/binding.ts';
import { findNativeEngine, loadNativeEngine, whyNoNativeEngine } from '../../../electron/host/native-engine.ts';

const name = 'tensorflow-2.15.1-cpu';
const record = {
  name,
  version: '2.15.1',
  gpu: false,
  abi: bindingAbi,
  sizeBytes: 1,
  verified: { date: '2026-11-22', devices: [] },
};

describe('the engine in use', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(os.tmpdir(), 'native-engine-'));
    folder = path.join(home, name);
    mkdirSync(path.join(folder, 'lib'), { recursive: true });
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
    vi.unstubAllEnvs();
  });

  function layOut(changes: object = {}, leftOut = ''): void {
    writeFileSync(path.join(home, 'active.json'), JSON.stringify({ name }));
    writeFileSync(path.join(folder, 'engine.json'), JSON.stringify({ ...record, ...changes }));
    const files = ['saddlescope-tensorflow.node', 'lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2'];
    for (const file of files) if (file !== leftOut) writeFileSync(path.join(folder, file), 'no library');
  }

  test('is found with its version', () => {
    layOut();
    expect(findNativeEngine(home)).toEqual({ folder, name, version: '2.15.1', gpu: false });
    expect(whyNoNativeEngine(home)).toBeNull();
  });

  test.each([
    ['nothing is installed', () => {}, 'No TensorFlow engine is in use'],
    ['its addon has another interface', () => layOut({ abi: bindingAbi + 1 }), 'another version of Saddlescope'],
    ['a library is missing', () => layOut({}, 'lib/libtensorflow_cc.so.2'), 'lacks its file lib/libtensorflow_cc.so.2'],
    ['its record is broken', () => layOut({ version: 3 }), 'No TensorFlow engine is in use'],
  ])('is none where %s', (_, prepare, why) => {
    prepare();
    expect(findNativeEngine(home)).toBeNull();
    expect(whyNoNativeEngine(home)).toContain(why);
  });

  test('that is no addon is refused with the reason', () => {
    layOut();
    expect(() => loadNativeEngine(findNativeEngine(home)!)).toThrow(
      /The engine tensorflow-2\.15\.1-cpu could not be opened: .*\. Install it again/s,
    );
  });

  test.each(['0', '1.5', 'many', '-2'])('is not opened with SADDLESCOPE_THREADS=%s', (threads) => {
    layOut();
    vi.stubEnv('SADDLESCOPE_THREADS', threads);
    expect(() => loadNativeEngine(findNativeEngine(home)!)).toThrow(`SADDLESCOPE_THREADS is '${threads}'.`);
  });
});
