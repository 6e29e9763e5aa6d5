import { addPartProduct } from '../spaces/float64-gemm.ts';
import { type ArenaRows, arenaRows, freeRows, part } from './arena-rows.ts';
import { both, deflate, lower, upper } from './deflation.ts';
import { recomputedWeights, type SecularRoots, secularRoots, secularVector } from './secular-equation.ts';
import { tridiagonalEigen } from './tridiagonal-eigen.ts';

export interface TridiagonalPairs {
  /** Of the eigenvector in row i, in no order. */
  readonly values: Float64Array;
  /** Row numbers by ascending value. */
  readonly order: readonly number[];
}

/** Below this the QL method is faster. */
const leafRows = 32;
/** Rows of new eigenvectors made at once. */
const stripRows = 128;

/** The problem while it is put together: rows lo … hi hold the eigenvectors of T[lo … hi, lo … hi] in those columns. */
interface Merging {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly d: Float64Array;
  readonly rows: ArenaRows;
  /** Room for n² numbers, and for one strip of vectors of the secular problem. */
  readonly spare: ArenaRows;
  readonly strip: ArenaRows;
}

/**
 * All eigenpairs of the symmetric tridiagonal matrix T (diagonal α, off-diagonal β): divide and conquer (Cuppen 1981)
 * with deflation and the stable eigenvectors of Gu and Eisenstat (1995), as in LAPACK `dstedc`. Eigenvectors become the
 * rows of `rows`, which is zero at the start; `spare` is of the same size and is overwritten.
 *
 * Cost: at most (4/3) n³ operations in matrix products, much less where much deflates; some 80 n² others. Yields after
 * each strip of a merge.
 */
export function* divideAndConquer(
  alpha: Float64Array,
  beta: Float64Array,
  rows: ArenaRows,
  spare: ArenaRows,
): Generator<void, TridiagonalPairs> {
  const n = alpha.length;
  const strip = arenaRows(Math.min(n, stripRows), n);
  try {
    const merging = { alpha: alpha.slice(), beta, d: new Float64Array(n), rows, spare, strip };
    const order = yield* solve(merging, 0, n);
    return { values: merging.d, order };
  } finally {
    freeRows(strip);
  }
}

function* solve(merging: Merging, lo: number, hi: number): Generator<void, readonly number[]> {
  if (hi - lo <= leafRows) return solveLeaf(merging, lo, hi);
  const { alpha, beta } = merging;
  const middle = (lo + hi) >> 1;
  // T = diag(T₁, T₂) + |β| u uᵀ with u = (0 … 1, ±1 … 0).
  const coupling = beta[middle - 1]!;
  alpha[middle - 1] = alpha[middle - 1]! - Math.abs(coupling);
  alpha[middle] = alpha[middle]! - Math.abs(coupling);
  const left = yield* solve(merging, lo, middle);
  const right = yield* solve(merging, middle, hi);
  return yield* merge(merging, lo, middle, hi, coupling, ascending(merging.d, [...left, ...right]));
}

function solveLeaf({ alpha, beta, d, rows }: Merging, lo: number, hi: number): readonly number[] {
  const size = hi - lo;
  const { values, vectors } = tridiagonalEigen(alpha.subarray(lo, hi), beta.subarray(lo, hi - 1), 'all');
  d.set(values, lo);
  for (let i = 0; i < size; i++) {
    rows.data.set(vectors.subarray(i * size, (i + 1) * size), (lo + i) * rows.stride + lo);
  }
  return Array.from({ length: size }, (_, i) => lo + i);
}

function ascending(d: Float64Array, rows: number[]): number[] {
  return rows.sort((i, j) => d[i]! - d[j]!);
}

function* merge(
  merging: Merging,
  lo: number,
  middle: number,
  hi: number,
  coupling: number,
  order: readonly number[],
): Generator<void, readonly number[]> {
  const { d, rows } = merging;
  const z = new Float64Array(hi);
  const halves = new Uint8Array(hi);
  const sign = coupling < 0 ? -1 : 1;
  for (let row = lo; row < hi; row++) {
    const isUpper = row < middle;
    halves[row] = isUpper ? upper : lower;
    z[row] = Math.SQRT1_2 * rows.data[row * rows.stride + (isUpper ? middle - 1 : middle)]! * (isUpper ? 1 : sign);
  }
  const rho = 2 * Math.abs(coupling);
  const { kept, deflated } = deflate(d, z, rho, order, halves, (row, other, c, s) =>
    rotateRows(rows, row, other, lo, hi, c, s),
  );
  if (kept.length === 0) return ascending(d, [...order]);
  const poles = Float64Array.from(kept, (row) => d[row]!);
  const weights = Float64Array.from(kept, (row) => z[row]!);
  const roots = secularRoots(poles, weights, rho);
  const gathered = gather(merging, lo, middle, hi, kept, deflated, halves);
  yield* newVectors(merging, lo, middle, hi, gathered, poles, recomputedWeights(poles, weights, roots), roots);
  const unchanged = deflated.map((row) => d[row]!);
  kept.forEach((_, j) => {
    d[lo + j] = poles[roots.origin[j]!]! + roots.offset[j]!;
  });
  d.set(unchanged, lo + kept.length);
  return ascending(
    d,
    Array.from({ length: hi - lo }, (_, i) => lo + i),
  );
}

function rotateRows(
  { data, stride }: ArenaRows,
  row: number,
  other: number,
  lo: number,
  hi: number,
  c: number,
  s: number,
): void {
  const x = data.subarray(row * stride + lo, row * stride + hi);
  const y = data.subarray(other * stride + lo, other * stride + hi);
  for (let k = 0; k < x.length; k++) {
    const [first, second] = [x[k]!, y[k]!];
    x[k] = c * first + s * second;
    y[k] = c * second - s * first;
  }
}

interface Gathered {
  /** Position of each kept vector among the kept ones sorted by the columns they fill. */
  readonly place: Int32Array;
  readonly upperCount: number;
  readonly bothCount: number;
  readonly lowerCount: number;
  readonly deflatedCount: number;
}

/** The old vectors into the spare room: the kept ones sorted by the halves they fill, then the deflated ones. */
function gather(
  { rows, spare }: Merging,
  lo: number,
  middle: number,
  hi: number,
  kept: readonly number[],
  deflated: readonly number[],
  halves: Uint8Array,
): Gathered {
  const indices = kept.map((_, i) => i);
  const groups = [upper, both, lower].map((half) => indices.filter((i) => halves[kept[i]!] === half));
  const place = new Int32Array(kept.length);
  const copy = (row: number, to: number, from: number, end: number): void => {
    const start = row * rows.stride;
    spare.data.set(rows.data.subarray(start + from, start + end), to * spare.stride + from);
  };
  groups.flat().forEach((i, to) => {
    place[i] = to;
    const half = halves[kept[i]!];
    copy(kept[i]!, lo + to, half === lower ? middle : lo, half === upper ? middle : hi);
  });
  deflated.forEach((row, i) => {
    copy(row, lo + kept.length + i, lo, hi);
  });
  const [upperCount, bothCount, lowerCount] = groups.map((group) => group.length) as [number, number, number];
  return { place, upperCount, bothCount, lowerCount, deflatedCount: deflated.length };
}

/** Old vectors times those of the secular problem, strip by strip; zero halves take no part. */
function* newVectors(
  { rows, spare, strip }: Merging,
  lo: number,
  middle: number,
  hi: number,
  { place, upperCount, bothCount, lowerCount, deflatedCount }: Gathered,
  poles: Float64Array,
  weights: Float64Array,
  roots: SecularRoots,
): Generator<void, void> {
  const kept = poles.length;
  const vector = new Float64Array(kept);
  for (let start = 0; start < kept; start += stripRows) {
    const count = Math.min(stripRows, kept - start);
    for (let j = 0; j < count; j++) {
      secularVector(poles, weights, roots, start + j, vector);
      const at = j * strip.stride;
      for (let i = 0; i < kept; i++) strip.data[at + place[i]!] = vector[i]!;
      const row = (lo + start + j) * rows.stride;
      rows.data.fill(0, row + lo, row + hi);
    }
    addPartProduct(
      part(rows, lo + start, count, lo, middle - lo),
      part(strip, 0, count, 0, upperCount + bothCount),
      part(spare, lo, upperCount + bothCount, lo, middle - lo),
    );
    addPartProduct(
      part(rows, lo + start, count, middle, hi - middle),
      part(strip, 0, count, upperCount, bothCount + lowerCount),
      part(spare, lo + upperCount, bothCount + lowerCount, middle, hi - middle),
    );
    yield;
  }
  for (let i = 0; i < deflatedCount; i++) {
    const row = lo + kept + i;
    const from = row * spare.stride;
    rows.data.set(spare.data.subarray(from + lo, from + hi), row * rows.stride + lo);
  }
}
