import { stat } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, type DataSource, type Experiment } from '../../../core/experiment/experiment.ts';
import { type OpenedExperiment, openExperiment } from '../open-experiment.ts';
import { installedFor } from '../start-engine.ts';

/** Opening costs time: data are read, a model is made. Those used last stay open. */
export interface OpenedExperiments {
  /** Lends the opened experiment until `work` settles; one at a time. */
  use<T>(experiment: Experiment, baseFolder: string, work: (opened: OpenedExperiment) => Promise<T>): Promise<T>;
  readonly size: number;
  /** Closes all of them. */
  dispose(): void;
}

const most = 3;

const filesOf = ({ data, model }: Experiment): string[] => {
  const ofSource = (source: DataSource | null) =>
    source !== null && 'file' in source ? [source.file, ...(source.labels === null ? [] : [source.labels])] : [];
  return [...ofSource(data.train), ...ofSource(data.test), ...(model.weights === null ? [] : [model.weights])];
};

/** The files that an experiment names by a path that starts at its own file. */
export const relativeFilesOf = (experiment: Experiment): string[] =>
  filesOf(experiment).filter((file) => !path.isAbsolute(file));

/** What opening depends on: not the name, the optimiser, the length; but the files as they are now. */
async function identity(experiment: Experiment, baseFolder: string): Promise<string> {
  const { seed, data, model, loss, reduction, engine, precision } = experiment;
  const stamps = await Promise.all(
    filesOf(experiment).map(async (file) => {
      const whole = path.resolve(baseFolder, file);
      const found = await stat(whole).catch(() => null);
      return [whole, found?.size ?? 0, found?.mtimeMs ?? 0];
    }),
  );
  return canonicalJson([{ seed, data, model, loss, reduction, engine, precision }, stamps, installedFor(engine)]);
}

/** What decides which engine of tensors an experiment has: one is in use at a time. */
const engineOf = ({ engine }: Experiment): string => `${engine} ${installedFor(engine)}`;

export function createOpenedExperiments(): OpenedExperiments {
  const opened = new Map<string, OpenedExperiment>();
  let engine = '';

  function drop(key: string): void {
    opened.get(key)?.dispose();
    opened.delete(key);
  }

  async function open(key: string, experiment: Experiment, baseFolder: string): Promise<OpenedExperiment> {
    const wanted = engineOf(experiment);
    if (wanted !== engine) for (const other of [...opened.keys()]) drop(other);
    engine = wanted;
    const found = await openExperiment(experiment, baseFolder);
    opened.set(key, found);
    return found;
  }

  return {
    async use(experiment, baseFolder, work) {
      const key = await identity(experiment, baseFolder);
      const found = opened.get(key) ?? (await open(key, experiment, baseFolder));
      opened.delete(key);
      opened.set(key, found);
      try {
        return await work({ ...found, experiment, baseFolder });
      } finally {
        for (const old of [...opened.keys()].slice(0, Math.max(0, opened.size - most))) drop(old);
      }
    },
    get size() {
      return opened.size;
    },
    dispose() {
      for (const key of [...opened.keys()]) drop(key);
    },
  };
}
