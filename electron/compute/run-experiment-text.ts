import { readExperiment } from '../../core/experiment/read-experiment.ts';
import { writeExperiment } from '../../core/experiment/write-experiment.ts';
import { experimentHash, readExperimentYaml, readStoredExperiment } from '../host/run-folder.ts';

/**
 * The experiment of a run as a text that says all of it: as it was given, comments and all, unless the command line that
 * started the run changed some of it.
 */
export async function experimentTextOfRun(run: string): Promise<string> {
  const { hash, experiment } = await readStoredExperiment(run);
  try {
    const yaml = await readExperimentYaml(run);
    if (experimentHash(readExperiment(yaml, run)) === hash) return yaml;
  } catch {
    // Damaged or of an older version: the stored form tells the same.
  }
  return writeExperiment(experiment);
}
