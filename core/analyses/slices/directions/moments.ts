import { BadInput } from '../../../bad-input.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';
import { unitVector } from './unit-vector.ts';

/** The running mean of gradients that momentum and Adam keep (Kingma, Ba 2015), at unit length. */
export function momentDirection(moment: Float64Array | undefined, dim: number): FoundDirection {
  const kept = finite(moment, dim, 'The optimiser keeps no running mean of gradients here', 'moment');
  return foundDirection(unitVector(kept), 'first moment of the optimiser');
}

/** The step of the optimiser, not scaled: coefficient 1 is where it goes. */
export function updateDirection(update: Float64Array | undefined, dim: number): FoundDirection {
  return foundDirection(
    finite(update, dim, 'The update of the optimiser is not known here', 'update').slice(),
    'update of the optimiser',
  );
}

function finite(vector: Float64Array | undefined, dim: number, absent: string, what: string): Float64Array {
  if (!vector)
    throw new BadInput(
      `${absent}.`,
      'Use a checkpoint of a run with momentum or Adam that stores its optimiser, or the gradient.',
    );
  if (vector.length !== dim)
    throw new BadInput(`The ${what} has ${vector.length} entries for ${dim} parameters.`, 'Use that of the same run.');
  if (vector.some((x) => !Number.isFinite(x)))
    throw new BadInput(`The ${what} of the optimiser is not finite.`, 'Choose an earlier checkpoint.');
  if (vector.every((x) => x === 0))
    throw new BadInput(`The ${what} of the optimiser is zero here.`, 'Choose a checkpoint after the first step.');
  return vector;
}
