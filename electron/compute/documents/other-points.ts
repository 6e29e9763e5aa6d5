import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { readSafetensors } from '../../../core/formats/safetensors.ts';
import { weightsFromOutside } from '../../../core/models/weights-from-outside.ts';
import { namingFile, readBoundedFile } from '../../host/read-dataset.ts';
import { checkpointSteps, isRunFolder, readCheckpoint } from '../../host/run-folder.ts';
import { thetaOfCheckpoint } from '../checkpoint-state.ts';
import type { OpenedExperiment } from '../open-experiment.ts';

/**
 * θ of another point of the same space: `RUN` (its last checkpoint), `RUN@STEP`, `@STEP` of the run itself, or a file of
 * weights (.safetensors, .npz). BadInput for what is none of these, or has other parameters.
 */
export async function otherPoint(text: string, run: string | null, opened: OpenedExperiment): Promise<Float64Array> {
  const file = /\.(npz|safetensors)$/i.test(text) ? text : null;
  if (file !== null) return weightsOfFile(path.resolve(file), opened);
  const [, folder = '', step] = /^(.*?)(?:@(\d+))?$/s.exec(text) ?? [];
  const from = folder === '' ? run : path.resolve(folder);
  if (from === null)
    throw new BadInput(`${text} is a step, and there is no run that it could be of.`, 'Name the run: RUN@STEP.');
  if (!(await isRunFolder(from)))
    throw new BadInput(
      `${folder} is neither the folder of a run nor a file of weights.`,
      'Give RUN, RUN@STEP, @STEP, or a file .safetensors or .npz.',
    );
  const at = step === undefined ? ((await checkpointSteps(from)).pop() ?? 0) : Number(step);
  const checkpoint = await readCheckpoint(from, at);
  return thetaOfCheckpoint(checkpoint, opened.objective.layout);
}

/** Arrays of a file as one vector of parameters, by name, or by order and shape. */
export async function weightsOfFile(file: string, opened: OpenedExperiment): Promise<Float64Array> {
  const bytes = await readBoundedFile(file);
  try {
    const tensors = /\.npz$/i.test(file) ? readNpz(bytes) : readSafetensors(bytes).tensors;
    return Float64Array.from(weightsFromOutside(tensors, opened.objective.layout, opened.experiment.model.layout));
  } catch (problem) {
    throw namingFile(file, problem);
  }
}
