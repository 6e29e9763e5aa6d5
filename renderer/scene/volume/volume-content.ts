import type { Axes, Field } from '../../../core/fields/grid.ts';

/** One quantity on the points of a volume. */
export interface VolumeField extends Field {
  /** `loss`, `gradient_norm` … */
  readonly quantity: string;
}

/** A run as it is seen in a volume: a shadow for each checkpoint, ascending by step. */
export interface VolumePath {
  readonly steps: readonly number[];
  /** α, β and γ of the shadows. */
  readonly coordinates: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  /** From the volume and from its origin, in parameter length. */
  readonly distance: ArrayLike<number>;
  readonly length: ArrayLike<number>;
  /** Where the path really is; NaN where it was not computed. */
  readonly loss: ArrayLike<number>;
}

/** A point with a name; its sign is filled where a certificate says that it is what its kind says. */
export interface VolumeMark {
  readonly id: string;
  readonly at: readonly [alpha: number, beta: number, gamma: number];
  readonly kind: 'minimum' | 'saddle' | 'maximum' | 'found';
  readonly certified: boolean;
  readonly label: string;
}

/** What is known of a volume. Point (i, j, k) of a field is entry i + n_α(j + n_β k). */
export interface VolumeContent {
  readonly axes: Axes;
  readonly fields: readonly [VolumeField, ...VolumeField[]];
  /** Lengths of one unit of each axis in parameter space. */
  readonly norms: readonly [number, number, number];
  /** Between directions (0,1), (0,2) and (1,2). */
  readonly cosines: readonly [number, number, number];
  readonly titles: readonly [alpha: string, beta: string, gamma: string];
  readonly path: VolumePath | null;
  readonly marks: readonly VolumeMark[];
  /** False while points are still to come: then the finest grid is drawn whose points are all there. */
  readonly complete: boolean;
}

/** Which side of a plane is kept: where coordinates are below or above it. */
export type KeptSide = 'below' | 'above';
export type AxisIndex = 0 | 1 | 2;

/** A plane by the direction of its normal in the box and its signed distance from the middle, in half diagonals. */
export interface ObliquePlane {
  /** Radians: 0 along +α, a quarter turn along +β. */
  readonly azimuth: number;
  /** Radians: a quarter turn along +γ. */
  readonly elevation: number;
  /** −1 to 1. */
  readonly offset: number;
}

export interface IsoLevel {
  readonly id: string;
  /** In units of the quantity. */
  readonly level: number;
  /** 0 to 1; 1 hides what is behind it. */
  readonly opacity: number;
  readonly isShown: boolean;
}

export interface AxisPlane {
  readonly isOn: boolean;
  /** In units of the axis. */
  readonly at: number;
}

/** How a volume is drawn. */
export interface VolumeLook {
  /** Indices into the fields: what levels and sections show, and what colours the surfaces. */
  readonly quantity: number;
  readonly colouredBy: number | 'level';
  readonly scale: 'log' | 'linear';
  readonly levels: readonly IsoLevel[];
  readonly sections: readonly [AxisPlane, AxisPlane, AxisPlane];
  readonly oblique: ObliquePlane & { readonly isOn: boolean };
  readonly clips: readonly [
    AxisPlane & { readonly keeps: KeptSide },
    AxisPlane & { readonly keeps: KeptSide },
    AxisPlane & { readonly keeps: KeptSide },
  ];
  readonly obliqueClip: ObliquePlane & { readonly isOn: boolean };
  /** Where a clip plane cuts a closed surface: its inside, in the colours of the quantity, or nothing. */
  readonly caps: 'filled' | 'open';
  /** Contour lines on sections. */
  readonly contours: boolean;
}
