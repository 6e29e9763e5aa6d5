import { addPartProduct } from '../spaces/float64-gemm.ts';
import { type ArenaRows, arenaRows, freeRows, part, transposedPart } from './arena-rows.ts';

/** Reflections at once: 64 for large matrices; for small ones the triangular factors of so many would cost more than they save. */
const reflectionsAtOnce = (n: number): number => (n < 500 ? 16 : 64);

/**
 * Each row x of X becomes Q x = H_{n−1} … H₁ x, with the reflections as `reduceToTridiagonal` left them: many at a time as
 * I − V T Vᵀ with triangular T (Schreiber and Van Loan 1989), so that all the work is matrix products. Cost: 2 n²
 * operations a row. Yields after each block.
 */
export function* applyReflections(
  reflections: ArenaRows,
  tau: Float64Array,
  x: ArenaRows,
  n: number,
): Generator<void, void> {
  const blockReflections = reflectionsAtOnce(n);
  const v = arenaRows(blockReflections, n);
  const t = arenaRows(blockReflections, blockReflections);
  const along = arenaRows(n, blockReflections);
  const turned = arenaRows(n, blockReflections);
  try {
    for (let start = 1; start < n; start += blockReflections) {
      const end = Math.min(n, start + blockReflections);
      const factors = tau.subarray(start, end);
      if (factors.every((factor) => factor === 0)) continue;
      loadVectors(v, reflections, factors, start);
      triangularFactor(t, v, factors, end - 1);
      applyBlock(x, n, v, t, along, turned, end - start, end - 1);
      yield;
    }
  } finally {
    freeRows(v, t, along, turned);
  }
}

function loadVectors(v: ArenaRows, reflections: ArenaRows, factors: Float64Array, start: number): void {
  v.data.fill(0);
  factors.forEach((factor, c) => {
    const from = (start + c) * reflections.stride;
    if (factor !== 0) v.data.set(reflections.data.subarray(from, from + start + c), c * v.stride);
  });
}

/** −T by its recurrence H_c (I − V T Vᵀ) = I − [V v_c] [T 0; −τ v_cᵀV T, τ] [V v_c]ᵀ. */
function triangularFactor(t: ArenaRows, v: ArenaRows, factors: Float64Array, length: number): void {
  const count = factors.length;
  const vectors = part(v, 0, count, 0, length);
  t.data.fill(0);
  addPartProduct(part(t, 0, count, 0, count), vectors, transposedPart(vectors));
  const { data, stride } = t;
  for (let c = 0; c < count; c++) {
    const tau = factors[c]!;
    const row = data.slice(c * stride, c * stride + c);
    data.fill(0, c * stride, (c + 1) * stride);
    data[c * stride + c] = -tau;
    for (let r = 0; r < c; r++) {
      // Rows above hold −T already.
      for (let k = 0; k <= r; k++) data[c * stride + k] = data[c * stride + k]! - tau * row[r]! * data[r * stride + k]!;
    }
  }
}

/** X ← X + (X V)(−T)ᵀ Vᵀ. */
function applyBlock(
  x: ArenaRows,
  n: number,
  v: ArenaRows,
  t: ArenaRows,
  along: ArenaRows,
  turned: ArenaRows,
  count: number,
  length: number,
): void {
  along.data.fill(0);
  turned.data.fill(0);
  const vectors = part(v, 0, count, 0, length);
  const touched = part(x, 0, n, 0, length);
  const product = part(along, 0, n, 0, count);
  const weights = part(turned, 0, n, 0, count);
  addPartProduct(product, touched, transposedPart(vectors));
  addPartProduct(weights, product, transposedPart(part(t, 0, count, 0, count)));
  addPartProduct(touched, weights, vectors);
}
