import type { Barrier } from '../../fields/barrier.ts';
import type { Axes, Field } from '../../fields/grid.ts';
import type { JudgedTree } from '../../fields/persistence.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';

/** What spans one axis of a slice. */
export interface SliceDirection {
  /** `filter-normalised random`, `principal direction`, `Hessian eigenvector` … */
  readonly kind: string;
  /** ‖d‖: one unit along the axis, in parameter length. */
  readonly norm: number;
  /** Of an eigenvector. */
  readonly eigenvalue: number | null;
  /** Of an eigenvector: ‖Hd − λd‖. */
  readonly residual: number | null;
  /** Of a principal direction: its share of Σ ‖θᵢ − origin‖². */
  readonly explained: number | null;
}

/** One quantity on the grid of a slice. */
export interface SliceField extends Field {
  /** `loss`, `error`, `class_loss_3`, `gradient_norm`, `lambda_max` … */
  readonly quantity: string;
  /** One number a point in `uncertainty`; null where values are exact up to rounding. */
  readonly certificate: 'standard error' | 'residual' | '95 % half-width' | 'within rounding of zero' | null;
  readonly uncertainty: Float64Array | null;
}

/** A run as it is seen on a slice, and how far it really is from it. */
export interface SliceTrajectory {
  readonly steps: readonly number[];
  /** Least-squares coordinates, an array an axis. */
  readonly coordinates: readonly Float64Array[];
  /** ‖θᵢ − its shadow‖: the part of the displacement that the picture does not show. */
  readonly distance: Float64Array;
  /** ‖θᵢ − origin‖ */
  readonly length: Float64Array;
  /** Where the path really is. NaN where the work was cancelled before. */
  readonly trueLoss: Float64Array;
  /** Where the slice shows it. */
  readonly projectedLoss: Float64Array;
}

/** What batch normalisation did at each point. */
export type StatisticsPolicy = 'experiment' | 'frozen' | 'recalibrated' | 'batch';

/** Quantities on a line, a plane or a volume through θ: origin + Σ_k coordinate_k d_k. */
export interface Slice {
  /** What spans it, a word an axis or one for all: `random`, `pca`, `eigen`, `gradient,random` … */
  readonly plane: string;
  /** The other points and files that span it, as they were named. */
  readonly points: readonly string[];
  /** What else was asked, as `variantOf` says; absent in slices of before. */
  readonly variant?: string;
  /** One axis for a line, two for a plane, three for a volume, in multiples of the directions. */
  readonly axes: Axes;
  readonly directions: readonly SliceDirection[];
  /** Cosines between directions (0,1), (0,2), (1,2) as they are used, after normalisation. */
  readonly cosines: readonly number[];
  /** The loss first. */
  readonly fields: readonly [loss: SliceField, ...others: SliceField[]];
  readonly center: { readonly loss: number; readonly standardError: number; readonly examples: number };
  /** Which examples: of the training or the test set, all or a fixed subset. */
  readonly on: 'train' | 'test';
  readonly statistics: StatisticsPolicy;
  readonly trajectory: SliceTrajectory | null;
  /** Minima and passes of the loss on the grid with a verdict on each; absent where it was not asked for. */
  readonly topology?: JudgedTree | undefined;
  /** Of a line from one point (0) to another (1) with both on the grid. */
  readonly barrier?: Barrier | undefined;
  /** Where the picture misleads, one sentence each. */
  readonly warnings: readonly string[];
  readonly convention: LossConvention;
  readonly engine: string;
  readonly precision: VectorSpace<unknown>['precision'];
  /** The directions in full, for files. */
  readonly vectors: readonly Float64Array[];
}

export const shapeOf = ({ axes }: Pick<Slice, 'axes'>): 'line' | 'plane' | 'volume' =>
  axes.length === 1 ? 'line' : axes.length === 2 ? 'plane' : 'volume';
