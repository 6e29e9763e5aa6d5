import type { Status } from '../../linalg/result.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';

/** An eigenvalue with what is known of its error. */
export interface StructureEigenvalue {
  readonly value: number;
  /** ‖A y − θ y‖ of the unit vector y: some eigenvalue lies within it. */
  readonly residual: number;
  readonly errorBound: number;
  readonly errorEstimate: number;
}

/** A number between 0 and 1 that depends on a computed subspace; `error` bounds what the residuals can change of it. */
export interface SubspaceShare {
  readonly value: number;
  /** sin θ ≤ ‖R‖_F / gap (Davis, Kahan 1970); 1 where the gap is not resolved: then the value says nothing. */
  readonly error: number;
}

/** Ratios λ_k/λ_{k+1} of eigenvalues in descending order, while both are positive. */
export interface EigenvalueRatios {
  /** Entry k − 1 is λ_k/λ_{k+1}. */
  readonly ratios: readonly number[];
  readonly errors: readonly number[];
  /** The k of the largest ratio, and whether it is the largest whatever the errors are. */
  readonly largestAt: number | null;
  readonly certain: boolean;
}

/** A matrix of the decomposition of G by classes. */
export interface ClassPart {
  readonly name: 'G0' | 'G1' | 'G2';
  readonly formula: string;
  /** Descending. From a Gram matrix of class means: exact up to `floor`. */
  readonly eigenvalues: readonly number[];
  readonly trace: number;
  /** Rounding: each eigenvalue is within it. */
  readonly floor: number;
}

export interface EstimatedTrace {
  readonly value: number;
  readonly standardError: number;
  /** 95 % with Student's t. */
  readonly low95: number;
  readonly high95: number;
  readonly probes: number;
}

export interface ClassStructure {
  readonly classes: number;
  /** Examples of each class. */
  readonly counts: readonly number[];
  readonly parts: readonly ClassPart[];
  readonly within: {
    readonly formula: string;
    readonly trace: EstimatedTrace;
    readonly largest: StructureEigenvalue | null;
  };
  /** Traces of all parts together. */
  readonly traceOfG: EstimatedTrace;
  readonly hessian: readonly StructureEigenvalue[];
  readonly gaussNewton: readonly StructureEigenvalue[];
  readonly hessianRatios: EigenvalueRatios;
  readonly gaussNewtonRatios: EigenvalueRatios;
  /** Eigenvalue i of G1 over eigenvalue i of G, i ≤ C: at most 1, for G − G1 is positive semidefinite. */
  readonly g1OverGaussNewton: readonly number[];
  /** The same over those of H, which may be below those of G. */
  readonly g1OverHessian: readonly number[];
  /** ‖Q₁ᵀV‖_F²/C for the eigenvectors Q₁ of G1 and the C leading ones V of H, or of G. */
  readonly overlapWithHessian: SubspaceShare;
  readonly overlapWithGaussNewton: SubspaceShare;
}

/** ‖P_k ∇L‖² / ‖∇L‖² with P_k the projector onto the eigenvectors of the k largest eigenvalues of H. */
export interface GradientShare {
  readonly k: number;
  /** What a direction without relation to H would have: k/p. */
  readonly byChance: number;
  readonly share: SubspaceShare;
  /** The same on two random halves of the data; null where they were not computed. */
  readonly halves: {
    readonly own: readonly [SubspaceShare, SubspaceShare];
    /** Gradient of one half in the subspace of the other. */
    readonly crossed: readonly [SubspaceShare, SubspaceShare];
    /** |a − b|/2 of the two own shares: standard error of their mean, one degree of freedom. */
    readonly standardError: number;
  } | null;
}

export type ApproximationName = 'diagonal' | 'blocks' | 'layers' | 'kfac';

/** An approximation A of the matrix M that it stands for. */
export interface ApproximationQuality {
  readonly name: ApproximationName;
  readonly of: 'hessian' | 'gaussNewton';
  readonly definition: string;
  /** ‖A − M‖_F / ‖M‖_F. */
  readonly frobeniusError: number;
  /** (tr A − tr M) / |tr M|. */
  readonly traceError: number;
  /** λ₁(A) / λ₁(M). */
  readonly largestRatio: number;
  /** |⟨v₁(A), v₁(M)⟩|; `error` as for subspaces. */
  readonly topCosine: SubspaceShare;
  /** Cosine between (A + σI)⁻¹∇L and (M + σI)⁻¹∇L; null where one of them is not positive definite. */
  readonly stepCosine: number | null;
}

export interface Approximations {
  readonly damping: number;
  /** max |M − Mᵀ| / max |M| of the products that the truth was made of. */
  readonly asymmetry: number;
  readonly qualities: readonly ApproximationQuality[];
  readonly kfac: {
    readonly examples: number;
    readonly layers: readonly string[];
    /** Layers that K-FAC does not cover here; their block of G stands in. */
    readonly notCovered: readonly { readonly layer: string; readonly reason: string }[];
  } | null;
}

/** A number that is called sharpness somewhere, with the definition that it has here. */
export interface SharpnessMeasure {
  readonly name: string;
  readonly formula: string;
  readonly value: number;
  /** What `error` is; a lower bound of a maximum has a rounding error only. */
  readonly certificate: 'residual' | 'standardError' | 'rounding' | 'lowerBound';
  readonly error: number;
  /** Of means over draws, with Student's t. */
  readonly interval95: readonly [number, number] | null;
  /** Whether a ReLU layer times α > 0 and the next by 1/α leave it as it is. */
  readonly scaleInvariant: boolean;
  readonly settings: Readonly<Record<string, number>>;
}

export interface Structure {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly dim: number;
  readonly examples: number;
  readonly convention: LossConvention;
  readonly engine: string;
  readonly precision: 'float64' | 'float32';
  readonly inexactReason: string | null;
  readonly classes: ClassStructure | null;
  readonly gradientShares: readonly GradientShare[] | null;
  readonly approximations: Approximations | null;
  readonly sharpness: readonly SharpnessMeasure[] | null;
  /** What was left out or replaced, and why. */
  readonly notices: readonly string[];
  readonly parts: Readonly<Record<'classes' | 'gradient' | 'approximations' | 'sharpness', Status | null>>;
}
