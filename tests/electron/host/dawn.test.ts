import { afterEach, describe, expect, test, vi } from 'vitest';
import { describeAdapter, type GpuAdapter } from '../../../core/models/tensorflow/webgpu/gpu.ts';
import { nodeGpu } from '../../../electron/host/dawn.ts';

const adapter = (parts: Partial<GpuAdapter>) =>
  ({ features: new Set(), limits: {}, requestDevice: () => Promise.reject(new Error('none')), ...parts }) as GpuAdapter;

describe('an adapter in words', () => {
  test.each([
    [{ vendor: 'google', architecture: 'swiftshader', device: 'swiftshader-device-subzero-' }, 'SwiftShader', true],
    [{ vendor: 'mesa', device: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, 'llvmpipe', true],
    [
      { vendor: 'nvidia', architecture: 'hopper', device: 'NVIDIA H100', description: 'driver 550' },
      'NVIDIA H100',
      false,
    ],
    // All that a page is told.
    [{ vendor: 'intel', architecture: 'xe', device: '', description: '' }, 'intel xe', false],
    [{ vendor: '', architecture: '', device: 'Some renderer', isFallbackAdapter: true }, 'Some renderer', true],
  ])('%j is %s, software: %s', async (info, description, software) => {
    expect(await describeAdapter(adapter({ info }))).toEqual({ description, software });
  });

  test('browsers before `info` are asked in their own way', async () => {
    const old = adapter({ isFallbackAdapter: true, requestAdapterInfo: async () => ({ vendor: 'someone' }) });
    expect(await describeAdapter(old)).toEqual({ description: 'someone', software: true });
  });
});

describe('a GPU of plain Node', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('inside Electron nothing is even loaded, in its threads too, where only the version of V8 tells', async () => {
    const dlopen = vi.fn();
    vi.stubGlobal('process', { ...process, dlopen, platform: 'linux', versions: { v8: '11.4.183.14-electron.0' } });
    expect(await nodeGpu()).toBeNull();
    expect(dlopen).not.toHaveBeenCalled();
  });
});
