import { isSplit, type Layout, type PanelId, panelsIn, type Split, tidied } from './layout.ts';

export type Edge = 'left' | 'right' | 'above' | 'below';

/** Share of the dock that a panel gets at an edge. */
const edgeShare = 0.22;

type Part = Split['parts'][number];

/** Gives the room of what is gone to the largest part that is left: the others keep their size. */
function filled(parts: readonly Part[], freed: number): readonly Part[] {
  const largest = Math.max(...parts.map(({ share }) => share));
  const taker = parts.findIndex(({ share }) => share === largest);
  return parts.map((one, i) => (i === taker ? { ...one, share: one.share + freed } : one));
}

/** The layout without a panel; null where it was the only one. */
export function without(layout: Layout, panel: PanelId): Layout | null {
  if (!isSplit(layout)) {
    const panels = layout.panels.filter((id) => id !== panel);
    const [first] = panels;
    if (first === undefined) return null;
    return { panels, shown: layout.shown === panel ? first : layout.shown };
  }
  let freed = 0;
  const parts = layout.parts.flatMap(({ share, part }) => {
    const left = panelsIn(part).includes(panel) ? without(part, panel) : part;
    if (left !== null) return [{ share, part: left }];
    freed += share;
    return [];
  });
  return parts.length === 0 ? null : tidied({ ...layout, parts: filled(parts, freed) });
}

/** With a panel at an edge of the whole dock; it is taken from where it was. */
export function atEdge(layout: Layout, panel: PanelId, edge: Edge): Layout {
  const rest = without(layout, panel);
  const alone: Layout = { panels: [panel], shown: panel };
  if (rest === null) return alone;
  const split = edge === 'left' || edge === 'right' ? 'row' : 'column';
  const added = { share: edgeShare, part: alone };
  const kept = { share: 1 - edgeShare, part: rest };
  return tidied({ split, parts: edge === 'left' || edge === 'above' ? [added, kept] : [kept, added] });
}

/** With a panel as the shown tab beside another one. */
export function beside(layout: Layout, panel: PanelId, other: PanelId): Layout {
  const insert = (part: Layout): Layout => {
    if (isSplit(part)) return { ...part, parts: part.parts.map((one) => ({ ...one, part: insert(one.part) })) };
    return part.panels.includes(other) ? { panels: [...part.panels, panel], shown: panel } : part;
  };
  const rest = without(layout, panel);
  return rest === null ? layout : tidied(insert(rest));
}

type Lengths = ReadonlyMap<string, number>;

const keyOf = (split: 'row' | 'column', part: Layout): string => `${split} ${[...panelsIn(part)].sort().join()}`;

/** How long each part is along its split, as a share of the whole dock. */
function lengthsOf(layout: Layout, wide = 1, high = 1, into = new Map<string, number>()): Lengths {
  if (!isSplit(layout)) return into;
  for (const { share, part } of layout.parts) {
    const along = share * (layout.split === 'row' ? wide : high);
    into.set(keyOf(layout.split, part), along);
    if (!isSplit(part)) for (const panel of part.panels) into.set(`${layout.split} ${panel}`, along);
    if (layout.split === 'row') lengthsOf(part, along, high, into);
    else lengthsOf(part, wide, along, into);
  }
  return into;
}

/** As long as this part was; a group of panels that were apart, as the longest of them; null for what is new. */
function lengthBefore(lengths: Lengths, split: 'row' | 'column', part: Layout): number | null {
  const known = lengths.get(keyOf(split, part));
  if (known !== undefined || isSplit(part)) return known ?? null;
  const each = part.panels.flatMap((panel) => lengths.get(`${split} ${panel}`) ?? []);
  return each.length === 0 ? null : Math.max(...each);
}

/**
 * The places of `after` with the sizes of `before`: a part that was there keeps its length, the largest one takes up the
 * difference. For docks that share out the room evenly whenever a panel moves.
 */
export function withSizesOf(before: Layout, after: Layout): Layout {
  const lengths = lengthsOf(before);
  const resize = (layout: Layout, wide: number, high: number): Layout => {
    if (!isSplit(layout)) return layout;
    const whole = layout.split === 'row' ? wide : high;
    const shares = layout.parts.map(
      ({ share, part }) => (lengthBefore(lengths, layout.split, part) ?? share * whole) / whole,
    );
    const sum = shares.reduce((total, share) => total + share, 0);
    const largest = shares.indexOf(Math.max(...shares));
    const fitted = shares.map((share, i) => (i === largest ? share + 1 - sum : share));
    // Where the largest cannot take it up, all of them shrink alike.
    const used = fitted.every((share) => share > 0.05) ? fitted : shares.map((share) => share / sum);
    return {
      ...layout,
      parts: layout.parts.map(({ part }, i) => {
        const share = used[i] ?? 0;
        return {
          share,
          part: layout.split === 'row' ? resize(part, share * wide, high) : resize(part, wide, share * high),
        };
      }),
    };
  };
  return tidied(resize(after, 1, 1));
}
