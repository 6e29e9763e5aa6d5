import { type RefObject, useEffect, useState } from 'react';
import type { Readout } from '../../core/figures/figure.ts';
import { numberText } from '../../core/figures/number-text.ts';
import type { PlotPlace } from './figure-worker.ts';
import './figure-readout.css';

export interface FigureReadoutProps {
  readonly readout: Readout;
  readonly plot: PlotPlace;
  /** The element that the picture fills: pointer and keys are heard there. */
  readonly place: RefObject<HTMLElement | null>;
}

/** Steps of the arrow keys across a plot. */
const keySteps = 100;

/** A vertical line at the pointer, or where the arrow keys have moved it, and what every curve is there. */
export function FigureReadout({ readout, plot, place }: FigureReadoutProps) {
  const [cursor, setCursor] = useState<{ readonly x: number; readonly byKey: boolean } | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let frame = 0;
    const soon = (next: () => void) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(next);
    };
    const onMove = (event: PointerEvent) => {
      const x = event.clientX - element.getBoundingClientRect().left - plot.left;
      soon(() => setCursor(x >= 0 && x <= plot.width ? { x, byKey: false } : null));
    };
    const onLeave = () => soon(() => setCursor(null));
    const onKey = (event: KeyboardEvent) => {
      if (event.target !== element || event.ctrlKey || event.altKey || event.metaKey) return;
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const step = (plot.width / keySteps) * by * (event.shiftKey ? 10 : 1);
      setCursor((before) => ({
        x: Math.min(plot.width, Math.max(0, (before?.x ?? plot.width / 2) + step)),
        byKey: true,
      }));
    };
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('blur', onLeave);
    element.addEventListener('keydown', onKey);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('blur', onLeave);
      element.removeEventListener('keydown', onKey);
    };
  }, [plot, place]);
  if (cursor === null) return null;
  const rows = readAt(readout, plot.from + (cursor.x / plot.width) * (plot.to - plot.from));
  if (rows.length === 0) return null;
  const isRight = cursor.x > plot.width / 2;
  const left = plot.left + cursor.x;
  return (
    <>
      <span className="figure-readout-line" style={{ left, top: plot.top, height: plot.height }} />
      <p
        className={isRight ? 'figure-readout figure-readout-left' : 'figure-readout'}
        style={{ left, top: plot.top }}
        role={cursor.byKey ? 'status' : undefined}
      >
        {rows.map((row) => (
          <span key={row}>{row}</span>
        ))}
      </p>
    </>
  );
}

/** `λ = 12.3`, then of each curve its value and its band there. */
export function readAt({ axis, lines }: Readout, at: number): string[] {
  let place: number | null = null;
  const values = lines.flatMap(({ name, at: ats, x, y, low, high }) => {
    const i = nearest(ats, at);
    if (i === null) return [];
    place ??= x[i]!;
    const [from, to] = [low[i] ?? null, high[i] ?? null];
    const band = from === null || to === null ? '' : ` (${numberText(from, 3)} … ${numberText(to, 3)})`;
    return [`${lines.length > 1 ? name : axis.y}: ${numberText(y[i]!, 3)}${band}`];
  });
  return place === null ? [] : [`${axis.x} = ${numberText(place, 4)}`, ...values];
}

/** The point of a rising list that is nearest; null outside it by more than a step. */
function nearest(rising: readonly number[], at: number): number | null {
  const last = rising.length - 1;
  if (last < 1) return null;
  const step = (rising[last]! - rising[0]!) / last;
  if (at < rising[0]! - step || at > rising[last]! + step) return null;
  let [left, right] = [0, last];
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if (rising[middle]! > at) right = middle;
    else left = middle;
  }
  return at - rising[left]! <= rising[right]! - at ? left : right;
}
