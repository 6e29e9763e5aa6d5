import { projectedEigen } from '../../../linalg/eigenpairs/projected-eigen.ts';
import type { Matrix } from '../../../linalg/matrix.ts';
import { denseFrame, largestMagnitude, rowsTimes } from './eigen-frame.ts';
import type { StoppingReason } from './finder.ts';
import { krylovProcess } from './krylov-process.ts';
import type { Search, Standing } from './search-loop.ts';

/**
 * All steps p(μ) = −(H² + μ)⁻¹ H∇L at one point: minima of ‖∇L + Hp‖² + μ‖p‖². Once the frame is known a further μ costs no
 * product.
 */
export interface DampedSteps<V> {
  /** The largest eigenvalue of H², within the frame. */
  readonly scale: number;
  /** ‖H∇L‖ */
  readonly curvedLength: number;
  /** A new vector of the caller's. */
  step(mu: number): V;
  /** ‖∇L‖² − ‖∇L + H p(μ)‖² */
  predictedDecrease(mu: number): number;
  release(): void;
}

/** Products of a Krylov space where the dense matrix is too large. */
const krylovSize = 60;

/**
 * Up to `denseLimit` parameters from the eigendecomposition of H (p products); above in the Krylov space of ∇L, where the
 * minimum is that over the space: with H V = V₊T the step is −V(TᵀT + μ)⁻¹Tᵀ‖∇L‖e₁ (60 products at most).
 */
export async function dampedSteps<V>(search: Search<V>, at: Standing<V>): Promise<DampedSteps<V> | StoppingReason> {
  const { space, options } = search;
  return space.dim <= options.denseLimit ? denseSteps(search, at) : krylovSteps(search, at);
}

async function denseSteps<V>(search: Search<V>, at: Standing<V>): Promise<DampedSteps<V> | StoppingReason> {
  const frame = await denseFrame(search, at);
  if (typeof frame === 'string') return frame;
  const { values, slopes, expand, release } = frame;
  return stepsFrom(
    values.map((value) => value * value),
    values.map((value, i) => value * slopes[i]!),
    { expand, release },
  );
}

async function krylovSteps<V>(search: Search<V>, at: Standing<V>): Promise<DampedSteps<V> | StoppingReason> {
  const process = await krylovProcess(search, at, krylovSize);
  if (typeof process === 'string') return process;
  const { basis, alpha, beta, length, release } = process;
  const k = basis.length;
  const { values, vectors } = projectedEigen(squaredTridiagonal(alpha, beta));
  // Tᵀ e₁ = (α₁, β₁, 0 …)
  const curved = values.map(
    (_, i) => length * (alpha[0]! * vectors[i * k]! + (k > 1 ? beta[0]! * vectors[i * k + 1]! : 0)),
  );
  return stepsFrom(
    values.map((value) => Math.max(0, value)),
    curved,
    { expand: (c) => search.space.combine(basis, rowsTimes(vectors, c)), release },
  );
}

/** TᵀT of the (k + 1) × k tridiagonal T: five diagonals. */
function squaredTridiagonal(alpha: readonly number[], beta: readonly number[]): Matrix {
  const k = alpha.length;
  const data = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    const before = i > 0 ? beta[i - 1]! : 0;
    data[i * k + i] = before ** 2 + alpha[i]! ** 2 + beta[i]! ** 2;
    if (i + 1 < k) data[i * k + i + 1] = data[(i + 1) * k + i] = beta[i]! * (alpha[i]! + alpha[i + 1]!);
    if (i + 2 < k) data[i * k + i + 2] = data[(i + 2) * k + i] = beta[i]! * beta[i + 1]!;
  }
  return { rows: k, columns: k, data };
}

/** @param squares eigenvalues of H² in the frame, @param curved H∇L in it */
function stepsFrom<V>(
  squares: Float64Array,
  curved: Float64Array,
  frame: { expand(c: Float64Array): V; release(): void },
): DampedSteps<V> {
  return {
    scale: largestMagnitude(squares),
    curvedLength: Math.hypot(...curved),
    step: (mu) => frame.expand(squares.map((square, i) => (curved[i] === 0 ? 0 : -curved[i]! / (square + mu)))),
    predictedDecrease: (mu) =>
      squares.reduce((sum, square, i) => {
        const share = curved[i]! / (square + mu);
        return curved[i] === 0 ? sum : sum + share * share * (square + 2 * mu);
      }, 0),
    release: () => frame.release(),
  };
}
