import type { Random } from '../../random/random.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import type { VectorSpace } from '../vector-space.ts';
import type { KrylovRun } from './krylov-run.ts';
import { advanceLanczosProcess, type LanczosProcess, releaseLanczosProcess } from './lanczos-process.ts';
import { ritzValues } from './ritz-values.ts';
import { thickRestart } from './thick-restart.ts';

/** Length of the random part of a warm start, in units of the rest. */
const freshShare = 0.1;

/** A Lanczos process with one start vector as a run of a search. */
export function lanczosRun<V>(process: LanczosProcess<V>): KrylovRun<V> {
  const { space } = process.operator;
  return {
    get products() {
      return process.products;
    },
    get size() {
      return process.basis.length;
    },
    get scale() {
      return process.scale;
    },
    get asymmetry() {
      return process.asymmetry;
    },
    advance: () => advanceLanczosProcess(process),
    ritz: () => ritzValues(process.alpha, process.beta),
    restart: (kept) => thickRestart(process, kept),
    ritzPairs(places) {
      const m = process.basis.length;
      const { values, vectors } = tridiagonalEigen(
        Float64Array.from(process.alpha),
        Float64Array.from(process.beta),
        'all',
      );
      return places.map((i) => ({
        value: values[i]!,
        vector: space.combine(process.basis, vectors.slice(i * m, (i + 1) * m)),
        coupling: process.next === null ? [] : [process.beta[m - 1]! * vectors[i * m + m - 1]!],
      }));
    },
    outside: () => (process.next === null ? [] : [process.next]),
    takeBasis() {
      const { basis } = process;
      process.basis = [];
      return basis;
    },
    release: () => releaseLanczosProcess(process),
  };
}

export function randomStart<V>(space: VectorSpace<V>, rng: Random, number: number): V {
  return space.random(rng.split(`lanczos start ${number}`), 'sphere');
}

/**
 * x and a tenth of its length of a random vector (consumes both): exact eigenvectors alone would be a Krylov space of
 * their own, and one that is not the largest would be taken for it. Null where x is zero or not finite.
 */
export async function freshened<V>(space: VectorSpace<V>, x: V, fresh: () => V): Promise<V | null> {
  const length = Math.sqrt((await space.dots([x], x))[0]!);
  if (!(length > 0) || !Number.isFinite(length)) {
    space.release(x);
    return null;
  }
  const random = fresh();
  const mixed = space.addScaled(x, freshShare * length, random);
  space.release(random);
  return mixed;
}
