// @vitest-environment jsdom
import '../browser-gaps.ts';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { useDock } from '../../../renderer/app/dock/dock-state.ts';
import { type Layout, panelsIn, sameLayout, tidied } from '../../../renderer/app/dock/layout.ts';
import { type Dock, makeDock } from '../../../renderer/app/dock/make-dock.ts';
import { shippedLayout } from '../../../renderer/app/dock/shipped-layouts.ts';
import { anyLayout } from './layouts.ts';

let dock: Dock | null = null;
afterEach(() => {
  dock?.dispose();
  document.body.innerHTML = '';
});

function openDock(onUserChange = () => {}): Dock {
  const element = document.createElement('div');
  for (const [name, value] of [
    ['clientWidth', 1600],
    ['clientHeight', 896],
    ['offsetWidth', 1600],
    ['offsetHeight', 896],
  ] as const)
    Object.defineProperty(element, name, { value });
  document.body.append(element);
  dock = makeDock(element, onUserChange);
  return dock;
}

test('dockview shows the shipped layouts as they are', () => {
  const made = openDock();
  for (const workspace of ['train', 'spectrum', 'landscape', 'saddles', 'lessons'] as const) {
    const layout = shippedLayout(workspace, 1600, 896);
    made.apply(layout);
    expect([...useDock.getState().placed].sort()).toEqual([...panelsIn(layout)].sort());
    expect(sameLayout(made.layout() as Layout, tidied(layout)), workspace).toBe(true);
  }
});

test('dockview reads back the panels of any layout', () => {
  const made = openDock();
  fc.assert(
    fc.property(anyLayout, (layout) => {
      made.apply(layout);
      expect(shape(made.layout() as Layout)).toEqual(shape(tidied(layout)));
    }),
    { numRuns: 40 },
  );
});

const shape = (layout: Layout): unknown =>
  'split' in layout ? { split: layout.split, parts: layout.parts.map(({ part }) => shape(part)) } : layout;

test('a closed panel is gone and can be brought back; both are told as changes of the user', () => {
  const onUserChange = vi.fn();
  const made = openDock(onUserChange);
  made.apply(shippedLayout('train', 1600, 896));
  expect(onUserChange).not.toHaveBeenCalled();
  made.close('map');
  expect(useDock.getState().placed).not.toContain('map');
  expect(onUserChange).toHaveBeenCalledTimes(1);
  made.show('map');
  expect(useDock.getState()).toMatchObject({ active: 'map' });
  expect(useDock.getState().placed).toContain('map');
  expect(onUserChange).toHaveBeenCalledTimes(2);
  made.show('spectrum');
  made.moveTo('spectrum', 'left');
  made.joinTo('inspector', 'spectrum');
  expect(panelsIn(made.layout() as Layout)).toHaveLength(useDock.getState().placed.length);
});

test('a panel keeps its element when the layout changes', () => {
  const made = openDock();
  made.apply(shippedLayout('train', 1600, 896));
  const before = document.querySelector('.dock-content-landscape');
  before?.setAttribute('data-mark', 'the same');
  made.apply(shippedLayout('landscape', 1600, 896));
  expect(document.querySelector('.dock-content-landscape')?.getAttribute('data-mark')).toBe('the same');
  expect(document.querySelectorAll('.dock-content-landscape')).toHaveLength(1);
});
