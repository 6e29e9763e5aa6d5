import { type JudgedTree, type Verdict, verdicts } from '../fields/persistence.ts';
import { type Cell, drawable, type Reference, type Table } from './figure.ts';
import { type LogAxis, logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, type Theme } from './theme.ts';

/** What figures of minima and passes, or of maxima, are made from. */
export interface FeatureFigureInput {
  readonly tree: JudgedTree;
  /** `loss`, `error`, `λ_max` … */
  readonly quantity: string;
  /** One a coordinate: `α`, `β`, `γ`. */
  readonly axisNames: readonly string[];
  readonly formula: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** Strongest first, as legends list them. */
export const verdictsByStrength: readonly Verdict[] = [...verdicts].reverse();

/** One mark a verdict, told apart by shape as well as by colour; the legend has those that occur. */
export function verdictScales({ pairs }: JudgedTree, theme: Theme) {
  const { series, faint, threshold } = colours[theme];
  const marks: Readonly<Record<Verdict, readonly [colour: string, shape: string]>> = {
    'beyond noise and sampling': [series[0], 'circle'],
    'at the border': [threshold, 'diamond'],
    'below sampling': [series[1], 'square'],
    'below noise': [faint, 'cross'],
  };
  const domain = verdictsByStrength.filter((verdict) => pairs.some((pair) => pair.verdict === verdict));
  return {
    color: { domain, range: domain.map((verdict) => marks[verdict][0]) },
    shape: { domain, range: domain.map((verdict) => marks[verdict][1]) },
  };
}

/** The words of one kind of tree. */
export const featureWords = ({ kind }: JudgedTree) =>
  kind === 'join'
    ? { extremum: 'minimum', extrema: 'minima', deeper: 'deeper', set: 'below' }
    : { extremum: 'maximum', extrema: 'maxima', deeper: 'higher', set: 'above' };

/** `3 minima beyond noise and sampling, 1 below noise`. */
export function verdictCounts({ pairs, ...tree }: JudgedTree): string {
  const { extremum, extrema } = featureWords({ pairs, ...tree });
  const counts = verdictsByStrength
    .map((verdict) => [pairs.filter((pair) => pair.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0);
  return counts
    .map(([count, verdict], i) => `${count} ${i > 0 ? '' : count === 1 ? `${extremum} ` : `${extrema} `}${verdict}`)
    .join(', ');
}

/** What the words of the verdicts mean, for captions, only those that occur. */
export function verdictSentences({ pairs }: JudgedTree): string[] {
  const meaning: Record<Verdict, string> = {
    'beyond noise and sampling': '',
    'at the border':
      'At the border: the extremum or its pass touches the end of the grid or an unknown cell, so that the window may make it.',
    'below sampling':
      'Below sampling: second differences allow the field as much between points of the grid, or it is a single point.',
    'below noise': 'Below noise: no larger than the standard error and rounding make among so many points.',
  };
  return verdictsByStrength
    .filter((verdict) => pairs.some((pair) => pair.verdict === verdict))
    .map((verdict) => meaning[verdict])
    .filter(Boolean);
}

/** Every pair, most persistent first, whatever the picture leaves out. */
export function pairTable({ tree, axisNames }: FeatureFigureInput): Table {
  const { pairs, nodes } = tree;
  const coordinates = new Map(nodes.map(({ point, coordinates: at }) => [point, at]));
  const placed = (point: number): Cell[] => axisNames.map((_, k) => drawable(coordinates.get(point)?.[k]));
  return {
    columns: [
      'kind',
      ...axisNames,
      'value',
      ...axisNames.map((name) => `pass ${name}`),
      'pass value',
      'persistence',
      'noise',
      'sampling',
      'whole window',
      'verdict',
    ],
    rows: [...pairs]
      .sort((a, b) => b.persistence - a.persistence)
      .map((pair) => [
        featureWords(tree).extremum,
        ...placed(pair.extremum),
        drawable(pair.birth),
        ...placed(pair.end),
        drawable(pair.death),
        drawable(pair.persistence),
        drawable(pair.noise),
        drawable(pair.sampling),
        pair.essential ? 1 : 0,
        pair.verdict,
      ]),
  };
}

/** Beyond this ratio of positive values a linear axis would press most of them together. */
const logarithmicBeyond = 30;

export interface ValueAxis {
  readonly domain: readonly [number, number];
  readonly logarithmic: boolean;
  readonly channel: Readonly<Record<string, unknown>>;
}

/** An axis of values, which need not reach to zero. Null without any finite value. */
export function valueAxis(values: readonly number[]): ValueAxis | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const [low, high] = finite.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [finite[0]!, finite[0]!]);
  const log: LogAxis | null = low > 0 && high / low >= logarithmicBeyond ? logAxis(finite) : null;
  if (log) return { domain: log.domain, logarithmic: true, channel: logChannel(log) };
  const margin = 0.06 * (high - low) || 0.1 * Math.abs(low) || 1;
  const domain = [low - margin, high + margin] as const;
  return { domain, logarithmic: false, channel: { scale: { domain, nice: false, zero: false } } };
}

/** `(−0.5, 0.25)` */
export const placeText = (coordinates: readonly number[]): string =>
  `(${coordinates.map((at) => numberText(at, 3)).join(', ')})`;
