import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { measureProduct, type ProductTime } from '../../compute/measure-product.ts';
import { assetsFolder } from '../../host/assets-folder.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
import { version } from '../../host/version.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-codes.ts';

interface Findings {
  readonly saddlescope: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly webAssemblySimd: boolean;
  /** Version of the native TensorFlow binding that could be loaded, or why none. */
  readonly nativeTensorflow: string;
  readonly engines: readonly ProductTime[];
}

/** `(module (func (result v128) i32.const 0 i8x16.splat))`: valid only where 128-bit vectors are. */
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

function nativeTensorflow(): string {
  const require = createRequire(path.join(process.cwd(), 'package.json'));
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      return `${name} ${require(manifest).version} is installed, and not used by this version`;
    } catch {
      // not installed
    }
  }
  return 'not installed';
}

const sample = async (settings: readonly string[]): Promise<ProductTime> => {
  const file = path.join(assetsFolder(), 'experiments', 'digits-mlp.yaml');
  const yaml = new TextDecoder().decode(await readBoundedFile(file));
  return measureProduct(readExperiment(yaml, file, settings.map(readSetting)));
};

const rows = (findings: Findings): string[] => [
  `saddlescope ${findings.saddlescope}, Node ${findings.node}, ${findings.platform}`,
  `${findings.processor}, ${findings.cores} cores, ${findings.memoryGiB.toFixed(1)} GiB`,
  `WebAssembly SIMD: ${findings.webAssemblySimd ? 'yes' : 'no; every product will be slow'}`,
  `native TensorFlow: ${findings.nativeTensorflow}`,
  '',
  'Digits, 784-64-10, 1,000 examples (medians):',
  ...findings.engines.map(
    ({ engine, precision, gradientMs, productMs }) =>
      `  ${`${engine} ${precision}`.padEnd(22)} gradient ${gradientMs.toFixed(1).padStart(7)} ms   product ${productMs.toFixed(1).padStart(7)} ms   ratio ${(productMs / gradientMs).toFixed(2)}`,
  ),
];

export const doctor: Command = {
  description: {
    name: 'doctor',
    operands: [],
    summary: 'What this machine has, and the measured time of one gradient and one Hessian product on each engine.',
    options: [{ name: 'json', value: null, help: 'one JSON document on standard output' }],
  },
  async run(args, terminal) {
    const missing = ['data/digits.npz'].filter((file) => !existsSync(path.join(assetsFolder(), file)));
    if (missing.length > 0) terminal.err.write(`Missing from the installation: ${missing.join(', ')}.\n`);
    const findings: Findings = {
      saddlescope: version,
      node: process.version,
      platform: `${os.platform()} ${os.release()} ${os.arch()}`,
      processor: os.cpus()[0]?.model ?? 'unknown',
      cores: os.cpus().length,
      memoryGiB: os.totalmem() / 2 ** 30,
      webAssemblySimd: WebAssembly.validate(simdProbe),
      nativeTensorflow: nativeTensorflow(),
      engines: [await sample(['engine=wasm']), await sample(['precision=float64']), await sample(['engine=cpu'])],
    };
    terminal.out.write(args.has('json') ? `${writeJson(findings)}\n` : `${rows(findings).join('\n')}\n`);
    return exitCode.done;
  },
};
