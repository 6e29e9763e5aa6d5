/**
 * Where descent ends that leaves a point along ± its negative directions. A path is gradient descent with steps of at most
 * 1/λ_max of the place where it is, halved where the loss would rise.
 */
export interface EscapePath {
  /** Rank of the eigenvalue, 0 the most negative. */
  readonly direction: number;
  readonly sign: 1 | -1;
  readonly eigenvalue: number;
  /** ‖Hv − λv‖ */
  readonly residual: number;
  /** By kept point of the path; the start, at the distance `offset` from the saddle, first. */
  readonly losses: Float64Array;
  /** Steps made up to each kept point. */
  readonly steps: Float64Array;
  /** ‖θ − θ_saddle‖ at each kept point. */
  readonly distances: Float64Array;
  /** Least-squares coordinates on the directions that were given, an array a direction; none where there were none. */
  readonly coordinates: readonly Float64Array[];
  readonly end: EscapeEnd;
}

export interface EscapeEnd {
  readonly loss: number;
  readonly gradientNormSquared: number;
  /** λ_min there, and its residual; null where the work ended before it was known. */
  readonly lowest: { readonly value: number; readonly residual: number } | null;
  /**
   * `minimum`: ‖∇L‖² is below the tolerance, or no step lowers L within the precision, and no eigenvalue found is below
   * −τ |λ|_max (a flat valley counts as one); `saddle`: the same with one below; `moving`: anything else.
   */
  readonly kind: 'minimum' | 'saddle' | 'moving';
  readonly steps: number;
}

export interface Escape {
  /** Of the point that is left. */
  readonly loss: number;
  /** ‖∇L‖² there: a critical point has next to none. */
  readonly gradientNormSquared: number;
  /** Eigenvalues below −τ |λ|_max: all of them where the matrix was dense, else as many as were looked for at most. */
  readonly negativeFound: number;
  /** λ_min of the point that is left, and its residual; null where it was not reached. */
  readonly lowest: { readonly value: number; readonly residual: number } | null;
  /** Where the descents begin, away from the point. */
  readonly offset: number;
  /** What was found, for people: why there is no path where there is none. */
  readonly sentence: string;
  readonly paths: readonly EscapePath[];
  readonly precision: 'float64' | 'float32';
  readonly engine: string;
  /** Ends of the paths, in the same order; not in the JSON document. */
  readonly ends: readonly Float64Array[];
}
