import { BadInput } from '../../../bad-input.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';

/** The first vectors of a file, as they are. Throws BadInput where they do not fit the model. */
export function fileDirections(
  file: readonly Float64Array[] | undefined,
  dim: number,
  count: number,
): readonly FoundDirection[] {
  if (!file || file.length < count)
    throw new BadInput(
      `${count} ${count === 1 ? 'direction is' : 'directions are'} wanted of a file, ${file?.length ?? 0} given.`,
      'Give a file with a direction for each axis.',
    );
  return file.slice(0, count).map((vector, k) => {
    if (vector.length !== dim)
      throw new BadInput(
        `Direction ${k + 1} of the file has ${vector.length} entries, the model ${dim} parameters.`,
        'Use a file that was made for this model.',
      );
    if (vector.some((x) => !Number.isFinite(x)))
      throw new BadInput(`Direction ${k + 1} of the file is not finite.`, 'Use another file.');
    return foundDirection(vector.slice(), 'direction from a file');
  });
}
