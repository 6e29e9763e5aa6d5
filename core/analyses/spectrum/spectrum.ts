import type { ResidualEvidence } from '../../linalg/eigenpairs/eigenpairs.ts';
import type { TraceMethod } from '../../linalg/quadrature/trace/trace-estimate.ts';
import type { Status } from '../../linalg/result.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { CurvatureKind } from '../../objective/curvature/curvature-kinds.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';

/** An eigenvalue with its certificate. */
export interface CertifiedEigenvalue {
  readonly value: number;
  /** ‖A v − λ v‖ for the unit vector v. */
  readonly residual: number;
  readonly residualIsEstimate: boolean;
  /**
   * `computed` by a product with this v; `bounded` at 95 % by one product with a random combination of all v; `estimated`
   * where no product has checked it. Absent in results of earlier versions: computed unless it is an estimate.
   */
  readonly evidence?: ResidualEvidence | undefined;
  /** The residual plus the floor of the precision: some eigenvalue lies within it. */
  readonly errorBound: number;
  /**
   * min(r, r²/gap) plus the floor, with the gap seen in the Ritz values: the usual size of the error. The bound where the
   * search has not converged.
   */
  readonly errorEstimate: number;
  /** Share of ‖v‖² in each block of `blockNames`; absent where vectors were not asked for. */
  readonly mass?: readonly number[] | undefined;
}

/** Eigenvalues that cannot be told apart: only the space that they span is determined. */
export interface EigenSubspace {
  readonly end: 'top' | 'bottom' | 'magnitude' | 'nearZero';
  /** Place of the first in the list of its end, and how many. */
  readonly first: number;
  readonly count: number;
  /** Mean of the values, and largest less smallest. */
  readonly value: number;
  readonly spread: number;
  /** Bound of ‖A Q − Q (QᵀAQ)‖_F, Q the vectors. */
  readonly residual: number;
  /** False where the multiplicity may be larger than what was found. */
  readonly complete: boolean;
}

/** An estimate from random probes with the interval that contains the truth in 95 of 100 cases. */
export interface ProbedEstimate {
  readonly value: number;
  readonly standardError: number;
  readonly low95: number;
  readonly high95: number;
}

/** Density over lg |λ|, both signs apart: y is the share of the eigenvalues a decade. */
export interface LogDensityCurve {
  /** lg |λ|, ascending. */
  readonly x: Float64Array;
  readonly positive: Float64Array;
  readonly positiveStandardError: Float64Array;
  readonly negative: Float64Array;
  readonly negativeStandardError: Float64Array;
  /** Standard deviation of the Gaussian kernel, in decades. */
  readonly kernelWidth: number;
  /** Share of the eigenvalues with lg |λ| below the axis. */
  readonly nearZero: number;
}

export interface DensityMasses {
  /** Half width of what counts as zero. */
  readonly delta: number;
  /** Shares of all eigenvalues below −δ, within ±δ and above δ; their intervals contain the quadrature's own error. */
  readonly below: ProbedEstimate;
  readonly near: ProbedEstimate;
  readonly above: ProbedEstimate;
}

export interface DensityCurve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** NaN with a single probe. */
  readonly standardError: Float64Array;
  /** Smoothed share of the eigenvalues up to the right end of each cell. */
  readonly cumulative: Float64Array;
  /** Bounds of the unsmoothed share, by the inequalities of Chebyshev, Markov and Stieltjes and 95 % over the probes. */
  readonly cumulativeLower?: Float64Array | undefined;
  readonly cumulativeUpper?: Float64Array | undefined;
  readonly logarithmic?: LogDensityCurve | null | undefined;
  readonly masses?: DensityMasses | undefined;
  /** Eigenvalues that were taken out before the probes and put back as they are. */
  readonly deflated?: readonly number[] | undefined;
  readonly kernelWidth: number;
  readonly probes: number;
  readonly steps: number;
  /** Trace over p, and trace of the square over p. */
  readonly mean: { readonly value: number; readonly standardError: number };
  readonly secondMoment: { readonly value: number; readonly standardError: number };
}

export interface TraceReading extends ProbedEstimate {
  readonly method: TraceMethod;
  readonly probes: number;
  readonly products: number;
}

/** A sum over the spectrum that needs a shift: ln det(A + σI), or Σ λ/(λ + σ) over the positive eigenvalues. */
export interface ShiftedSum extends ProbedEstimate {
  readonly shift: number;
}

/** Curvature of one block of θ, the others fixed. */
export interface LayerCurvature {
  readonly block: string;
  readonly size: number;
  readonly trace: ProbedEstimate;
  /** Largest eigenvalue of the diagonal block. */
  readonly top: CertifiedEigenvalue | null;
}

/** Hutchinson's estimate of the diagonal of the matrix, entry by entry, with its standard error. */
export interface DiagonalCurvature {
  readonly values: Float64Array;
  readonly standardError: Float64Array;
}

/** What the first layer's part of an eigenvector looks like: images of the shape of the inputs. */
export interface EigenvectorImages {
  readonly block: string;
  /** [height, width, channels]. */
  readonly shape: readonly [number, number, number];
  /** One an eigenvalue, in the order of `eigenvalues`. */
  readonly vectors: readonly {
    /** Root mean square over all units. */
    readonly overall: Float64Array;
    /** The units with the largest share, largest first. */
    readonly units: readonly { readonly unit: number; readonly share: number; readonly image: Float64Array }[];
  }[];
}

export interface Notice {
  readonly code: string;
  /** One sentence: what was found. */
  readonly found: string;
  /** One sentence: what is computed instead, or what it means. */
  readonly instead: string;
}

export interface Spectrum {
  readonly operator: CurvatureKind;
  /** For people: `Hessian`, `Gauss–Newton`; and what is meant exactly. */
  readonly operatorName: string;
  readonly operatorFormula: string;
  /** Names of the blocks that the matrix is restricted to; null: all of θ. */
  readonly blocks: readonly string[] | null;
  /** Labels drawn for each example, where labels were drawn. */
  readonly samples: number | null;
  /** Blocks that `mass` of the eigenvalues speaks of. */
  readonly blockNames: readonly string[];
  /** Largest first. */
  readonly eigenvalues: readonly CertifiedEigenvalue[];
  /** Most negative first. */
  readonly bottom: readonly CertifiedEigenvalue[];
  /** Largest absolute value first. */
  readonly magnitude: readonly CertifiedEigenvalue[];
  /** Nearest to zero first: from the dense matrix only. Absent in results of earlier versions. */
  readonly nearZero?: readonly CertifiedEigenvalue[] | undefined;
  readonly subspaces: readonly EigenSubspace[];
  readonly density: DensityCurve | null;
  readonly trace: TraceReading | null;
  readonly logDeterminant: ShiftedSum | null;
  readonly effectiveDimension: ShiftedSum | null;
  readonly layers: readonly LayerCurvature[] | null;
  readonly images: EigenvectorImages | null;
  /** Unit eigenvectors of `eigenvalues`; never in the text of a document, but in the .npz beside it. */
  readonly vectors?: readonly Float64Array[] | undefined;
  /** Of the probes of the table of layers; like the vectors in the .npz only. */
  readonly diagonal?: DiagonalCurvature | undefined;
  readonly notices: readonly Notice[];
  readonly loss: number;
  readonly gradientNorm: number;
  /** Parameters of the model … */
  readonly dim: number;
  /** … and rows of the matrix: those of the chosen blocks, or the outputs of the kernel. */
  readonly order: number;
  readonly convention: LossConvention;
  readonly engine: string;
  readonly precision: VectorSpace<unknown>['precision'];
  /** Null where products are exact; otherwise why they are differences. */
  readonly inexactReason: string | null;
  /** How each part ended; null where it was not asked for. */
  readonly parts: {
    readonly eigenvalues: Status | null;
    readonly density: Status | null;
    readonly trace: Status | null;
    readonly layers: Status | null;
  };
}
