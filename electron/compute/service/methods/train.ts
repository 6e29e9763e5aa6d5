import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../../core/bad-input.ts';
import { commandLine } from '../../../../core/experiment/command-line.ts';
import type { ExperimentSource, Methods } from '../../../../core/protocol/methods.ts';
import type { TrainingRecord } from '../../../../core/training/records.ts';
import { createRunControl } from '../../../../core/training/run-control.ts';
import { isRunFolder, readStoredExperiment } from '../../../host/run-folder.ts';
import { version } from '../../../host/version.ts';
import { describeExperiment } from '../../describe-experiment.ts';
import { openExperiment } from '../../open-experiment.ts';
import { settingWords } from '../../run-again.ts';
import type { RunStart } from '../../run-start.ts';
import { trainRun } from '../../train-run.ts';
import type { Method, MethodContext } from '../method.ts';
import { type ReadSource, readSource } from '../sources.ts';

type Start = Methods['train']['params']['start'];

const startOf = (start: Start, context: MethodContext<'train'>): RunStart =>
  start.kind === 'branch' ? { ...start, from: context.path(start.from) } : start;

/** The file of the experiment where its text is what was asked for, else the copy in the run. */
async function experimentFile(source: ExperimentSource, file: string | null, folder: string): Promise<string> {
  const text = file === null ? null : await readFile(file, 'utf8').catch(() => null);
  return file !== null && text === source.yaml ? file : path.join(folder, 'experiment.yaml');
}

/** A command line that makes the same run once more, into another folder. */
async function commandOf(
  source: ExperimentSource,
  given: ReadSource,
  start: RunStart,
  folder: string,
): Promise<string> {
  const out = ['--out', `${folder}-again`];
  if (start.kind !== 'branch') return commandLine(['train', await experimentFile(source, given.file, folder), ...out]);
  const { experiment: before } = await readStoredExperiment(start.from);
  return commandLine([
    'train',
    start.from,
    '--at',
    String(start.step),
    ...settingWords(before, given.experiment),
    ...out,
  ]);
}

/** Collects records and hands them over in bursts. */
function bursts(everySeconds: number, give: (records: TrainingRecord[]) => void) {
  let records: TrainingRecord[] = [];
  const flush = () => {
    if (records.length > 0) give(records);
    records = [];
  };
  const timer = setInterval(flush, Math.max(5, 1000 * everySeconds));
  return {
    add(record: TrainingRecord) {
      records.push(record);
      // What somebody did is answered at once.
      if (record.record === 'event') flush();
    },
    flush,
    end() {
      clearInterval(timer);
      flush();
    },
  };
}

const usualReportSeconds = 0.05;

/** Where the relative paths of a text without a file start: where those of its run do. */
const homeOf = (start: RunStart, folder: string): string | null =>
  start.kind === 'branch' ? start.from : start.kind === 'resume' ? folder : null;

export const train: Method<'train'> = async ({ source, run, start: wanted, reportEvery }, context) => {
  const folder = context.path(run);
  const start = startOf(wanted, context);
  if (start.kind === 'new' && (await isRunFolder(folder)))
    throw new BadInput('There is a run in this folder already.', 'Resume it, or begin a new run in another folder.');
  const home = homeOf(start, folder);
  const given = await readSource(source, context, home !== null && (await isRunFolder(home)) ? home : null);
  const command = await commandOf(source, given, start, folder);
  const control = createRunControl();
  context.onCancel(() => control.stop());
  context.onSteer((command) => control.send(command));
  const { steps } = given.experiment;
  // A run takes the thread for long, with an engine of its own choice.
  context.experiments.dispose();
  const opened = await openExperiment(given.experiment, given.baseFolder ?? folder, 'train');
  const records = bursts(reportEvery ?? usualReportSeconds, (burst) => {
    context.partial({ records: burst });
  });
  try {
    const outcome = await trainRun({
      opened,
      yaml: source.yaml,
      folder,
      start,
      command,
      version,
      control,
      onStart: (step) => context.partial({ started: describeExperiment(opened), step }),
      onRecord(record) {
        records.add(record);
        if (record.record === 'step')
          context.progress({ stage: 'training', done: record.step + 1, total: steps, unit: 'steps' });
      },
      onCheckpoint(checkpoint) {
        records.flush();
        context.partial({ checkpoint });
      },
    });
    records.end();
    return { value: outcome, status: outcome.status, stats: outcome.stats };
  } finally {
    records.end();
    opened.dispose();
  }
};
