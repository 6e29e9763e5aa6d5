import { studentTQuantile } from '../linalg/quadrature/student-t.ts';
import { drawable, type Reference } from './figure.ts';
import { largest } from './largest.ts';
import { numberText } from './number-text.ts';

/** The density of one spectrum, or the mean of several. */
export interface DensityCurve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Of y over the probes; NaN with a single one. */
  readonly standardError: ArrayLike<number>;
  /** Share of the eigenvalues up to x. */
  readonly cumulative?: ArrayLike<number> | undefined;
  readonly cumulativeLower?: ArrayLike<number> | undefined;
  readonly cumulativeUpper?: ArrayLike<number> | undefined;
  readonly logarithmic?: LogarithmicDensity | null | undefined;
  readonly kernelWidth: number;
  readonly probes: number;
  /** Lanczos steps of each probe. */
  readonly steps: number;
  /** Computed one by one: drawn as ticks; may be empty. */
  readonly eigenvalues: readonly number[];
  /** Of these, the ones that were taken out before the probes. */
  readonly deflated?: readonly number[] | undefined;
  /** Of a mean of several spectra: the lowest and the highest of them, drawn as its band. */
  readonly range?: SpectraRange | undefined;
}

export interface SpectraRange {
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  /** Spectra that the mean is of. */
  readonly count: number;
}

/** Over lg |λ|, both signs apart; shares a decade. */
export interface LogarithmicDensity {
  readonly x: ArrayLike<number>;
  readonly positive: ArrayLike<number>;
  readonly positiveStandardError: ArrayLike<number>;
  readonly negative: ArrayLike<number>;
  readonly negativeStandardError: ArrayLike<number>;
  /** In decades. */
  readonly kernelWidth: number;
  readonly nearZero: number;
}

export interface NamedDensity extends DensityCurve {
  readonly name: string;
}

export interface DensityFigureInput extends DensityCurve {
  readonly operator: string;
  readonly command: string;
  readonly references?: readonly Reference[];
  /** Only of the matrix that it speaks of. */
  readonly threshold?: { readonly name: string; readonly value: number } | null | undefined;
  /** A second spectrum on the same axes; the legend names both. */
  readonly compared?: (NamedDensity & { readonly ownName: string }) | undefined;
}

/** Below this share of the highest value a density of Gaussian kernels is only the kernels' tails. */
export const floorShare = 1e-6;

export const tickNames = { above: 'taken out exactly', below: 'eigenvalues by Lanczos' } as const;

/** Own spectrum first; both are named in the legend where there are two. */
export const curvesOf = ({ compared, ...own }: DensityFigureInput): readonly NamedDensity[] => [
  { ...own, name: compared?.ownName ?? (own.range ? `mean of ${own.range.count} spectra` : 'density') },
  ...(compared ? [compared] : []),
];

/** Ticks at the upper edge for what was taken out, at the lower edge for what was computed besides. */
export function ticksOf({ eigenvalues, deflated = [] }: DensityCurve) {
  const above = deflated.filter(Number.isFinite);
  const out = new Set(above);
  return { above, below: eigenvalues.filter((value) => Number.isFinite(value) && !out.has(value)) };
}

/** Half the width of the interval that contains the mean over all probes in 95 of 100 cases, in standard errors. */
export const errorsOfBand = (probes: number): number => (probes > 1 ? studentTQuantile(0.975, probes - 1) : Number.NaN);

/** The band at a point: of 95 % over the probes, or the range of several spectra. */
export function bandOf(
  { range, probes }: Pick<DensityCurve, 'range' | 'probes'>,
  y: ArrayLike<number>,
  standardError: ArrayLike<number>,
): (i: number) => readonly [number, number] {
  if (range) return (i) => [range.low[i] ?? Number.NaN, range.high[i] ?? Number.NaN];
  const errors = errorsOfBand(probes);
  return (i) => {
    const half = errors * (standardError[i] ?? Number.NaN);
    return [(y[i] ?? Number.NaN) - half, (y[i] ?? Number.NaN) + half];
  };
}

export const highestOf = (y: ArrayLike<number>): number =>
  largest(
    Array.from(y, (value) => drawable(value)),
    0,
  );

/** How each curve was computed. */
export function methodSentences(curves: readonly NamedDensity[], width: (curve: NamedDensity) => string): string[] {
  const isAlone = curves.length === 1;
  const method = (curve: NamedDensity) =>
    `${isAlone ? 'Stochastic Lanczos quadrature' : curve.name}, ${curve.range ? `mean of ${curve.range.count} spectra of at least ` : ''}${curve.probes} ${curve.probes === 1 ? 'probe' : 'probes'} of ${curve.steps} steps; ${width(curve)}.`;
  return [isAlone ? '' : 'Stochastic Lanczos quadrature.', ...curves.map(method)];
}

/** What the band around a density is. */
export function bandSentences(curves: readonly NamedDensity[]): string[] {
  const [ranges, singles] = [curves.filter(({ range }) => range), curves.filter(({ range }) => !range)];
  const banded = singles.filter(({ probes }) => probes > 1);
  const errors = [...new Set(banded.map(({ probes }) => numberText(errorsOfBand(probes), 3)))].join(' and ');
  return [
    ranges.length > 0 ? 'The band goes from the lowest to the highest of the spectra.' : '',
    banded.length > 0
      ? `The band is the 95 % interval over the probes at each λ: ± ${errors} standard errors, by Student's t.`
      : '',
    banded.length < singles.length ? 'One probe gives no standard error.' : '',
  ];
}

/** What the ticks are, how many. */
export function tickSentences(curves: readonly NamedDensity[]): string[] {
  const ticks = curves.map(ticksOf);
  const count = (of: 'above' | 'below') => ticks.reduce((sum, { [of]: values }) => sum + values.length, 0);
  const inColours = curves.length === 1 ? '' : ', in the colours of their spectra';
  const [above, below] = [count('above'), count('below')];
  return [
    above > 0
      ? `Ticks above: the ${above} eigenvalues that were taken out before the probes and put back as they are${inColours}.`
      : '',
    below > 0 ? `Ticks below: the ${below} eigenvalues that were computed one by one${inColours}.` : '',
  ];
}

export const joined = (sentences: readonly string[]): string => sentences.filter(Boolean).join(' ');
