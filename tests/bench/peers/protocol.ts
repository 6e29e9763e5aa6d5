/** What contestants are asked and answer, one line of JSON each; peer.py, spectra_peer.py and ours.ts speak it. */
export const networks = ['mlp-784-64-10', 'cnn'] as const;
export type NetworkName = (typeof networks)[number];

export const works = ['hessian', 'gaussNewton', 'gradient', 'linearize', 'slice'] as const;
export type Work = (typeof works)[number];

/**
 * Whole answers about the MLP's Hessian in float32, from a point that is not linearised yet: its ten largest eigenvalues
 * to 1e-3, and a density from 100 Lanczos steps with one probe.
 */
export const spectralWorks = ['top10', 'density'] as const;
export type SpectralWork = (typeof spectralWorks)[number];

export type Request =
  | { readonly ask: 'errors' }
  | { readonly ask: 'compile'; readonly network: NetworkName }
  | { readonly ask: 'time'; readonly network: NetworkName; readonly work: Work; readonly times: number }
  | { readonly ask: 'spectrum'; readonly work: SpectralWork; readonly seed: number };

export interface SpectralAnswer {
  readonly milliseconds: number;
  readonly products: number;
  /** Worst relative error of the ten eigenvalues; of the largest node of the density. */
  readonly error: number;
}

/** Milliseconds of a first linearisation and later ones, and of the first products after it. */
export interface CompileTimes {
  readonly linearize: readonly number[];
  readonly products: readonly number[];
}

export interface Greeting {
  readonly name: string;
  readonly precision: 'float32' | 'float64';
}

/** Relative to float64, by `network work`. */
export type Errors = Readonly<Record<string, number>>;
