import type { Random } from '../../../random/random.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';

/** Streams by place, so that the first two directions of a volume are those of the plane with the same seed. */
const streams = ['first', 'second', 'third'];

/**
 * Independent standard normal directions (Li, Xu, Taylor, Studer, Goldstein 2018): isotropic, so that two of them in ℝⁿ
 * meet at a cosine of about 1/√n. They are not orthogonalised: their angle after normalisation is reported instead.
 */
export function randomDirections(dim: number, count: number, rng: Random): FoundDirection[] {
  return streams
    .slice(0, count)
    .map((stream) => foundDirection(rng.split(stream).fill(new Float64Array(dim), 'normal'), 'random'));
}
