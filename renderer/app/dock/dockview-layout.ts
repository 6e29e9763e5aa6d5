import type { SerializedDockview } from 'dockview-core';
import { isSplit, type Layout, type PanelId, tidied } from './layout.ts';

type Node = SerializedDockview['grid']['root'];
type GroupData = { views: string[]; activeView?: string; id: string };

const turned = (split: 'row' | 'column'): 'row' | 'column' => (split === 'row' ? 'column' : 'row');

/** A layout as dockview reads it, in a window of this many pixels. Sizes count along the direction of the parent. */
export function toDockview(given: Layout, width: number, height: number, title: (id: PanelId) => string) {
  const layout = tidied(given);
  const panels: SerializedDockview['panels'] = {};
  let groups = 0;

  const node = (part: Layout, size: number, box: readonly [number, number]): Node => {
    if (!isSplit(part)) {
      for (const id of part.panels) panels[id] = { id, contentComponent: id, tabComponent: id, title: title(id) };
      const data: GroupData = { views: [...part.panels], activeView: part.shown, id: `group-${++groups}` };
      return { type: 'leaf', data, size };
    }
    const [wide, high] = box;
    const along = part.split === 'row' ? wide : high;
    const data = part.parts.map(({ share, part: inner }) => {
      const length = share * along;
      return node(inner, length, part.split === 'row' ? [length, high] : [wide, length]);
    });
    return { type: 'branch', data, size };
  };

  const split = isSplit(layout) ? layout.split : 'row';
  const root: Node = isSplit(layout)
    ? node(layout, split === 'row' ? height : width, [width, height])
    : { type: 'branch', data: [node(layout, width, [width, height])], size: height };
  return {
    grid: { root, width, height, orientation: split === 'row' ? 'HORIZONTAL' : 'VERTICAL' },
    panels,
  } as unknown as SerializedDockview;
}

/** What dockview writes, as a layout; null where no panel is left. */
export function fromDockview({ grid }: SerializedDockview): Layout | null {
  const read = (node: Node, split: 'row' | 'column'): Layout | null => {
    if (!Array.isArray(node.data)) {
      const { views, activeView } = node.data as GroupData;
      const [first] = views;
      if (first === undefined) return null;
      return { panels: views as PanelId[], shown: (activeView ?? first) as PanelId };
    }
    const parts = node.data.flatMap((inner) => {
      const part = inner.visible === false ? null : read(inner, turned(split));
      return part === null ? [] : [{ share: Math.max(1, inner.size ?? 1), part }];
    });
    const whole = parts.reduce((sum, { share }) => sum + share, 0);
    return parts.length === 0
      ? null
      : { split, parts: parts.map(({ share, part }) => ({ share: share / whole, part })) };
  };
  const layout = read(grid.root, String(grid.orientation) === 'HORIZONTAL' ? 'row' : 'column');
  return layout === null ? null : tidied(layout);
}
