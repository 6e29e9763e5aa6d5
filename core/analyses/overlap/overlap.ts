import type { Matrix } from '../../linalg/matrix.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { CurvatureKind } from '../../objective/curvature/curvature-kinds.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';

/** Between what top subspaces are compared. */
export type OverlapKind = 'steps' | 'halves' | 'layers';

/** One top subspace: of a step, of a half of the examples, of a layer. */
export interface TopSubspace {
  readonly label: string;
  /** Largest first, with ‖A v − λ v‖. */
  readonly eigenvalues: readonly { readonly value: number; readonly residual: number }[];
  /** λ_k − λ_{k+1}: what divides the subspace from the rest. */
  readonly gap: number;
  /**
   * Bound of ‖sin Θ‖_F between this subspace and the true one, ‖R‖_F / gap (Davis and Kahan 1970), at most √k; with the
   * gap as it was seen.
   */
  readonly angleBound: number;
}

export interface SubspaceOverlap {
  readonly kind: OverlapKind;
  readonly operator: CurvatureKind;
  /** Dimension of each subspace. */
  readonly k: number;
  readonly labels: readonly string[];
  /** ‖UᵢᵀUⱼ‖²_F / k: the mean squared cosine of the principal angles; 1 on the diagonal. */
  readonly overlap: Matrix;
  /** How far each entry may be from that of the true subspaces: √2 (εᵢ + εⱼ)/√k with the bounds of the angles ε. */
  readonly errorBound: Matrix;
  /** k/p: what two random subspaces have in the mean. */
  readonly random: number;
  readonly subspaces: readonly TopSubspace[];
  /** ⟨uₐ, v_b⟩² between the single vectors of two labels: of neighbours, and of the first and the last. */
  readonly pairs: readonly { readonly first: number; readonly second: number; readonly squaredCosines: Matrix }[];
  readonly dim: number;
  readonly convention: LossConvention;
  readonly engine: string;
  readonly precision: VectorSpace<unknown>['precision'];
}
