import * as v from 'valibot';

export const panelIds = [
  'experiment',
  'runs',
  'editor',
  'landscape',
  'compare',
  'map',
  'spectrum',
  'movie',
  'curvature',
  'modes',
  'inspector',
  'time',
  'saddle-search',
  'saddle-scatter',
  'saddle-points',
  'saddle-scene',
  'saddle-spectrum',
  'saddle-certificate',
  'lesson',
  'lessonScene',
] as const;

export type PanelId = (typeof panelIds)[number];

export type Side = 'left' | 'centre' | 'right' | 'bottom';

/** Panels that share a place, as tabs. */
export interface Group {
  readonly panels: readonly PanelId[];
  readonly shown: PanelId;
}

/** Parts beside each other (`row`) or below each other (`column`), with their shares of the whole, which add up to 1. */
export interface Split {
  readonly split: 'row' | 'column';
  readonly parts: readonly { readonly share: number; readonly part: Layout }[];
}

/** How panels fill the window, without pixels: it fits every window. */
export type Layout = Group | Split;

export const isSplit = (layout: Layout): layout is Split => 'split' in layout;

const mostDepth = 8;

const groupSchema = v.object({
  panels: v.pipe(v.array(v.picklist(panelIds)), v.minLength(1)),
  shown: v.picklist(panelIds),
});

const splitSchema = v.object({
  split: v.picklist(['row', 'column']),
  parts: v.pipe(
    v.array(v.object({ share: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), part: v.unknown() })),
    v.minLength(2),
    v.maxLength(panelIds.length),
  ),
});

function read(stored: unknown, seen: Set<PanelId>, depth: number): Layout | null {
  const group = v.safeParse(groupSchema, stored);
  if (group.success) {
    const { panels, shown } = group.output;
    const known = panels.some((panel) => seen.has(panel)) || new Set(panels).size < panels.length;
    for (const panel of panels) seen.add(panel);
    return known || !panels.includes(shown) ? null : { panels, shown };
  }
  const split = v.safeParse(splitSchema, stored);
  if (!split.success || depth > mostDepth) return null;
  const parts: { share: number; part: Layout }[] = [];
  for (const { share, part } of split.output.parts) {
    const inner = read(part, seen, depth + 1);
    if (inner === null) return null;
    parts.push({ share, part: inner });
  }
  return { split: split.output.split, parts };
}

/** A stored layout, or null where it cannot be used: other panels than ours, one of them twice, nonsense. */
export function layoutFrom(stored: unknown): Layout | null {
  const layout = read(stored, new Set(), 0);
  return layout === null ? null : tidied(layout);
}

const toThousandths = (share: number): number => Math.round(1000 * share) / 1000;

/**
 * The same picture in its simplest form: no split of one part, no row directly in a row, shares that add up to 1 and are
 * rounded to thousandths, so that equal pictures are equal data.
 */
export function tidied(layout: Layout): Layout {
  if (!isSplit(layout)) return { panels: layout.panels, shown: layout.shown };
  const parts = layout.parts.flatMap(({ share, part }) => {
    const inner = tidied(part);
    return isSplit(inner) && inner.split === layout.split
      ? inner.parts.map((one) => ({ share: share * one.share, part: one.part }))
      : [{ share, part: inner }];
  });
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only.part;
  const whole = parts.reduce((sum, { share }) => sum + share, 0);
  return {
    split: layout.split,
    parts: parts.map(({ share, part }) => ({ share: toThousandths(share / whole), part })),
  };
}

export function panelsIn(layout: Layout): readonly PanelId[] {
  return isSplit(layout) ? layout.parts.flatMap(({ part }) => panelsIn(part)) : layout.panels;
}

/** Docks deal in whole pixels: two shares that differ by less are the same. */
const leastDifference = 0.004;

/** Whether two tidied layouts show the same picture, to a few pixels. */
export function sameLayout(a: Layout, b: Layout): boolean {
  if (!isSplit(a) || !isSplit(b)) return JSON.stringify(a) === JSON.stringify(b);
  return (
    a.split === b.split &&
    a.parts.length === b.parts.length &&
    a.parts.every(({ share, part }, i) => {
      const other = b.parts[i];
      return other !== undefined && Math.abs(share - other.share) < leastDifference && sameLayout(part, other.part);
    })
  );
}
