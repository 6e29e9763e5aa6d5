import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

/** What a strip that must not cut its texts has room for. */
export interface Room {
  /** Of the whole strip, without its margins. */
  readonly width: number;
  /** Of each thing that may be left out, in order. */
  readonly items: readonly number[];
  /** Of what is always there. */
  readonly fixed: number;
  /** Of the button that stands for what is left out. */
  readonly more: number;
  readonly gap: number;
}

/** How many of the first items have room; where one is left out (here or `beyond`), the button needs its place too. */
export function fittingCount({ width, items, fixed, more, gap }: Room, beyond: boolean): number {
  let used = fixed;
  let count = 0;
  for (const item of items) {
    const leavesOut = beyond || count + 1 < items.length;
    if (used + item + gap + (leavesOut ? more + gap : 0) > width) break;
    used += item + gap;
    count++;
  }
  return count;
}

const moreWidth = 76;
const gap = 20;

/**
 * How many of the items of a strip fit into it. Measured when `key` says that other texts stand there, and when the strip
 * has another width: seldom, for measuring makes the page lay itself out.
 */
export function useFitting(strip: RefObject<HTMLElement | null>, key: string, beyond: boolean): number {
  const [width, setWidth] = useState(0);
  const [fitting, setFitting] = useState({ key: '', count: 0 });
  useEffect(() => {
    if (strip.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(strip.current);
    return () => observer.disconnect();
  }, [strip]);
  useLayoutEffect(() => {
    const wide = (selector: string) =>
      [...(strip.current?.querySelectorAll(selector) ?? [])].map((one) => one.getBoundingClientRect().width);
    const fixed = wide('[data-fixed]').reduce((sum, one) => sum + one + gap, 0);
    const count = fittingCount({ width, items: wide('[data-item]'), fixed, more: moreWidth, gap }, beyond);
    setFitting((before) => (before.key === key && before.count === count ? before : { key, count }));
  }, [strip, key, width, beyond]);
  return fitting.count;
}
