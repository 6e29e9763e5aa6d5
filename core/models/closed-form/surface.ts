/** A point where the gradient vanishes; `nullity` counts the zero eigenvalues of the Hessian there. */
export interface SurfaceCriticalPoint {
  readonly x: number;
  readonly y: number;
  /** Morse index: the number of negative eigenvalues. */
  readonly index: number;
  readonly nullity: number;
}

/** A function of two variables with everything known about it. */
export interface Surface {
  readonly title: string;
  /** In plain Unicode, for people. */
  readonly formula: string;
  /** The window that shows what it is known for. */
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  readonly source: string;
  value(x: number, y: number): number;
  gradient(x: number, y: number): readonly [x: number, y: number];
  hessian(x: number, y: number): readonly [xx: number, xy: number, yy: number];
  /** All of them within the domain. */
  readonly criticalPoints: readonly SurfaceCriticalPoint[];
}
