import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { cudaRequirements, unpackCudaWheel } from '../../../../electron/host/engine/gpu-libraries.ts';
import { type GpuPresence, whyNoGpu } from '../../../../electron/host/engine/gpu-presence.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { writeWheel } from '../../../support/wheels.ts';

describe('the libraries of CUDA', () => {
  test('are those that the wheel asks for under and-cuda, in the old and the new form of such lines', () => {
    const requirements = [
      'absl-py (>=1.0.0)',
      "nvidia-cublas-cu12 (==12.2.5.6) ; extra == 'and-cuda'",
      'nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
      'tensorflow-cpu-aws (==2.15.1) ; platform_system == "Linux"',
    ];
    expect(cudaRequirements({ file: 'x.whl', requirements })).toEqual([
      'nvidia-cublas-cu12==12.2.5.6',
      'nvidia-cudnn-cu12<10.0,>=9.3.0.75',
    ]);
  });

  test('a wheel that names none, or something that is no package, gives nothing to pip', () => {
    const requirements = ['numpy', "--index-url nvidia-x-cu12 ; extra == 'and-cuda'"];
    expect(() => cudaRequirements({ file: 'x.whl', requirements })).toThrow(BadInput);
  });

  test('lie where the library looks for them, and headers stay out', async () => {
    const files = {
      'nvidia/cublas/lib/libcublas.so.12': Uint8Array.of(1, 2, 3),
      'nvidia/cublas/include/cublas.h': Uint8Array.of(4),
      'nvidia/cublas/lib/libcublas_static.a': Uint8Array.of(5),
      'nvidia/../../escaped/lib/libx.so': Uint8Array.of(6),
      'nvidia/__init__.py': Uint8Array.of(7),
    };
    const wheel = writeWheel(temporaryFolder(), { name: 'nvidia_cublas_cu12', version: '12.2.5.6', files });
    const engine = path.join(temporaryFolder(), 'engine');
    mkdirSync(engine);
    expect(await unpackCudaWheel(wheel, engine)).toBe('nvidia-cublas-cu12 12.2.5.6');
    // The library lies in lib/ and looks in $ORIGIN/../nvidia/cublas/lib.
    const found = path.join(engine, 'lib', '..', 'nvidia', 'cublas', 'lib', 'libcublas.so.12');
    expect([...readFileSync(path.normalize(found))]).toEqual([1, 2, 3]);
    for (const absent of [
      'nvidia/cublas/include',
      'nvidia/cublas/lib/libcublas_static.a',
      '../escaped',
      '../../escaped',
    ])
      expect(existsSync(path.join(engine, absent))).toBe(false);
  });
});

describe('why no GPU computes', () => {
  const nothing: GpuPresence = { devices: [], driver: null, hasLibrary: false, cards: [] };
  const whole: GpuPresence = { devices: ['/dev/nvidia0'], driver: '535.1', hasLibrary: true, cards: ['A card, 8 MiB'] };
  const cases: readonly (readonly [string, GpuPresence, Parameters<typeof whyNoGpu>[1], string | null])[] = [
    ['nothing is there', nothing, null, 'no NVIDIA driver'],
    ['a container without its device', { ...nothing, driver: '535.1' }, null, 'no /dev/nvidia0'],
    ['a device without its library', { ...whole, hasLibrary: false }, null, 'libcuda.so.1'],
    ['no engine', whole, null, 'engine install --gpu'],
    ['the engine for the processor', whole, { gpu: false, usesGpu: false }, 'engine install --gpu'],
    ['an engine that finds none', whole, { gpu: true, usesGpu: false }, 'too old'],
    ['an engine that uses it', whole, { gpu: true, usesGpu: true }, null],
  ];
  test.each(cases)('%s', (_, presence, engine, told) => {
    const why = whyNoGpu(presence, engine);
    if (told === null) expect(why).toBeNull();
    else expect(why).toContain(told);
  });
});
