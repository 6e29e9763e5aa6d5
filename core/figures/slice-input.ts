import type { Clip, SliceQuantity } from './field-colours.ts';
import type { Reference } from './figure.ts';
import type { NamedPath, SliceMark, SlicePath } from './plane-marks.ts';

export interface SliceAxis {
  readonly values: ArrayLike<number>;
  /** `filter-normalised random`, `principal direction`, `Hessian eigenvector` … */
  readonly kind: string;
  /** ‖d‖: the length of one unit in parameter space. */
  readonly norm: number;
  readonly explained: number | null;
  readonly eigenvalue: number | null;
}

/** What a certificate of values is, and one number a point. */
export interface Uncertainty {
  readonly kind: 'standard error' | 'residual' | '95 % half-width' | 'within rounding of zero';
  readonly values: ArrayLike<number>;
}

export interface SliceFigureInput {
  readonly alpha: SliceAxis;
  readonly beta: SliceAxis;
  readonly quantity: SliceQuantity;
  /** Point (i, j), at alpha.values[i] and beta.values[j], is entry i + alpha.values.length · j. */
  readonly values: ArrayLike<number>;
  /** 1 where the value was computed. */
  readonly computed: ArrayLike<number>;
  readonly uncertainty: Uncertainty | null;
  readonly clip?: Clip | null;
  /** True unless said otherwise. */
  readonly contours?: boolean;
  readonly paths: readonly NamedPath[];
  readonly marks?: readonly SliceMark[];
  readonly warnings: readonly string[];
  /** The convention of the loss. */
  readonly formula: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** A plane of the loss with one path. */
export interface LossPlaneInput
  extends Pick<
    SliceFigureInput,
    'alpha' | 'beta' | 'computed' | 'warnings' | 'formula' | 'command' | 'references' | 'clip' | 'marks'
  > {
  /** In the order of `SliceFigureInput.values`. */
  readonly loss: ArrayLike<number>;
  readonly path: SlicePath | null;
}
