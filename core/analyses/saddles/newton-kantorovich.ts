import { interruptibleSymmetricEigen } from '../../linalg/dense/dense-symmetric.ts';
import type { SymmetricEigen } from '../../linalg/dense/symmetric-decomposition.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { dot, norm } from '../../linalg/spaces/host-products.ts';
import type { DerivativeBounds } from '../../objective/objective.ts';
import type { IndependentTangents } from '../../objective/symmetry/tangents.ts';
import { type DenseHessian, fromEigenbasis, type Interruption, inEigenbasis } from './dense-hessian.ts';
import type { CriticalPointProof } from './saddle.ts';

/** In p ε |λ|_max: rounding of products of p × p matrices with bases that are orthonormal to rounding. */
const rounding = 16;
/** What products that vanish below the smallest numbers may add up to. */
const underflow = 1e-300;

/**
 * Newton–Kantorovich about θ (Kantorovich 1948; Ortega 1968) on the slice through θ orthogonal to the tangents of the
 * known symmetries. With N an orthonormal basis of the slice, β ≥ ‖(NᵀHN)⁻¹Nᵀg‖, κ ≥ 1/min |λ(NᵀHN)| and ℓ a Lipschitz
 * constant of H over the ball of radius 2β: where h = β κ ℓ ≤ ½, L on the slice has exactly one critical point θ* within
 * 2β / (1 + √(1 − 2h)).
 *
 * θ* is a critical point of L itself where the slice is transversal to its orbit: ∇L(θ*) lies in the span of the tangents
 * at θ, T = Q R, and is orthogonal to those at θ*, T*; where T*ᵀQ is regular only zero does both. The tangents are linear
 * in θ, so ‖T* − T‖ ≤ √k ‖θ* − θ‖, and it is enough that σ_min(R) > √k · radius. The same makes k directions of θ* null
 * exactly, so the index of θ* is that of θ where, with b = ℓ · radius + rounding, all eigenvalues but k lie beyond ±b (Weyl
 * 1912): it can then not differ.
 *
 * Rounding counts against the proof: of g and H as the objective bounds it, of the decomposition by its residual
 * (√p times the largest of a vector), of products with p ε |λ|_max. Not counted: that the arithmetic of these bounds,
 * some ten operations, is in float64 as well.
 *
 * Null where nothing can be shown: no bounds, or an eigenvalue off the tangents that is not separated from zero. Cost: no
 * products; one decomposition more where there are tangents.
 */
export async function newtonKantorovich(
  hessian: DenseHessian,
  symmetries: IndependentTangents,
  boundsWithin: (radius: number) => DerivativeBounds | null,
  interruption: Interruption,
): Promise<CriticalPointProof | null> {
  const here = boundsWithin(0);
  const p = hessian.gradient.length;
  const { basis } = symmetries;
  if (here === null || basis.length >= p) return null;
  const products = rounding * p * Number.EPSILON * hessian.scale;
  const onSlice = basis.length === 0 ? hessian : await sliceEigen(hessian, basis, interruption);
  if (onSlice === null) return null;
  const least = onSlice.eigenvalues.reduce((most, value) => Math.min(most, Math.abs(value)), Number.POSITIVE_INFINITY);
  const separated = least - Math.sqrt(p) * onSlice.residual - products - here.hessianRounding;
  if (!(separated > 0)) return null;

  const slope = hessian.gradient.slice();
  for (const unit of basis) subtract(slope, dot(unit, slope), unit);
  const c = inEigenbasis(onSlice, slope);
  const step = norm(
    fromEigenbasis(
      onSlice,
      c.map((x, i) => -x / onSlice.eigenvalues[i]!),
    ),
  );
  // (NᵀHN) of the exact H differs by all that is in `wrong`, which changes the step by that times κ ‖step‖.
  const wrong = Math.sqrt(p) * onSlice.residual + products + here.hessianRounding;
  const projection = rounding * p * Number.EPSILON * norm(hessian.gradient);
  const newtonStep = step + (here.gradientRounding + projection + wrong * step + underflow) / separated;

  const lipschitz = boundsWithin(2 * newtonStep)?.hessianLipschitz ?? Number.POSITIVE_INFINITY;
  const h = (newtonStep * lipschitz) / separated;
  if (!Number.isFinite(h)) return null;
  const reach = h <= 0.5 ? (2 * newtonStep) / (1 + Math.sqrt(1 - 2 * h)) : null;
  const radius = reach !== null && isTransversal(symmetries, reach) ? reach : null;
  return {
    newtonStep,
    lipschitz,
    h,
    radius,
    indexIsExact:
      radius !== null && isSeparated(hessian, basis.length, lipschitz * radius + here.hessianRounding + products),
    symmetryDirections: basis.length,
  };
}

/** Whether all eigenvalues but `nulls` are farther from zero than `bound` and the error of the decomposition. */
function isSeparated({ eigenvalues, residual }: DenseHessian, nulls: number, bound: number): boolean {
  const limit = bound + Math.sqrt(eigenvalues.length) * residual;
  return eigenvalues.filter((value) => Math.abs(value) > limit).length + nulls === eigenvalues.length;
}

function isTransversal({ tangents, coefficients }: IndependentTangents, radius: number): boolean {
  const moving = tangents.filter(({ movesWith }) => movesWith > 0).length;
  if (moving === 0) return true;
  return leastSingularValue(coefficients) > Math.sqrt(moving) * radius;
}

/** A lower bound of σ_min(R): 1/‖R⁻¹‖_F, less a tenth for the rounding of the substitution. */
function leastSingularValue(columns: readonly Float64Array[]): number {
  let square = 0;
  columns.forEach((_, target) => {
    // R x = e_target by back substitution: x has entries up to `target` only.
    const x = new Float64Array(target + 1);
    for (let i = target; i >= 0; i--) {
      let right = i === target ? 1 : 0;
      for (let j = i + 1; j <= target; j++) right -= columns[j]![i]! * x[j]!;
      x[i] = right / columns[i]![i]!;
      square += x[i]! ** 2;
    }
  });
  return 0.9 / Math.sqrt(square);
}

/** Of (1 − QQᵀ) H (1 − QQᵀ) + |λ|_max QQᵀ: the spectrum on the slice, the tangents moved away from zero. */
async function sliceEigen(
  { matrix, scale }: DenseHessian,
  basis: readonly Float64Array[],
  interruption: Interruption,
): Promise<SymmetricEigen | null> {
  const p = matrix.rows;
  const data = matrix.data.slice();
  const projected: Matrix = { rows: p, columns: p, data };
  for (const unit of basis) {
    // One vector after another: (1 − uuᵀ) H (1 − uuᵀ) = H − u wᵀ − w uᵀ + (uᵀHu) u uᵀ with w = H u.
    const image = timesVector(projected, unit);
    const along = dot(unit, image);
    for (let i = 0; i < p; i++) {
      const [u, w] = [unit[i]!, image[i]! - (along + scale) * unit[i]!];
      for (let j = 0; j < p; j++) data[i * p + j]! -= u * image[j]! + w * unit[j]!;
    }
  }
  return interruptibleSymmetricEigen(projected, interruption);
}

function timesVector({ rows, columns, data }: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * x[j]!;
    return sum;
  });
}

function subtract(x: Float64Array, a: number, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i]! -= a * y[i]!;
}
