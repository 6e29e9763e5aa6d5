import { marchenkoPasturOfMoments } from '../linalg/random-matrices/marchenko-pastur-law.ts';
import { semicircleOfMoments } from '../linalg/random-matrices/semicircle-law.ts';
import { type Cell, drawable, type Figure, type Reference, type Specification } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { labelExpression } from './log-axis.ts';
import { numberText, superscript } from './number-text.ts';
import { panels } from './panels.ts';
import { colours, dash, emptyFrame, type Frame, type Theme } from './theme.ts';

export interface HistogramLevel {
  /** `point 12` */
  readonly name: string;
  readonly loss: number;
  /** What is said of the point: `certified`, `gradient-flat` … */
  readonly verdict: string;
  readonly eigenvalues: readonly number[];
  /** |λ| within it counts as zero. */
  readonly tolerance: number;
}

export interface EigenvalueHistogramInput {
  /** Of all of them the bins are the same. */
  readonly levels: readonly HistogramLevel[];
  /** Ends of the semicircle and of the Marchenko–Pastur law that have the mean and the variance of each spectrum. */
  readonly edges: boolean;
  readonly bins?: number;
  readonly command: string;
  readonly references?: readonly Reference[];
}

export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Counts in equal bins from `low` to `high`, of which one ends at 0 where both signs occur: no bin mixes them. */
export function histogram(values: readonly number[], edges: readonly number[]): HistogramBin[] {
  const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    let bin = 0;
    while (bin < counts.length - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return counts.map((count, i) => ({ from: edges[i]!, to: edges[i + 1]!, count }));
}

/** `about` equal bins over the values, with an end at 0 where it lies among them. */
export function binEdges(values: readonly number[], about: number): number[] {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [smallest(finite), largest(finite)];
  if (finite.length === 0) return [];
  const width = (high - low) / about || Math.max(Math.abs(high), 1) / about;
  const isAcross = low < 0 && high > 0;
  const start = isAcross ? -Math.ceil(-low / width) * width : low;
  // The largest value lies within the last bin, not on its end.
  const bins = Math.max(1, Math.floor((high - start) / width + 1e-9) + (isAcross ? 1 : 0));
  return Array.from({ length: bins + 1 }, (_, i) => {
    const edge = start + i * width;
    return Math.abs(edge) < 1e-9 * width ? 0 : edge;
  });
}

/** Rounding gives null eigenvalues a sign; they belong to the bin that begins at zero. */
const zeroWithin = (tolerance: number) => (value: number) => (Math.abs(value) <= tolerance ? 0 : value);

/** A count of 1 stands above the axis. */
const base = 0.5;

/** Histograms of all eigenvalues at points of several losses, one above the other, with logarithmic counts. */
export function eigenvalueHistogramFigure(input: EigenvalueHistogramInput, theme: Theme = 'light'): Figure {
  const levels = input.levels
    .filter(({ eigenvalues }) => eigenvalues.some(Number.isFinite))
    .map((level) => ({ ...level, eigenvalues: level.eigenvalues.map(zeroWithin(level.tolerance)) }));
  const edges = binEdges(
    levels.flatMap(({ eigenvalues }) => eigenvalues),
    input.bins ?? 40,
  );
  const drawn = levels.map((level) => ({ level, bins: histogram(level.eigenvalues, edges) }));
  const most = largest(
    drawn.flatMap(({ bins }) => bins.map(({ count }) => count)),
    1,
  );
  const title = levels.length > 1 ? `Eigenvalues at ${levels.length} levels of the loss` : 'Eigenvalues at one point';
  const frame: Frame = {
    title,
    subtitle: 'how many eigenvalues of the Hessian lie in each bin, on a logarithmic axis',
    description: 'Histograms of the eigenvalues at points of several losses',
    legendColumns: 4,
    theme,
  };
  return {
    id: 'eigenvalue-histograms',
    title,
    caption: caption(input, levels),
    alternative:
      levels.length > 0
        ? `Histograms: ${levels.map(({ name, loss, eigenvalues }) => `${name} with the loss ${numberText(loss, 3)} has eigenvalues from ${numberText(smallest(eigenvalues), 3)} to ${numberText(largest(eigenvalues), 3)}`).join('; ')}.`
        : 'Empty chart: of no point all eigenvalues are known.',
    specification:
      levels.length === 0
        ? emptyFrame(frame, 'Of no point all eigenvalues are known.')
        : panels(
            frame,
            'vconcat',
            drawn.map(({ level, bins }, i) =>
              panel(
                level,
                bins,
                { edges, input, levels, most, isFirst: i === 0, isLast: i === drawn.length - 1 },
                theme,
              ),
            ),
          ),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['point', 'loss', 'verdict', 'from', 'to', 'count'],
      rows: drawn.flatMap(({ level: { name, loss, verdict }, bins }) =>
        bins.map(({ from, to, count }): Cell[] => [name, drawable(loss), verdict, from, to, count]),
      ),
    },
  };
}

const laws = ['semicircle', 'Marchenko–Pastur'] as const;

/** An eigenvalue below this share of the largest is negative, and the Marchenko–Pastur law has none. */
const negativeShare = 1e-6;

/** Ends of the laws that have the mean and the variance of these numbers: the second only where none is negative. */
export function lawEdges(
  eigenvalues: readonly number[],
): { readonly law: (typeof laws)[number]; readonly at: number }[] {
  const values = eigenvalues.filter(Number.isFinite);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const semicircle = semicircleOfMoments(mean, variance);
  const isPositive = smallest(values) >= -negativeShare * largest(values);
  const pastur = isPositive ? marchenkoPasturOfMoments(mean, variance) : null;
  return [
    ...[semicircle.lower, semicircle.upper].map((at) => ({ law: laws[0], at })),
    ...(pastur === null ? [] : [pastur.lower, pastur.upper].map((at) => ({ law: laws[1], at }))),
  ];
}

interface Place {
  readonly levels: readonly HistogramLevel[];
  /** The largest count. */
  readonly most: number;
  readonly edges: readonly number[];
  readonly input: EigenvalueHistogramInput;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function panel(
  { name, loss, verdict, eigenvalues }: HistogramLevel,
  bins: readonly HistogramBin[],
  { edges, input, levels, most, isFirst, isLast }: Place,
  theme: Theme,
): Specification {
  const palette = colours[theme];
  const ticks = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, i) => 10 ** i)
    .flatMap((power) => (most < 30 ? [power, 2 * power, 5 * power] : [power]))
    .filter((tick) => tick <= most);
  const labels = ticks.map((tick) => (tick < 1000 ? String(tick) : `10${superscript(Math.round(Math.log10(tick)))}`));
  const rules = input.edges ? lawEdges(eigenvalues) : [];
  const range = edges.at(-1)! - edges[0]!;
  const near = input.edges
    ? levels
        .flatMap((level) => lawEdges(level.eigenvalues).map(({ at }) => at))
        .filter((at) => at > edges[0]! - range / 4 && at < edges.at(-1)! + range / 4)
    : [];
  const all = [edges[0]!, edges.at(-1)!, ...near];
  const margin = 0.02 * (largest(all) - smallest(all));
  const x = {
    field: 'from',
    type: 'quantitative',
    title: isLast ? 'Eigenvalue λ' : null,
    scale: { domain: [smallest(all) - margin, largest(all) + margin], nice: false, zero: false },
  };
  const y = {
    type: 'quantitative',
    title: 'Count',
    scale: { type: 'log', domain: [base, most * 1.4], nice: false },
    axis: { values: ticks, labelExpr: labelExpression(ticks, labels), labelOverlap: false },
  };
  const shown = laws.filter((law) =>
    levels.some((level) => lawEdges(level.eigenvalues).some((one) => one.law === law)),
  );
  const inks = [palette.series[3], palette.series[0]];
  const signs = ['λ < 0', 'λ ≥ 0'];
  const channel = (domain: readonly string[], range: readonly unknown[], field: string) => ({
    field,
    type: 'nominal',
    scale: { domain, range },
    legend: isFirst ? { symbolType: field === 'sign' ? 'square' : 'stroke' } : null,
  });
  return {
    width: 500,
    height: 120,
    title: {
      text: `${name}: L = ${numberText(loss, 4)}, ${verdict}`,
      fontSize: 12,
      fontWeight: 'normal',
      color: palette.quiet,
      offset: 4,
    },
    data: {
      values: bins
        .filter(({ count }) => count > 0)
        .map(({ from, to, count }) => ({ from, to, count, base, sign: signs[to <= 0 ? 0 : 1] })),
    },
    layer: [
      {
        mark: { type: 'rect', stroke: palette.background, strokeWidth: 0.5 },
        encoding: {
          x,
          x2: { field: 'to' },
          y: { field: 'count', ...y },
          y2: { field: 'base' },
          fill: channel(signs, inks, 'sign'),
        },
      },
      ...(rules.length > 0
        ? [
            {
              data: { values: rules },
              mark: { type: 'rule', strokeWidth: 1.5, clip: true },
              encoding: {
                x: { ...x, field: 'at' },
                stroke: channel(shown, [palette.series[1], palette.series[4]].slice(0, shown.length), 'law'),
                strokeDash: channel(shown, [dash.theory, [2, 3]].slice(0, shown.length), 'law'),
              },
            },
          ]
        : []),
    ],
  };
}

function caption({ edges }: EigenvalueHistogramInput, levels: readonly HistogramLevel[]): string {
  return [
    levels.map(({ name, eigenvalues }) => `All ${eigenvalues.length} eigenvalues at ${name}.`).join(' '),
    'Those within the tolerance of a point count as zero, in the bin that begins there.',
    levels.length > 1 ? 'The bins are the same in every plot; no bin reaches across zero.' : '',
    edges && levels.length > 0
      ? 'Dashed: where a semicircle of the same mean and variance would end, and a Marchenko–Pastur law where no eigenvalue is negative. They are set by the moments of the spectrum itself: eigenvalues beyond them are outliers of that law. Ends far outside the spectrum are left out.'
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}
