/** What contestants are asked and answer, one line of JSON each; peer.py, spectra_peer.py, slices_peer.py and ours.ts speak it. */
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

/** How our own slices are asked for: losses in one call, with errors and classes beside them, or `evaluate` at each point. */
export type SliceWay = 'losses' | 'evaluations' | 'loop';

export type Request =
  | {
      readonly ask: 'slice';
      readonly network: NetworkName;
      /** Points along each axis from −1 to 1. */
      readonly grid: number;
      readonly way?: SliceWay;
    }
  | { readonly ask: 'sliceTruth'; readonly network: NetworkName; readonly grid: number }
  | { readonly ask: 'errors' }
  | { readonly ask: 'compile'; readonly network: NetworkName }
  | { readonly ask: 'time'; readonly network: NetworkName; readonly work: Work; readonly times: number }
  | { readonly ask: 'spectrum'; readonly work: SpectralWork; readonly seed: number };

export interface SliceAnswer {
  readonly milliseconds: number;
  /** Row by row, the first direction fastest; null where the directions are the program's own. */
  readonly losses: readonly number[] | null;
}

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
