import type { JudgedTree, TreeNode } from '../fields/persistence.ts';
import type { Figure, Specification } from './figure.ts';
import {
  type FeatureFigureInput,
  featureWords,
  pairTable,
  placeText,
  type ValueAxis,
  valueAxis,
  verdictCounts,
  verdictScales,
  verdictSentences,
} from './landscape-features.ts';
import { numberText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

/** More leaves than these cannot be told apart; the table has them all. */
const mostLeaves = 60;
/** Of the width of the figure: coordinates closer than this would overlap. */
const labelShare = 0.21;

interface Placed {
  readonly node: TreeNode;
  readonly leaf: boolean;
  readonly x: number;
  /** In the list of placed nodes; −1 for a root. */
  readonly parent: number;
}

/**
 * The merge tree of a field on a grid (a disconnectivity graph, Becker and Karplus 1997): leaves are minima (or maxima) at
 * their value, joined at the value of the pass between them. From left to right in the order of the first coordinate, as
 * far as the tree allows; distances across mean nothing.
 */
export function mergeTreeFigure(input: FeatureFigureInput, theme: Theme = 'light'): Figure {
  const { tree, quantity } = input;
  const { extremum, extrema } = featureWords(tree);
  const placed = placedNodes(tree);
  const leaves = placed.filter(({ leaf }) => leaf);
  const all = tree.nodes.length === 0 ? 0 : leafPlaces(tree).length;
  // The far end of the window would press the passes together: the stem is drawn a little beyond the last of them.
  const passes = placed.filter(({ node, leaf }) => !leaf && node.parent >= 0);
  const axis = valueAxis((passes.length > 0 ? [...leaves, ...passes] : placed).map(({ node }) => node.value));
  const frame: Frame = {
    title: tree.kind === 'join' ? 'Merge tree of minima' : 'Merge tree of maxima',
    subtitle: [input.formula, verdictCounts(tree)].filter(Boolean).join('; '),
    description: `Merge tree of the ${quantity}`,
    theme,
    height: 420,
  };
  const dropped = tree.dropped + all - leaves.length;
  return {
    id: tree.kind === 'join' ? 'merge-tree-minima' : 'merge-tree-maxima',
    title: frame.title,
    caption: [
      `Leaves are ${extrema} of the ${quantity} on the grid, at their value; two branches join at the value of the pass between them.`,
      `From left to right by ${input.axisNames[0] ?? 'place'} as far as the tree allows: distances across mean nothing.`,
      ...verdictSentences(tree),
      dropped > 0
        ? `${dropped} less persistent ${dropped === 1 ? extremum : extrema} ${dropped === 1 ? 'is' : 'are'} not drawn.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      leaves.length === 0 ? `Empty chart: no ${extremum} was found.` : `${alternative(leaves, passes, input)}.`,
    specification:
      axis === null
        ? emptyFrame(frame, `No ${extremum} was found: no value is known.`)
        : framed(frame, body(input, placed, axis, theme)),
    command: input.command,
    references: input.references ?? [],
    data: pairTable(input),
  };
}

function alternative(leaves: readonly Placed[], passes: readonly Placed[], { tree }: FeatureFigureInput): string {
  const { extremum, extrema } = featureWords(tree);
  const values = leaves.map(({ node }) => node.value);
  const told = `Tree of ${leaves.length} ${leaves.length === 1 ? extremum : extrema} from ${numberText(Math.min(...values), 3)} to ${numberText(Math.max(...values), 3)}`;
  if (passes.length === 0) return told;
  const heights = passes.map(({ node }) => node.value);
  return `${told}, joined at ${passes.length === 1 ? 'one pass' : `${passes.length} passes`} from ${numberText(Math.min(...heights), 3)} to ${numberText(Math.max(...heights), 3)}; ${verdictCounts(tree)}`;
}

function leafPlaces({ nodes }: JudgedTree): number[] {
  const inner = new Set(nodes.map(({ parent }) => parent));
  return nodes.map((_, i) => i).filter((i) => !inner.has(i));
}

/** The most persistent leaves, the passes between two or more of them, and the roots, with a place across for each. */
function placedNodes(tree: JudgedTree): Placed[] {
  const { nodes, pairs } = tree;
  const leaves = leafPlaces(tree)
    .sort((a, b) => pairs[nodes[b]!.pair]!.persistence - pairs[nodes[a]!.pair]!.persistence)
    .slice(0, mostLeaves);
  const children = nodes.map((): number[] => []);
  const reached = new Set<number>();
  for (const leaf of leaves)
    for (let at = leaf; at >= 0 && !reached.has(at); at = nodes[at]!.parent) {
      reached.add(at);
      if (nodes[at]!.parent >= 0) children[nodes[at]!.parent]!.push(at);
    }
  const out: { node: TreeNode; leaf: boolean; x: number; parent: number }[] = [];
  let next = 0;
  // A pass of one child is no pass any more; a root always is one.
  const branching = (from: number): number => {
    let at = from;
    while (children[at]!.length === 1 && nodes[at]!.parent >= 0) at = children[at]![0]!;
    return at;
  };
  const firstCoordinate = (from: number): number => {
    const at = branching(from);
    const below = children[at]!;
    if (below.length === 0) return nodes[at]!.coordinates[0]!;
    return below.reduce((sum, child) => sum + firstCoordinate(child), 0) / below.length;
  };
  const place = (from: number): number => {
    const at = branching(from);
    const below = children[at]!;
    const inside = below
      .map((child) => [firstCoordinate(child), child] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, child]) => place(child));
    const ends = inside.map((i) => out[i]!.x);
    const x = inside.length === 0 ? next++ : (Math.min(...ends) + Math.max(...ends)) / 2;
    for (const i of inside) out[i]!.parent = out.length;
    out.push({ node: nodes[at]!, leaf: below.length === 0, x, parent: -1 });
    return out.length - 1;
  };
  for (const root of [...reached].filter((at) => nodes[at]!.parent < 0)) place(root);
  return out;
}

function body(input: FeatureFigureInput, placed: readonly Placed[], axis: ValueAxis, theme: Theme): Specification {
  const { text, axis: line } = colours[theme];
  const [low, high] = axis.domain;
  const within = (value: number) => Math.min(Math.max(value, low), high);
  const leaves = placed.filter(({ leaf }) => leaf);
  const lines = placed.flatMap(({ node, x, parent }) => {
    const above = placed[parent];
    if (!above) return [];
    const [from, to] = [within(node.value), within(above.node.value)];
    return [
      { x, x2: x, y: from, y2: to },
      { x, x2: above.x, y: to, y2: to },
    ];
  });
  const across = {
    type: 'quantitative',
    axis: null,
    scale: { domain: [-0.6, Math.max(1, leaves.length) - 0.4], nice: false, zero: false },
  };
  const upwards = { type: 'quantitative', title: `Value, ${input.quantity}`, ...axis.channel };
  const scales = verdictScales(input.tree, theme);
  const legend = { symbolType: 'circle', symbolSize: 80, columns: 2 };
  const points = leaves.map(({ node, x }) => ({
    persistence: input.tree.pairs[node.pair]!.persistence,
    x,
    y: node.value,
    verdict: node.verdict,
    label: placeText(node.coordinates),
  }));
  const place = { x: { field: 'x', ...across }, y: { field: 'y', ...upwards } };
  return {
    layer: [
      {
        data: { values: lines },
        mark: { type: 'rule', color: line, strokeWidth: 1.5, clip: true },
        encoding: { ...place, x2: { field: 'x2' }, y2: { field: 'y2' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 85, opacity: 1 },
        encoding: {
          ...place,
          color: { field: 'verdict', type: 'nominal', scale: scales.color, legend },
          shape: { field: 'verdict', type: 'nominal', scale: scales.shape, legend },
        },
      },
      {
        data: { values: labelled(points) },
        mark: { type: 'text', fontSize: 12, dy: input.tree.kind === 'join' ? 15 : -15, color: text },
        encoding: { ...place, text: { field: 'label' } },
      },
    ],
  };
}

/** The most persistent first, as many as do not overlap. */
function labelled<T extends { readonly x: number; readonly persistence: number }>(points: readonly T[]): T[] {
  const kept: T[] = [];
  for (const point of [...points].sort((a, b) => b.persistence - a.persistence))
    if (kept.every(({ x }) => Math.abs(x - point.x) >= labelShare * points.length)) kept.push(point);
  return kept.sort((a, b) => a.x - b.x);
}
