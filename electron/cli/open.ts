import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { readSetting, type Setting } from '../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../core/experiment/read-experiment.ts';
import { writeExperiment } from '../../core/experiment/write-experiment.ts';
import { type GivenExperiment, lossDifferences } from '../compute/open-point.ts';
import { readBoundedFile } from '../host/read-dataset.ts';
import { isRunFolder, readExperimentYaml, readProvenance, readStoredExperiment } from '../host/run-folder.ts';
import type { Arguments, OptionDescription } from './arguments.ts';

/** Options of every command that computes on an experiment. */
export const experimentOptions: readonly OptionDescription[] = [
  {
    name: 'set',
    value: 'key=value',
    many: true,
    help: 'change a setting of the experiment, e.g. optimizer.sgd.learningRate=0.05',
  },
  { name: 'engine', value: 'tensorflow|webgpu|wasm|cpu', help: 'force the tensor engine' },
  { name: 'precision', value: 'float32|float64', help: 'compute in this precision' },
  { name: 'threads', value: 'N', help: 'threads of the engine; TensorFlow takes all cores by itself, WebAssembly one' },
];

function settingsOf(args: Arguments): Setting[] {
  const threads = args.number('threads', { least: 1 });
  // Read by whatever opens an engine, also in threads and in processes that this one starts.
  if (threads !== undefined) process.env.SADDLESCOPE_THREADS = String(threads);
  const engine = args.choice('engine', ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const);
  const precision = args.choice('precision', ['float32', 'float64'] as const);
  return [
    ...args.texts('set').map(readSetting),
    ...(engine ? [{ path: ['engine'], value: engine }] : []),
    ...(precision ? [{ path: ['precision'], value: precision }] : []),
  ];
}

const experimentBytes = 2 ** 22;

/** The operand EXPERIMENT or RUN: a YAML file, or a folder that `train` has written. */
export async function readGiven(operand: string, args: Arguments): Promise<GivenExperiment> {
  if (await isRunFolder(operand)) {
    const yaml = await readExperimentYaml(operand);
    const { baseFolder } = await readProvenance(operand);
    const settings = settingsOf(args);
    // The stored form has the settings of the command line that started the run; the YAML has not.
    const { experiment: stored } = await readStoredExperiment(operand);
    const experiment = settings.length === 0 ? stored : changed(stored, operand, settings);
    return { experiment, yaml, baseFolder, run: operand, differs: lossDifferences(stored, experiment) };
  }
  const stat = await fs.stat(operand).catch(() => null);
  if (stat?.isDirectory())
    throw new BadInput(
      `${operand} is a folder without a run in it.`,
      'Give the folder of a run that `saddlescope train` has written, or an experiment file.',
    );
  const yaml = new TextDecoder().decode(await readBoundedFile(operand, experimentBytes));
  return {
    experiment: readExperiment(yaml, operand, settingsOf(args)),
    yaml,
    baseFolder: path.dirname(path.resolve(operand)),
    run: null,
    differs: [],
  };
}

/** The stored experiment with settings changed: it is read again like a file, so that every check holds. */
const changed = (experiment: Experiment, run: string, settings: readonly Setting[]): Experiment =>
  readExperiment(writeExperiment(experiment), path.join(run, 'experiment.json'), settings);
