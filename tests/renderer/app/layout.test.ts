import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromDockview, toDockview } from '../../../renderer/app/dock/dockview-layout.ts';
import {
  isSplit,
  type Layout,
  layoutFrom,
  panelIds,
  panelsIn,
  sameLayout,
  tidied,
} from '../../../renderer/app/dock/layout.ts';
import { atEdge, beside, without, withSizesOf } from '../../../renderer/app/dock/layout-edits.ts';
import { shippedLayout } from '../../../renderer/app/dock/shipped-layouts.ts';
import { anyLayout } from './layouts.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Shares add up to one in every split, no split has one part, none stands directly in another of its direction. */
function checkShape(layout: Layout): void {
  if (!isSplit(layout)) {
    expect(layout.panels).toContain(layout.shown);
    return;
  }
  expect(layout.parts.length).toBeGreaterThan(1);
  expect(sum(layout.parts.map(({ share }) => share))).toBeCloseTo(1, 2);
  for (const { part } of layout.parts) {
    if (isSplit(part)) expect(part.split).not.toBe(layout.split);
    checkShape(part);
  }
}

test('a layout that was stored comes back the same', () => {
  fc.assert(
    fc.property(anyLayout, (layout) => {
      const read = layoutFrom(JSON.parse(JSON.stringify(layout)));
      expect(read).toEqual(tidied(layout));
      checkShape(read as Layout);
    }),
  );
});

test('a layout survives being written for dockview and read back, in any window', () => {
  const pixels = fc.integer({ min: 400, max: 4000 });
  fc.assert(
    fc.property(anyLayout, pixels, pixels, (given, width, height) => {
      const layout = tidied(given);
      const back = fromDockview(toDockview(layout, width, height, (id) => id));
      expect(shape(back as Layout)).toEqual(shape(layout));
    }),
  );
});

/** Without the sizes. */
const shape = (layout: Layout): unknown =>
  isSplit(layout) ? { split: layout.split, parts: layout.parts.map(({ part }) => shape(part)) } : layout;

const group = { panels: ['map'], shown: 'map' };
test.each([
  ['nothing', null],
  ['a text', 'train'],
  ['an unknown panel', { panels: ['console'], shown: 'console' }],
  ['no panel', { panels: [], shown: 'map' }],
  ['a shown panel that is elsewhere', { panels: ['map'], shown: 'time' }],
  [
    'one panel twice',
    {
      split: 'row',
      parts: [
        { share: 0.5, part: group },
        { share: 0.5, part: group },
      ],
    },
  ],
  ['a panel twice in one group', { panels: ['map', 'map'], shown: 'map' }],
  [
    'a share of nothing',
    {
      split: 'row',
      parts: [
        { share: 0, part: group },
        { share: 1, part: { panels: ['time'], shown: 'time' } },
      ],
    },
  ],
  ['a share that is no number', { split: 'row', parts: [{ share: Number.NaN, part: group }] }],
  ['what dockview writes', { grid: { root: {} }, panels: {} }],
])('%s is no layout', (_, stored) => {
  expect(layoutFrom(stored)).toBeNull();
});

test('a few pixels are no other layout, a drag is', () => {
  const halves = (share: number): Layout => ({
    split: 'row',
    parts: [
      { share, part: { panels: ['map'], shown: 'map' } },
      { share: 1 - share, part: { panels: ['time'], shown: 'time' } },
    ],
  });
  expect(sameLayout(halves(0.5), halves(0.502))).toBe(true);
  expect(sameLayout(halves(0.5), halves(0.51))).toBe(false);
  expect(sameLayout(halves(0.5), { ...halves(0.5), split: 'column' } as Layout)).toBe(false);
});

test('nesting without end is refused', () => {
  let deep: unknown = group;
  for (let i = 0; i < 40; i++)
    deep = {
      split: i % 2 ? 'row' : 'column',
      parts: [
        { share: 0.5, part: deep },
        { share: 0.5, part: { panels: ['time'], shown: 'time' } },
      ],
    };
  expect(layoutFrom(deep)).toBeNull();
});

test('closing, moving and joining keep every other panel and leave a layout in order', () => {
  fc.assert(
    fc.property(
      anyLayout,
      fc.nat(),
      fc.nat(),
      fc.constantFrom('left', 'right', 'above', 'below'),
      (given, i, j, edge) => {
        const layout = tidied(given);
        const all = [...panelsIn(layout)].sort();
        const panel = all[i % all.length] ?? 'map';
        const other = all[j % all.length] ?? 'map';
        const rest = all.filter((id) => id !== panel);
        const closed = without(layout, panel);
        expect(closed === null ? [] : [...panelsIn(closed)].sort()).toEqual(rest);
        if (closed !== null) checkShape(closed);
        for (const moved of [atEdge(layout, panel, edge), ...(other === panel ? [] : [beside(layout, panel, other)])]) {
          expect([...panelsIn(moved)].sort()).toEqual(all);
          checkShape(moved);
        }
      },
    ),
  );
});

test('a panel that leaves gives its room to the largest part; the others keep theirs', () => {
  const part = (id: 'map' | 'landscape' | 'inspector') => ({ panels: [id], shown: id });
  const layout: Layout = {
    split: 'row',
    parts: [
      { share: 0.2, part: part('map') },
      { share: 0.5, part: part('landscape') },
      { share: 0.3, part: part('inspector') },
    ],
  };
  expect(without(layout, 'map')).toEqual({
    split: 'row',
    parts: [
      { share: 0.7, part: part('landscape') },
      { share: 0.3, part: part('inspector') },
    ],
  });
  const even = { ...layout, parts: layout.parts.map((one) => ({ ...one, share: 1 / 3 })) };
  expect(withSizesOf(layout, even)).toEqual(layout);
  const joined = (shares: readonly [number, number]): Layout => ({
    split: 'row',
    parts: [
      { share: shares[0], part: part('landscape') },
      { share: shares[1], part: { panels: ['inspector', 'map'], shown: 'map' } },
    ],
  });
  expect(withSizesOf(layout, joined([0.5, 0.5]))).toEqual(joined([0.7, 0.3]));
});

test.each([
  [1600, 896],
  [1280, 616],
  [1200, 696],
  [2560, 1336],
])('the shipped layouts are in order at %d × %d and leave the landscape the most room', (width, height) => {
  for (const workspace of ['train', 'spectrum', 'landscape', 'saddles', 'lessons'] as const) {
    const layout = shippedLayout(workspace, width, height);
    checkShape(layout);
    expect(panelsIn(layout).every((id) => panelIds.includes(id))).toBe(true);
  }
  const train = shippedLayout('train', width, height);
  const [top, time] = isSplit(train) ? train.parts : [];
  const [left, landscape, map, right] =
    top && isSplit(top.part) ? top.part.parts.map(({ share }) => share * width) : [];
  for (const side of [left, map, right]) {
    expect(side).toBeGreaterThanOrEqual(199);
    expect(landscape).toBeGreaterThan(1.7 * (side ?? 0));
  }
  expect((time?.share ?? 0) * height).toBeGreaterThanOrEqual(200);
});

test('at the size of the design the panels have the widths of the design', () => {
  const train = shippedLayout('train', 1600, 896);
  const [top, time] = isSplit(train) ? train.parts : [];
  const widths = top && isSplit(top.part) ? top.part.parts.map(({ share }) => Math.round(share * 1600)) : [];
  expect(widths).toEqual([264, 756, 268, 312]);
  expect(Math.round((time?.share ?? 0) * 896)).toBe(364);
});
