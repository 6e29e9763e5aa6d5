import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { canonicalJson, type Experiment } from '../../core/experiment/experiment.ts';
import { readSetting, type Setting } from '../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../core/experiment/read-experiment.ts';
import { writeExperiment } from '../../core/experiment/write-experiment.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import { thetaOfCheckpoint } from '../compute/checkpoint-state.ts';
import { hostTheta, type OpenedExperiment, openExperiment } from '../compute/open-experiment.ts';
import { readBoundedFile } from '../host/read-dataset.ts';
import {
  checkpointSteps,
  isRunFolder,
  readCheckpoint,
  readExperimentYaml,
  readProvenance,
  readStoredExperiment,
} from '../host/run-folder.ts';
import type { Arguments, OptionDescription } from './arguments.ts';

/** Options of every command that computes on an experiment. */
export const experimentOptions: readonly OptionDescription[] = [
  {
    name: 'set',
    value: 'key=value',
    many: true,
    help: 'change a setting of the experiment, e.g. optimizer.sgd.learningRate=0.05',
  },
  { name: 'engine', value: 'wasm|cpu', help: 'force the tensor engine' },
  { name: 'precision', value: 'float32|float64', help: 'compute in this precision' },
];

function settingsOf(args: Arguments): Setting[] {
  const engine = args.choice('engine', ['wasm', 'cpu'] as const);
  const precision = args.choice('precision', ['float32', 'float64'] as const);
  return [
    ...args.texts('set').map(readSetting),
    ...(engine ? [{ path: ['engine'], value: engine }] : []),
    ...(precision ? [{ path: ['precision'], value: precision }] : []),
  ];
}

export interface GivenExperiment {
  readonly experiment: Experiment;
  readonly yaml: string;
  readonly baseFolder: string;
  /** The run folder, where one was given instead of an experiment file. */
  readonly run: string | null;
  /** Settings that make another loss than that of the run: what is computed with them is no result of the run. */
  readonly differs: readonly string[];
}

/** What a loss and the streams of its analyses are made of. Engine and precision say how they are computed only. */
const lossSettings = ['seed', 'data', 'model', 'loss', 'reduction'] as const;

const differences = (a: Experiment, b: Experiment): string[] =>
  lossSettings.filter((name) => canonicalJson(a[name]) !== canonicalJson(b[name]));

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
    return { experiment, yaml, baseFolder, run: operand, differs: differences(stored, experiment) };
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

/** An opened experiment and the point at which it is looked at. */
export interface OpenedPoint {
  readonly opened: OpenedExperiment;
  readonly theta: HostVector;
  /** Null for an experiment that was not trained. */
  readonly step: number | null;
}

/** Opens RUN at a checkpoint (the last unless --at names one), or EXPERIMENT at its own θ. */
export async function openPoint(given: GivenExperiment, at: number | undefined): Promise<OpenedPoint> {
  if (given.run === null && at !== undefined)
    throw new BadInput('--at names a step, but an experiment file has none.', 'Give the folder of a run.');
  const opened = await openExperiment(given.experiment, given.baseFolder);
  try {
    if (given.run === null) {
      await opened.settle(opened.initialTheta);
      return { opened, theta: opened.initialTheta, step: null };
    }
    const step = at ?? (await checkpointSteps(given.run)).pop() ?? 0;
    const stored = thetaOfCheckpoint(await readCheckpoint(given.run, step), opened.objective.layout);
    const theta = hostTheta(opened.objective, stored);
    await opened.settle(theta);
    return { opened, theta, step };
  } catch (problem) {
    opened.dispose();
    throw problem;
  }
}
