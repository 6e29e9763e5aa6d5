import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { vectorOfOwnTensors, weightsFromOutside } from '../../../core/models/weights-from-outside.ts';
import { readDirectionFile } from '../../host/hdf5/index.ts';
import { namingFile, readBoundedFile } from '../../host/read-dataset.ts';
import type { OpenedExperiment } from '../open-experiment.ts';
import { weightsOfFile } from './other-points.ts';

/**
 * Directions that lie in a file: d1, d2, d3 of an .npz of ours, one direction by tensors (.npz, .safetensors), or the
 * directions of a direction file of loss-landscape (.h5). BadInput where they do not fit the parameters.
 */
export async function directionsOfFile(text: string, opened: OpenedExperiment): Promise<readonly Float64Array[]> {
  const file = path.resolve(text);
  const { dim } = opened.objective.layout;
  if (/\.(h5|hdf5)$/i.test(file)) return directionsOfHdf5(file, opened);
  if (/\.npz$/i.test(file)) {
    const arrays = readNpz(await readBoundedFile(file));
    const found = ['d1', 'd2', 'd3'].flatMap((name) => arrays.get(name) ?? []);
    const wrong = found.find(({ data }) => data.length !== dim);
    if (wrong)
      throw new BadInput(
        `${file} has a direction of ${wrong.data.length} numbers, and there are ${dim} parameters.`,
        'Give directions of this network.',
      );
    if (found.length > 0) return found.map(({ data }) => Float64Array.from(data, Number));
  }
  return [await weightsOfFile(file, opened)];
}

async function directionsOfHdf5(file: string, opened: OpenedExperiment): Promise<readonly Float64Array[]> {
  const { directions } = await readDirectionFile(await readBoundedFile(file));
  const { layout } = opened.objective;
  try {
    return directions.map((tensors) => {
      const own = vectorOfOwnTensors(tensors, layout);
      if (own !== null) return own;
      const named = new Map<string, NumericArray>(
        tensors.map(({ name, shape, data }) => [name, { shape: [...shape], dtype: 'float64', data }]),
      );
      return Float64Array.from(weightsFromOutside(named, layout, 'pytorch'));
    });
  } catch (problem) {
    throw namingFile(file, problem);
  }
}
