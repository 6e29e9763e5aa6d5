import { BadInput } from '../../bad-input.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Result } from '../result.ts';
import { startBlockRun } from './block-process.ts';
import type { BlockOptions } from './eigenpairs.ts';
import { type KrylovOptions, type KrylovValue, krylovEigenpairs } from './krylov-eigenpairs.ts';
import { freshened, randomStart } from './lanczos-run.ts';
import { readWanted, wantedCount } from './wanted.ts';

/** Each of `start` is mixed with a tenth of a random vector; random ones make up the block where it is larger. */
export interface BlockLanczosOptions<V> extends KrylovOptions<V>, BlockOptions<V> {}

export interface BlockLanczosValue<V> extends KrylovValue<V> {
  readonly blockSize: number;
}

/**
 * Eigenpairs at the ends of the spectrum, or largest in magnitude, of a symmetric operator by block Lanczos (Cullum and
 * Donath 1974; Golub and Underwood 1977), in the band form of Ruhe (1979), with full reorthogonalisation in blocks and
 * thick restarts (Wu and Simon 2000). From b start vectors it sees up to b copies of every eigenvalue at once, where
 * one start vector sees one; clusters narrower than the gaps that 1/(products/b) resolves come together.
 *
 * For simple, separated eigenvalues `lanczos` takes fewer products: a block reaches degree products/b only.
 *
 * Residuals, certificates, restarts, verification, limits and status are those of `lanczos`. A basis is at least
 * wanted + 2 b + 3 vectors, whatever `maxBasis` says. Cost: as `lanczos`, and the projected problem is dense: some 8 m³
 * operations on the host a test of convergence, of which there are about 25 ln m.
 *
 * @example
 * const { value } = await blockLanczos(hessian, { top: 6, blockSize: 3, rng: randomFromSeed(1) });
 * value.subspaces; // multiplicities up to 3
 */
export async function blockLanczos<V>(
  operator: LinearOperator<V>,
  options: BlockLanczosOptions<V>,
): Promise<Result<BlockLanczosValue<V>>> {
  const { space } = operator;
  const { rng, start = [] } = options;
  const width = Math.min(readBlockSize(options), space.dim);
  const least = wantedCount(readWanted(options, space.dim)) + 2 * width + 3;
  const maxBasis = Math.max(least, options.maxBasis ?? Math.max(300, 2 * least));
  const result = await krylovEigenpairs(
    operator,
    { ...options, maxBasis },
    {
      width,
      async startRun(search) {
        const first = search.furtherStarts === 0;
        const starts: V[] = [];
        for (let i = 0; i < width; i++) {
          const fresh = () => randomStart(space, rng, search.furtherStarts * width + i);
          const given = first ? start[i] : undefined;
          const warm = given === undefined ? null : await freshened(space, space.copy(given), fresh);
          starts.push(warm ?? fresh());
        }
        return startBlockRun(operator, starts, search.locked, search.scale);
      },
      resume: undefined,
      snapshot: undefined,
      stateEvery: Number.POSITIVE_INFINITY,
    },
  );
  return { ...result, value: { ...result.value, blockSize: width } };
}

/** What is asked, or as many as there are start vectors, or 4. Throws BadInput. */
export function readBlockSize<V>({ blockSize, start = [] }: Pick<BlockOptions<V>, 'blockSize' | 'start'>): number {
  const size = blockSize ?? (start.length > 0 ? start.length : 4);
  if (Number.isInteger(size) && size >= 1) return size;
  throw new BadInput(`The block size is ${size}.`, 'Give a whole number, 1 or more.');
}
