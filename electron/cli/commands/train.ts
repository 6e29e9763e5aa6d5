import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { bundledSets } from '../../../core/data/bundled-datasets.ts';
import { commandLine } from '../../../core/experiment/command-line.ts';
import { lossHelp } from '../../../core/experiment/experiment.ts';
import { optimizers, stabilityThreshold } from '../../../core/training/optimizers.ts';
import { createRunControl } from '../../../core/training/run-control.ts';
import type { RunOutcome } from '../../../core/training/run-training.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { stopQuantities } from '../../../core/training/stop-conditions.ts';
import { openExperiment } from '../../compute/open-experiment.ts';
import type { GivenExperiment } from '../../compute/open-point.ts';
import { probeCounts, probeKinds } from '../../compute/probe-counts.ts';
import type { RunStart } from '../../compute/run-start.ts';
import { trainRun } from '../../compute/train-run.ts';
import { version } from '../../host/version.ts';
import type { Arguments } from '../arguments.ts';
import type { Command, Terminal } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { liveFrame } from '../terminal/live-frame.ts';
import { printable } from '../terminal/printable.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { isWatched, keyHelp, steerByKeys } from '../terminal/run-keys.ts';
import { trainingView } from '../terminal/training-view.ts';

function startOf(given: GivenExperiment, args: Arguments): RunStart {
  const at = args.number('at', { least: 0 });
  if (args.has('resume')) {
    if (at !== undefined)
      throw new BadInput(
        '--resume and --at do not go together.',
        'Resume continues at the last state; --at begins a branch.',
      );
    return { kind: 'resume' };
  }
  if (given.run === null) {
    if (at !== undefined)
      throw new BadInput(
        '--at names a step, but an experiment file has none.',
        'Give the folder of a run to branch from.',
      );
    return { kind: 'new' };
  }
  if (at === undefined)
    throw new BadInput(
      `${given.run} is a run already.`,
      'Continue it with --resume, or branch it with --at STEP --out NEW.',
    );
  return { kind: 'branch', from: given.run, step: at };
}

function folderOf(given: GivenExperiment, start: RunStart, args: Arguments): string {
  const elsewhere = args.text('out');
  if (start.kind === 'resume' && given.run !== null && elsewhere && path.resolve(elsewhere) !== path.resolve(given.run))
    throw new BadInput(
      `--resume continues ${given.run} in its own folder, and --out names another.`,
      'Leave --out away, or branch the run with --at STEP --out NEW.',
    );
  const out = args.text('out') ?? (start.kind === 'resume' ? given.run : null);
  if (out === null || out === undefined || out === '')
    throw new BadInput('train does not know where to write.', 'Give the folder of the run with --out RUN.');
  return path.resolve(out);
}

export interface TrainingSession {
  readonly outcome: RunOutcome;
  readonly code: number;
}

/** Trains with a live view on the terminal; the caller has decided what and where. */
export async function trainOnTerminal(
  given: GivenExperiment,
  start: RunStart,
  folder: string,
  terminal: Terminal,
): Promise<TrainingSession> {
  const { err, stop } = terminal;
  const control = createRunControl();
  const removeListener = stop.onStop(() => control.stop());
  const opened = await openExperiment(given.experiment, given.baseFolder, 'train');
  const { objective, experiment } = opened;
  const settings = trainingSettings(experiment.optimizer.kind, experiment.optimizer.settings);
  const view = trainingView(stabilityThreshold(settings, settings.learningRate).label);
  const frame = liveFrame(err);
  const progress = progressLine(err);
  const live = err.isTTY === true && process.env.TERM !== 'dumb';
  let drawn = 0;
  let done = 0;
  let learningRate = settings.learningRate;
  let state = '';
  const withKeys = isWatched(process.stdin, err);
  const releaseKeys = withKeys ? steerByKeys(process.stdin, control, () => learningRate, stop.interrupt) : () => {};
  const draw = () => {
    drawn = performance.now();
    // Terminals that do not know their size say 0.
    const width = Math.max(20, Math.min(100, (err.columns || 90) - 14));
    // Two charts with three lines of frame each, and four lines: a frame taller than the terminal could not be redrawn.
    const height = Math.max(2, Math.min(7, Math.floor(((err.rows || 24) - 11) / 2)));
    const line = progress.text(done, experiment.steps, 'steps', `${state}${view.numbers()}`);
    frame.draw([...view.charts(width, height, terminal.colours(err)), '', line, ...(withKeys ? [keyHelp] : [])]);
  };
  try {
    const outcome = await trainRun({
      opened,
      yaml: given.yaml,
      folder,
      start,
      command: thisCommand(),
      version,
      control,
      onStart: () => {
        const { layout, examples, convention, engine } = objective;
        const data = opened.closedForm ? '' : `${examples} examples, `;
        err.write(
          `${printable(experiment.name)}: ${layout.dim} parameters, ${data}${convention.formula}, engine ${engine} ${opened.precision}\n`,
        );
      },
      onRecord(record) {
        view.add(record);
        if (record.record === 'step') {
          done = record.status === null ? record.step + 1 : record.step;
          learningRate = record.learningRate;
        } else if (record.record === 'event') {
          if (record.event === 'learningRate') learningRate = record.to;
          state = record.event === 'paused' ? 'paused  ' : record.event === 'resumed' ? '' : state;
        }
        if (live) {
          if (record.record === 'event' || performance.now() - drawn > 150 || done === experiment.steps) draw();
        } else if (record.record === 'step') progress.update(done, experiment.steps, 'steps', view.numbers());
      },
    });
    frame.end();
    if (!live) for (const line of view.charts(76, 7, false)) err.write(`${line}\n`);
    const counts = probeCounts(view.probes, experiment.probes.every, outcome.step);
    return { outcome, code: report(outcome, folder, counts, terminal) };
  } finally {
    releaseKeys();
    removeListener();
    opened.dispose();
  }
}

function report(
  { reason, status, step, probeSeconds, trainingSeconds, met }: RunOutcome,
  runFolder: string,
  counts: string,
  { err }: Terminal,
): number {
  const folder = printable(runFolder);
  const share = (100 * probeSeconds) / Math.max(1e-9, probeSeconds + trainingSeconds);
  switch (reason) {
    case 'stopped':
      err.write(
        `Stopped at step ${step}; ${folder} holds everything.\nContinue it with: ${commandLine(['train', folder, '--resume'])}\n`,
      );
      return exitCode.stopped;
    case 'diverged':
      err.write(
        `The loss ${status === 'notFinite' ? 'is not a number' : 'left every bound'} at step ${step}: the learning rate is too large for this curvature.\n` +
          'Use a smaller learning rate (below 2/λ_max for gradient descent) or clip the gradient.\n',
      );
      return exitCode.badInput;
    case 'condition':
      err.write(`Ended at step ${step}: ${met?.condition.quantity} is ${met?.value}, past ${met?.limit}.\n`);
      return exitCode.done;
    case 'steps':
      err.write(
        `Trained ${step} steps in ${trainingSeconds.toFixed(1)} s; probes took ${probeSeconds.toFixed(1)} s (${share.toFixed(1)} %)${counts ? `: ${counts}` : ''}.\n`,
      );
      return exitCode.done;
  }
}

export const train: Command = {
  description: {
    name: 'train',
    operands: ['EXPERIMENT|RUN'],
    summary: 'Trains an experiment into a run folder, measuring loss, curvature and noise on the way.',
    options: [
      { name: 'out', value: 'RUN', help: 'the folder to write; must be new or empty' },
      { name: 'resume', value: null, help: 'continue the run in its folder, bit for bit' },
      { name: 'at', value: 'STEP', help: 'branch RUN at this checkpoint into --out, with the settings of --set' },
      ...experimentOptions,
    ],
  },
  more: [
    'Losses:',
    ...Object.entries(lossHelp).map(([name, formula]) => `  ${name.padEnd(20)} ${formula}`),
    'Bundled data:',
    ...bundledSets.map(({ name, help, parameters }) => {
      const settings = Object.entries(parameters).map(([key, { default: value }]) => `${key} ${value}`);
      return `  ${name.padEnd(20)} ${help}${settings.length > 0 ? `\n${' '.repeat(23)}settings: ${settings.join(', ')}` : ''}`;
    }),
    'Data from files: train: my.npz (x, y), or train: { file: a.csv, labelColumn: kind, delimiter: ";", classes: 3 },',
    '  { file: images-idx3-ubyte.gz, labels: labels-idx1-ubyte.gz }, { file: data_batch_1.bin, cifar: cifar-10 }.',
    'Schedules (schedule: …): constant, step: { every, factor }, cosine: { steps, final }, warmUp: { steps, after }.',
    `Probes (probes: { budget, examples, residualTol, eigenvalueCount, densityStarts, densitySteps, every: { … } }): ${probeKinds.join(', ')}.`,
    `Stop conditions (stopWhen: [ { quantity, above | below } ]): ${stopQuantities.join(', ')}.`,
    'Optimisers:',
    ...Object.values(optimizers).map(
      ({ id, formula, parameters }) =>
        `  ${id.padEnd(16)} ${formula}\n${' '.repeat(19)}settings: ${parameters.join(', ')}`,
    ),
  ],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const given = await readGiven(operand, args);
    const start = startOf(given, args);
    const folder = folderOf(given, start, args);
    const { code } = await trainOnTerminal(given, start, folder, terminal);
    if (code === exitCode.done) terminal.out.write(`${folder}\n`);
    return code;
  },
};
