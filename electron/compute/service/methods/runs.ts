import path from 'node:path';
import { BadInput } from '../../../../core/bad-input.ts';
import type {
  ModesDocument,
  OverlapDocument,
  SamplingDocument,
  StructureDocument,
} from '../../../../core/experiment/result-documents.ts';
import type { RunRecord } from '../../../../core/experiment/run-folder.ts';
import type { ExperimentDescription, Records, RunSummary } from '../../../../core/protocol/methods.ts';
import {
  checkpointSteps,
  isRunFolder,
  readMetricsFrom,
  readProvenance,
  readStoredExperiment,
} from '../../../host/run-folder.ts';
import { isBeingWritten } from '../../../host/run-lock.ts';
import { describeByFiles } from '../../describe-by-files.ts';
import { describeExperiment } from '../../describe-experiment.ts';
import { withTypedModes } from '../../documents/modes-document.ts';
import { latestWholeSlices, spectraOfSteps, storedOf, storedSearches } from '../../documents/stored-results.ts';
import { stepsMade } from '../../report/key-numbers.ts';
import { experimentTextOfRun } from '../../run-experiment-text.ts';
import { type Method, type MethodContext, outcomeOf } from '../method.ts';

async function refuseUnlessRun(folder: string): Promise<void> {
  if (await isRunFolder(folder)) return;
  throw new BadInput(`${folder} is not the folder of a run.`, 'Open a folder that holds an experiment.json.');
}

const recordsPerPartial = 1000;

/** `isWritten` of before the records were read: a writer that ends writes its last record first. */
function stateOf(records: Records, isWritten: boolean): RunSummary['state'] {
  const last = records.filter((record): record is RunRecord => record.record === 'run').at(-1);
  if (last !== undefined && last.event !== 'started' && last.event !== 'resumed') return last.event;
  return isWritten ? 'running elsewhere' : 'killed';
}

function tell(records: Records, partial: (records: Records) => void): void {
  for (let at = 0; at < records.length; at += recordsPerPartial) partial(records.slice(at, at + recordsPerPartial));
}

async function describeRun(folder: string, context: MethodContext<'openRun'>): Promise<ExperimentDescription> {
  const [{ experiment }, { baseFolder }] = await Promise.all([readStoredExperiment(folder), readProvenance(folder)]);
  try {
    return await context.experiments.use(experiment, baseFolder, async (opened) => describeExperiment(opened));
  } catch (problem) {
    // A run can be looked at where its data are gone.
    if (!(problem instanceof BadInput)) throw problem;
    context.log('info', `${folder} is described by its files: ${problem.message}`);
    return describeByFiles(folder);
  }
}

export const openRun: Method<'openRun'> = ({ run }, context) =>
  outcomeOf(async () => {
    const folder = context.path(run);
    await refuseUnlessRun(folder);
    const isWritten = isBeingWritten(folder);
    const { records, end } = await readMetricsFrom(folder, 0);
    tell(records, context.partial);
    const description = await describeRun(folder, context);
    return {
      name: path.basename(folder),
      yaml: await experimentTextOfRun(folder),
      description,
      provenance: await readProvenance(folder),
      checkpoints: await checkpointSteps(folder),
      step: stepsMade(records),
      state: stateOf(records, isWritten),
      recordsEnd: end,
    };
  });

export const readOn: Method<'readOn'> = ({ run, from }, context) =>
  outcomeOf(async () => {
    const folder = context.path(run);
    const isWritten = isBeingWritten(folder);
    const { records, end } = await readMetricsFrom(folder, from);
    tell(records, context.partial);
    return { recordsEnd: end, checkpoints: await checkpointSteps(folder), state: stateOf(records, isWritten) };
  });

export const provenance: Method<'provenance'> = ({ run }, context) =>
  outcomeOf(async () => readProvenance(context.path(run)));

export const storedResults: Method<'storedResults'> = ({ run }, context) =>
  outcomeOf(async () => {
    const folder = context.path(run);
    await refuseUnlessRun(folder);
    const skip = ({ message }: BadInput) => context.log('error', message);
    const slices = await latestWholeSlices(folder, skip);
    return {
      spectra: await spectraOfSteps(folder, skip),
      overlaps: await storedOf<OverlapDocument>(folder, 'overlap-', skip),
      samplings: await storedOf<SamplingDocument>(folder, 'sampling-', skip),
      structures: await storedOf<StructureDocument>(folder, 'structure-', skip),
      modes: (await storedOf<ModesDocument>(folder, 'modes-', skip)).map(withTypedModes),
      searches: await storedSearches(folder, skip),
      slices: slices.map(({ file, document }) => {
        // The same file is the same plane, however often it is read.
        context.hold(file, { document, origin: { run: folder, step: document.step ?? 0 } });
        const { vectors: _, ...shown } = document;
        return { ...shown, planeId: file };
      }),
    };
  });

export const report: Method<'report'> = ({ run }, context) =>
  outcomeOf(async () => {
    const folder = context.path(run);
    await refuseUnlessRun(folder);
    const { writeReport } = await import('../../report/run-report.ts');
    return { file: await writeReport(folder) };
  });
