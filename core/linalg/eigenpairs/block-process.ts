import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { KrylovRun } from './krylov-run.ts';
import { type Advance, closedFactor } from './lanczos-process.ts';
import { orthogonalize } from './orthogonalize.ts';
import { type ProjectedEigen, projectedEigen } from './projected-eigen.ts';

/**
 * A block Lanczos process in motion: A V = V H + Q C with [V Q] orthonormal, H symmetric, inside the complement of
 * `locked`. Q, the `queue`, holds at most as many vectors as there were start vectors; the oldest is multiplied next.
 */
interface BlockProcess<V> {
  readonly operator: LinearOperator<V>;
  readonly locked: readonly V[];
  basis: V[];
  queue: V[];
  /** A vⱼ in the coordinates of basis and queue, in that order, as far as it has any. */
  columns: Float64Array[];
  products: number;
  scale: number;
  asymmetry: number;
  /** Eigenpairs of H; null once it has changed. */
  eigen: ProjectedEigen | null;
}

/**
 * A block Lanczos process (Cullum and Donath 1974; Golub and Underwood 1977) that takes the vectors of a block one by one
 * (Ruhe 1979: after every block the Krylov space is the same, in between it is the larger part of the next). So a block
 * that has become dependent needs no QR factorisation with pivoting: what is left of a product after full
 * reorthogonalisation joins the queue, or is rounding and is dropped, and the block is narrower from then on.
 *
 * Null where nothing is left of the start vectors (consumed) outside of `locked`.
 */
export async function startBlockRun<V>(
  operator: LinearOperator<V>,
  starts: readonly V[],
  locked: readonly V[],
  scale: number,
): Promise<KrylovRun<V> | null> {
  const { space } = operator;
  const queue: V[] = [];
  for (const start of starts) {
    const { vector, norm, length } = await orthogonalize(space, [...locked, ...queue], start);
    const left = norm / length;
    if (left > closedFactor * machineEpsilon(space.precision)) queue.push(space.scale(vector, 1 / norm));
    else space.release(vector);
  }
  if (queue.length === 0) return null;
  return blockRun({
    operator,
    locked,
    basis: [],
    queue,
    columns: [],
    products: 0,
    scale,
    asymmetry: 0,
    eigen: null,
  });
}

function blockRun<V>(process: BlockProcess<V>): KrylovRun<V> {
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
    advance: () => advanceBlockProcess(process),
    ritz() {
      const { values } = eigenOf(process);
      return { values, estimates: values.map((_, i) => Math.hypot(...couplingOf(process, i))) };
    },
    restart: (kept) => restartBlockProcess(process, kept),
    ritzPairs: (places) =>
      places.map((i) => ({
        value: eigenOf(process).values[i]!,
        vector: space.combine(process.basis, eigenvector(process, i)),
        coupling: couplingOf(process, i),
      })),
    outside: () => process.queue,
    takeBasis() {
      const { basis } = process;
      process.basis = [];
      return basis;
    },
    release() {
      space.release(...process.basis, ...process.queue);
      process.basis = [];
      process.queue = [];
    },
  };
}

/** One product. `closed`: nothing is left in the queue, the space is invariant. */
async function advanceBlockProcess<V>(process: BlockProcess<V>): Promise<Advance> {
  const { operator, locked, basis, queue } = process;
  const { space } = operator;
  const v = queue[0];
  if (v === undefined) return 'closed';
  const product = await operator.apply(v);
  process.products++;
  const frame = [...locked, ...basis, ...queue];
  const { vector, norm, length, coefficients } = await orthogonalize(space, frame, product);
  if (!Number.isFinite(norm) || !Number.isFinite(length)) {
    space.release(vector);
    return 'notFinite';
  }
  process.scale = Math.max(process.scale, length);
  const inside = coefficients.slice(locked.length);
  noteAsymmetry(process, inside);
  queue.shift();
  basis.push(v);
  process.eigen = null;
  const isRounding = norm <= closedFactor * machineEpsilon(space.precision) * process.scale;
  if (isRounding || frame.length >= space.dim) {
    space.release(vector);
    process.columns.push(inside);
    return queue.length === 0 ? 'closed' : 'advanced';
  }
  queue.push(space.scale(vector, 1 / norm));
  process.columns.push(Float64Array.of(...inside, norm));
  return 'advanced';
}

/** The part of A v along vⱼ is what A vⱼ had along v, for every j before. */
function noteAsymmetry<V>(process: BlockProcess<V>, column: Float64Array): void {
  const m = process.basis.length;
  if (m === 0 || process.scale === 0) return;
  let square = 0;
  for (let j = 0; j < m; j++) square += (column[j]! - (process.columns[j]![m] ?? 0)) ** 2;
  process.asymmetry = Math.max(process.asymmetry, Math.sqrt(square) / process.scale);
}

function eigenOf<V>(process: BlockProcess<V>): ProjectedEigen {
  if (process.eigen !== null) return process.eigen;
  const m = process.basis.length;
  const data = new Float64Array(m * m);
  process.columns.forEach((column, j) => {
    for (let i = j; i < Math.min(m, column.length); i++) data[i * m + j] = data[j * m + i] = column[i]!;
  });
  process.eigen = projectedEigen({ rows: m, columns: m, data });
  return process.eigen;
}

function eigenvector<V>(process: BlockProcess<V>, i: number): Float64Array {
  const m = process.basis.length;
  return eigenOf(process).vectors.slice(i * m, (i + 1) * m);
}

/** C s of the i-th Ritz vector V s: its residual in the coordinates of the queue. */
function couplingOf<V>(process: BlockProcess<V>, i: number): number[] {
  const m = process.basis.length;
  const { vectors } = eigenOf(process);
  return process.queue.map((_, q) => {
    let sum = 0;
    process.columns.forEach((column, j) => {
      const entry = column[m + q];
      if (entry !== undefined) sum += entry * vectors[i * m + j]!;
    });
    return sum;
  });
}

/** Thick restart (Wu and Simon 2000): the kept Ritz vectors Y, A Y = Y Θ + Q (C S), and the queue as it is. */
function restartBlockProcess<V>(process: BlockProcess<V>, kept: readonly number[]): void {
  const { space } = process.operator;
  const { values } = eigenOf(process);
  const restarted = kept.map((i) => space.combine(process.basis, eigenvector(process, i)));
  const columns = kept.map((ritz, at) => {
    const column = new Float64Array(kept.length + process.queue.length);
    column[at] = values[ritz]!;
    column.set(couplingOf(process, ritz), kept.length);
    return column;
  });
  space.release(...process.basis);
  process.basis = restarted;
  process.columns = columns;
  process.eigen = null;
}
