import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { measureProduct, type ProductTime } from '../../compute/measure-product.ts';
import { assetsFolder } from '../../host/assets-folder.ts';
import type { Verification } from '../../host/engine/check-operations.ts';
import { EngineFault } from '../../host/engine/engine-fault.ts';
import {
  activeEngine,
  type EngineRecord,
  type InstalledEngine,
  installedEngines,
} from '../../host/engine/engines-home.ts';
import { type GpuPresence, gpuPresence, whyNoGpu } from '../../host/engine/gpu-presence.ts';
import { verifyEngine } from '../../host/engine/verify-engine.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
import { version } from '../../host/version.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-codes.ts';

/** An engine as the list tells it, without the details of its wheel. */
type EngineRow = Pick<EngineRecord, 'name' | 'version' | 'gpu' | 'sizeBytes' | 'verified'> & {
  readonly active: boolean;
};

interface Findings {
  readonly saddlescope: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly webAssemblySimd: boolean;
  /** The engine in use, or why none. */
  readonly nativeTensorflow: string;
  readonly installed: readonly EngineRow[];
  /** What the engine in use says here and now; null where there is none or it does not work. */
  readonly native: Verification | null;
  readonly gpu: GpuPresence & { readonly unusedBecause: string | null };
  readonly engines: readonly ProductTime[];
}

/** `(module (func (result v128) i32.const 0 i8x16.splat))`: valid only where 128-bit vectors are. */
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

const sample = async (settings: readonly string[]): Promise<ProductTime> => {
  const file = path.join(assetsFolder(), 'experiments', 'digits-mlp.yaml');
  const yaml = new TextDecoder().decode(await readBoundedFile(file));
  return measureProduct(readExperiment(yaml, file, settings.map(readSetting)));
};

/**
 * Times the engine in use in a process of its own, which loads it and may end by it; in double precision that process
 * asks for another one. Null where this engine cannot be asked for that precision.
 */
function nativeSample(precision: 'float32' | 'float64'): Promise<ProductTime | null> {
  const words = ['doctor', '--json', '--set', 'engine=tensorflow', '--set', `precision=${precision}`];
  const child = spawn(process.execPath, [process.argv[1] ?? '', ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve(code === 0 ? ((JSON.parse(output) as readonly ProductTime[])[0] ?? null) : null),
    );
  });
}

interface NativeEngine {
  readonly active: InstalledEngine | null;
  readonly native: Verification | null;
  readonly text: string;
}

/** The engine in use, checked here and now: a driver or a library may have changed since it was installed. */
async function nativeEngine(): Promise<NativeEngine> {
  const active = activeEngine();
  if (active === null) return { active, native: null, text: 'not installed; saddlescope engine install' };
  const { name } = active.record;
  try {
    const native = await verifyEngine(active.folder);
    return { active, native, text: `${native.version} (${name}), float32 and float64, ${native.threads} threads` };
  } catch (problem) {
    if (!(problem instanceof EngineFault)) throw problem;
    return { active, native: null, text: `${name} does not work: ${problem.message}` };
  }
}

async function findings(): Promise<Findings> {
  const { active, native, text } = await nativeEngine();
  const installed = (await installedEngines()).map(({ active, record }) => {
    const { name, version, gpu, sizeBytes, verified } = record;
    return { name, version, gpu, sizeBytes, active, verified };
  });
  const presence = gpuPresence();
  const usesGpu = native?.devices.some(({ kind }) => kind === 'GPU') ?? false;
  const natively = native ? [await nativeSample('float32'), await nativeSample('float64')] : [];
  return {
    saddlescope: version,
    node: process.version,
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    processor: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: os.totalmem() / 2 ** 30,
    webAssemblySimd: WebAssembly.validate(simdProbe),
    nativeTensorflow: text,
    installed,
    native,
    gpu: { ...presence, unusedBecause: whyNoGpu(presence, active && { gpu: active.record.gpu, usesGpu }) },
    engines: [
      await sample(['engine=wasm']),
      await sample(['precision=float64']),
      await sample(['engine=cpu']),
      ...natively.filter((time) => time !== null),
    ],
  };
}

const timeRow = ({ engine, precision, gradientMs, productMs }: ProductTime): string =>
  `  ${(engine.includes(precision) ? engine : `${engine} ${precision}`).padEnd(22)} gradient ${gradientMs.toFixed(1).padStart(7)} ms   product ${productMs.toFixed(1).padStart(7)} ms   ratio ${(productMs / gradientMs).toFixed(2)}`;

const installedRow = ({ name, active, sizeBytes, verified }: EngineRow): string =>
  `  ${active ? '*' : ' '} ${name.padEnd(24)} ${Math.round(sizeBytes / 1e6)} MB, checked ${verified.date.slice(0, 10)}`;

function gpuRow({ gpu, native }: Findings): string {
  const used = native?.devices.filter(({ kind }) => kind === 'GPU') ?? [];
  const memory = used.map(({ memoryBytes }) => `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`).join(', ');
  if (gpu.unusedBecause === null)
    return `${gpu.cards.join('; ') || used.length}, ${memory} usable, driver ${gpu.driver ?? 'unknown'}`;
  return `none is used: ${gpu.unusedBecause}${gpu.cards.length > 0 ? ` (${gpu.cards.join('; ')})` : ''}`;
}

const rows = (found: Findings): string[] => [
  `saddlescope ${found.saddlescope}, Node ${found.node}, ${found.platform}`,
  `${found.processor}, ${found.cores} cores, ${found.memoryGiB.toFixed(1)} GiB`,
  `WebAssembly SIMD: ${found.webAssemblySimd ? 'yes' : 'no; every product will be slow'}`,
  `native TensorFlow: ${found.nativeTensorflow}`,
  ...(found.installed.length > 1 || found.native === null ? found.installed.map(installedRow) : []),
  `GPU: ${gpuRow(found)}`,
  '',
  'Digits, 784-64-10, 1,000 examples (medians):',
  ...found.engines.map(timeRow),
];

export const doctor: Command = {
  description: {
    name: 'doctor',
    operands: [],
    summary: 'What this machine has, and the measured time of one gradient and one Hessian product on each engine.',
    options: [
      { name: 'json', value: null, help: 'one JSON document on standard output' },
      {
        name: 'set',
        value: 'KEY=VALUE',
        help: 'time the sample with these settings alone, e.g. engine=wasm',
        many: true,
      },
    ],
  },
  async run(args, terminal) {
    const missing = ['data/digits.npz'].filter((file) => !existsSync(path.join(assetsFolder(), file)));
    if (missing.length > 0) terminal.err.write(`Missing from the installation: ${missing.join(', ')}.\n`);
    const settings = args.texts('set');
    if (settings.length > 0) {
      const time = await sample(settings);
      terminal.out.write(args.has('json') ? `${writeJson([time])}\n` : `${timeRow(time)}\n`);
      return exitCode.done;
    }
    const found = await findings();
    terminal.out.write(args.has('json') ? `${writeJson(found)}\n` : `${rows(found).join('\n')}\n`);
    return exitCode.done;
  },
};
