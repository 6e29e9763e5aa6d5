import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import type { ExperimentSource, FileReference, PointSource } from '../../../core/protocol/methods.ts';
import { isRunFolder, readProvenance, readStoredExperiment } from '../../host/run-folder.ts';
import type { OpenedExperiment } from '../open-experiment.ts';
import { type OpenedPoint, pointOf } from '../open-point.ts';
import { pointOfSearch } from '../searches/point-of-search.ts';
import type { MethodContext } from './method.ts';
import { relativeFilesOf } from './opened-experiments.ts';
import { pointOnPlane } from './point-on-plane.ts';

type Paths = { path(reference: FileReference): string };

export interface ReadSource {
  readonly experiment: Experiment;
  /** Where relative paths start; null where there are none. */
  readonly baseFolder: string | null;
  /** The file or run folder that the text was read from. */
  readonly file: string | null;
}

/** The experiment of a text. Without a file it has no relative paths, unless a run tells where they start. */
export async function readSource(
  { yaml, file: reference }: ExperimentSource,
  paths: Paths,
  otherwise: string | null = null,
): Promise<ReadSource> {
  const file = reference === null ? null : paths.path(reference);
  const home = file ?? otherwise;
  const isRun = home !== null && (await isRunFolder(home));
  const name = file === null ? 'experiment.yaml' : isRun ? path.join(path.basename(file), 'experiment.yaml') : file;
  const experiment = readExperiment(yaml, path.basename(name) === 'experiment.yaml' ? name : path.basename(name));
  if (home !== null) {
    const baseFolder = isRun ? (await readProvenance(home)).baseFolder : path.dirname(home);
    return { experiment, baseFolder, file };
  }
  const [missing] = relativeFilesOf(experiment);
  if (missing !== undefined)
    throw new BadInput(
      `The experiment names the file ${missing}, and lies in no folder from which that path could start.`,
      'Save the experiment to a file beside its data first, or give the whole path.',
    );
  return { experiment, baseFolder: null, file: null };
}

export interface PointAt {
  /** The run folder; null for the θ₀ of an experiment. */
  readonly run: string | null;
  /** The run folder or experiment file, for the command line; null for a text without a file. */
  readonly operand: string | null;
}

/** Lends the point that a request speaks of. */
export async function atPoint<T>(
  source: PointSource,
  context: Pick<MethodContext<'slice'>, 'path' | 'experiments' | 'plane'>,
  work: (point: OpenedPoint, at: PointAt) => Promise<T>,
): Promise<T> {
  const use = (experiment: Experiment, baseFolder: string, run: string | null, operand: string | null, step?: number) =>
    context.experiments.use(experiment, baseFolder, async (opened: OpenedExperiment) =>
      work(await pointOf(opened, run, step), { run, operand }),
    );
  if ('run' in source) {
    const run = context.path(source.run);
    const [{ experiment }, { baseFolder }] = await Promise.all([readStoredExperiment(run), readProvenance(run)]);
    if ('planeId' in source)
      return context.experiments.use(experiment, baseFolder, async (opened) =>
        // It is no checkpoint of the run: what is found there is no result of it.
        work(await pointOnPlane(opened, context.plane, source.coordinates), { run: null, operand: null }),
      );
    if ('search' in source)
      return context.experiments.use(experiment, baseFolder, async (opened) =>
        work(await pointOfSearch(opened, run, source.search, source.point), { run: null, operand: null }),
      );
    return use(experiment, baseFolder, run, run, source.step ?? undefined);
  }
  const { experiment, baseFolder, file } = await readSource(source.experiment, context);
  return use(experiment, baseFolder ?? '/', null, file);
}
