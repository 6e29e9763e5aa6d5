import type { PersistencePair } from '../fields/persistence.ts';
import { drawable, type Figure, type Specification } from './figure.ts';
import {
  type FeatureFigureInput,
  featureWords,
  pairTable,
  type ValueAxis,
  valueAxis,
  verdictCounts,
  verdictScales,
  verdictSentences,
} from './landscape-features.ts';
import { largest } from './largest.ts';
import { numberText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

/** More marks than these lie on top of each other; the table has them all. */
const mostMarks = 600;

/**
 * The persistence diagram of a field on a grid: each minimum (or maximum) at its own value and at that of the pass where a
 * deeper one takes it in. Its distance from the diagonal is what it stands out by; bars from the diagonal show how much of
 * that noise and sampling can make. Edelsbrunner, Letscher and Zomorodian (2002).
 */
export function persistenceFigure(input: FeatureFigureInput, theme: Theme = 'light'): Figure {
  const { tree, quantity } = input;
  const { extremum, extrema, deeper, set } = featureWords(tree);
  const shown = [...tree.pairs].sort((a, b) => b.persistence - a.persistence).slice(0, mostMarks);
  const merging = shown.filter(({ essential }) => !essential);
  const axis = valueAxis([
    ...shown.map(({ birth }) => birth),
    ...(merging.length > 0 ? merging : shown).map(({ death }) => death),
  ]);
  const frame: Frame = {
    title: `Persistence of ${extrema}`,
    subtitle: [input.formula, verdictCounts(tree)].filter(Boolean).join('; '),
    description: `Persistence diagram of the ${quantity}`,
    theme,
    height: 480,
  };
  const dropped = tree.dropped + tree.pairs.length - shown.length;
  const noise = largest(
    shown.map((pair) => pair.noise),
    0,
  );
  return {
    id: tree.kind === 'join' ? 'persistence-minima' : 'persistence-maxima',
    title: frame.title,
    caption: [
      `Each mark is a ${extremum} of the ${quantity} on the grid: across its value, upwards the value of the pass where a ${deeper} one takes it in; its distance from the diagonal is its persistence.`,
      `Components of the points ${set} a level, ${tree.neighbourhood === 'all' ? 'joined across faces, edges and corners' : 'joined across faces'} of cells.`,
      'Bars from the diagonal: what noise or sampling, the larger of the two, can make.',
      noise > 0 ? `Grey band: noise, up to ${numberText(noise, 2)}.` : '',
      shown.some(({ essential }) => essential)
        ? `Triangles at the edge: the ${tree.kind === 'join' ? 'lowest' : 'highest'} of a connected part of the grid, which no pass ends.`
        : '',
      ...verdictSentences(tree),
      dropped > 0 ? `${dropped} less persistent ${dropped === 1 ? 'pair is' : 'pairs are'} not drawn.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      shown.length === 0
        ? `Empty chart: no ${extremum} was found.`
        : `Persistence diagram: ${verdictCounts(tree)}${merging[0] ? `; the most persistent one that merges stands out by ${numberText(merging[0].persistence, 3)}` : ''}.`,
    specification:
      axis === null
        ? emptyFrame(frame, `No ${extremum} was found: no value is known.`)
        : framed(frame, body(input, shown, noise, axis, theme)),
    command: input.command,
    references: input.references ?? [],
    data: pairTable(input),
  };
}

function body(
  { tree, quantity }: FeatureFigureInput,
  shown: readonly PersistencePair[],
  noise: number,
  axis: ValueAxis,
  theme: Theme,
): Specification {
  const { missing, axis: line, faint } = colours[theme];
  const [low, high] = axis.domain;
  const sign = tree.kind === 'join' ? 1 : -1;
  const within = (value: number) => Math.min(Math.max(value, low), high);
  const x = { type: 'quantitative', title: `Value of the ${featureWords(tree).extremum}`, ...axis.channel };
  const y = { type: 'quantitative', title: `Value of the pass, ${quantity}`, ...axis.channel };
  const along = Array.from({ length: 65 }, (_, i) =>
    axis.logarithmic ? low * (high / low) ** (i / 64) : low + ((high - low) * i) / 64,
  ).map(within);
  const marks = shown.map((pair) => ({
    birth: within(pair.birth),
    death: pair.essential ? (sign > 0 ? high : low) : within(pair.death),
    doubt: within(pair.birth + sign * Math.max(pair.noise, pair.sampling)),
    persistence: drawable(pair.persistence),
    verdict: pair.verdict,
    essential: pair.essential,
  }));
  const scales = verdictScales(tree, theme);
  const color = { field: 'verdict', type: 'nominal', scale: scales.color };
  const legend = { symbolType: 'circle', symbolSize: 80, columns: 2 };
  const place = { x: { field: 'birth', ...x }, y: { field: 'death', ...y } };
  return {
    layer: [
      ...(noise > 0
        ? [
            {
              data: { values: along.map((v) => ({ v, end: within(v + sign * noise) })) },
              mark: { type: 'area', clip: true, color: missing, opacity: 0.45, line: false },
              encoding: { x: { field: 'v', ...x }, y: { field: 'v', ...y }, y2: { field: 'end' } },
            },
          ]
        : []),
      {
        data: { values: along.map((v) => ({ v })) },
        mark: { type: 'line', clip: true, color: line, strokeWidth: 1.25 },
        encoding: { x: { field: 'v', ...x }, y: { field: 'v', ...y } },
      },
      {
        data: { values: marks },
        mark: { type: 'rule', clip: true, color: faint, strokeWidth: 1.25, opacity: 0.7 },
        encoding: { x: place.x, y: { field: 'birth', ...y }, y2: { field: 'doubt' } },
      },
      {
        data: { values: marks.filter(({ essential }) => !essential) },
        mark: { type: 'point', filled: true, size: 75, opacity: 0.9, clip: true },
        encoding: {
          ...place,
          color: { ...color, legend },
          shape: { field: 'verdict', type: 'nominal', scale: scales.shape, legend },
        },
      },
      {
        data: { values: marks.filter(({ essential }) => essential) },
        mark: {
          type: 'point',
          filled: true,
          size: 120,
          opacity: 0.9,
          shape: sign > 0 ? 'triangle-up' : 'triangle-down',
          yOffset: sign > 0 ? 6 : -6,
        },
        encoding: { ...place, color },
      },
    ],
  };
}
