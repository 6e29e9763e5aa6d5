import { BadInput } from '../../../bad-input.ts';
import type { HostVector } from '../../../linalg/vector-space.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';

/**
 * θ′ − θ, not scaled: coefficient 1 is the other point, so the line goes through both and two such directions span the
 * plane through all three points.
 */
export function differenceDirection(
  kind: string,
  origin: HostVector,
  other: HostVector | undefined,
  option: string,
): FoundDirection {
  if (!other) throw new BadInput(`The ${kind} needs another point.`, `Name it with ${option}.`);
  if (other.length !== origin.length)
    throw new BadInput(
      `The other point has ${other.length} parameters, this one ${origin.length}.`,
      'Compare points of one model.',
    );
  const vector = Float64Array.from(other, (x, i) => x - origin[i]!);
  if (vector.some((x) => !Number.isFinite(x)))
    throw new BadInput('The other point has parameters that are not finite.', 'Choose an earlier checkpoint.');
  if (vector.every((x) => x === 0))
    throw new BadInput('The other point is this point.', `Name another with ${option}.`);
  return foundDirection(vector, kind);
}
