import { describe, expect, test } from 'vitest';
import type { EngineReport, EngineRow } from '../../../../core/protocol/engines.ts';
import {
  amountText,
  automaticEngine,
  checkText,
  engineChoices,
  engineProblem,
  phaseText,
  whyAutomatic,
} from '../../../../renderer/panels/engine/engine-words.ts';

const engine: EngineRow = {
  name: 'tensorflow-2.15.1-cpu',
  version: '2.15.1',
  gpu: false,
  active: true,
  usable: true,
  sizeBytes: 614e6,
  checkedAt: '2026-01-02T03:04:05Z',
  results: 90,
  worstFloat32: 9.2e-7,
  worstFloat64: 4e-15,
  threads: 2,
  gpus: [],
};
const machine = (...engines: EngineRow[]): EngineReport => ({
  engines,
  cards: [],
  hasGpu: false,
  whyNoGpu: 'no NVIDIA driver is loaded',
  whyNoInstallation: null,
  platform: 'linux x64',
});
const onGpu: EngineRow = { ...engine, gpu: true, gpus: [{ name: '/device:GPU:0', memoryBytes: 8e9 }] };

describe('what new runs compute with, and why', () => {
  test.each([
    ['nothing installed', machine(), null, 'WebAssembly', /TensorFlow is not installed/],
    ['installed', machine(engine), null, 'TensorFlow 2.15.1', /goes before WebAssembly/],
    ['installed and asked', machine(engine), 'tensorflow', 'TensorFlow 2.15.1', /goes before WebAssembly/],
    ['installed but it does not start', machine(engine), 'wasm', 'WebAssembly', /does not start here/],
    [
      'of another version',
      machine({ ...engine, usable: false }),
      null,
      'WebAssembly',
      /another version of Saddlescope/,
    ],
    [
      'not chosen',
      machine({ ...engine, active: false }),
      null,
      'WebAssembly',
      /none of the installed engines is chosen/,
    ],
    ['with an NVIDIA GPU', machine(onGpu), 'tensorflow', 'TensorFlow 2.15.1 with CUDA', /^An NVIDIA GPU computes\.$/],
    ['WebGPU goes before', machine(engine), 'webgpu (Radeon)', 'WebGPU', /^A GPU computes: Radeon\.$/],
  ] as const)('%s', (_, report, automatic, name, why) => {
    expect(automaticEngine({ report, automatic })).toBe(name);
    expect(whyAutomatic({ report, automatic })).toMatch(why);
  });
});

describe('the choices of an experiment', () => {
  const titleOf = (id: string, precision: string, ...engines: EngineRow[]) =>
    engineChoices({ report: machine(...engines), automatic: null }, precision).find((one) => one.id === id)?.title;

  test('say what they come to on this machine', () => {
    expect(titleOf('auto', 'float32', engine)).toBe('Automatic (TensorFlow 2.15.1)');
    expect(titleOf('auto', 'float32')).toBe('Automatic (WebAssembly)');
    expect(titleOf('auto', 'float64', engine)).toBe('Automatic (closed forms, else TensorFlow 2.15.1)');
    expect(titleOf('auto', 'float64')).toBe('Automatic (closed forms, else plain JavaScript)');
    expect(titleOf('tensorflow', 'float32')).toBe('TensorFlow (not installed)');
    expect(engineChoices(null, 'float32')[0]?.title).toBe('Automatic');
  });

  test.each([
    ['wasm', 'float64', true, /WebAssembly computes in float32 only/],
    ['webgpu', 'float64', true, /WebGPU computes in float32 only/],
    ['tensorflow', 'float32', false, /TensorFlow is not installed/],
  ] as const)('%s in %s is refused with what to do', (name, precision, installed, why) => {
    expect(engineProblem(name, precision, installed ? machine(engine) : machine())).toMatch(why);
  });

  test.each([
    ['wasm', 'float32'],
    ['tensorflow', 'float64'],
    ['cpu', 'float64'],
    ['auto', 'float64'],
  ])('%s in %s is not', (name, precision) => expect(engineProblem(name, precision, machine(engine))).toBeNull());

  test('nothing is refused for want of an engine before the machine is known', () => {
    expect(engineProblem('tensorflow', 'float32', null)).toBeNull();
  });
});

test('progress is told in words and, where it is counted, in megabytes', () => {
  const download = { phase: 'download', done: 84, total: 207, unit: 'MB', of: 'tensorflow-cpu' } as const;
  expect([phaseText(download), amountText(download)]).toEqual(['Downloading tensorflow-cpu', '84 of 207 MB']);
  const check = { phase: 'verify', done: 0, total: 1, unit: 'steps' } as const;
  expect([phaseText(check), amountText(check)]).toEqual(['Checking its results', '']);
});

test('what was seen at the check has its errors as powers of ten', () => {
  expect(checkText(engine)).toBe('90 results right, to 9 × 10⁻⁷ in float32 and 4 × 10⁻¹⁵ in float64');
});
