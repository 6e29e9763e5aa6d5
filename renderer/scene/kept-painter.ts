import { type ContextListener, glPainter } from './gl-painter.ts';
import type { Painter } from './painter.ts';

const deaf: ContextListener = { onLost() {}, onRestored() {} };

/** One painter stays with the page and goes from scene to scene: its programs are compiled once. */
let kept: { readonly painter: Painter; isTaken: boolean; isLost: boolean; listener: ContextListener } | null = null;

function keep(): typeof kept {
  const listener: ContextListener = {
    onLost() {
      if (kept) kept.isLost = true;
      kept?.listener.onLost();
    },
    onRestored() {
      if (kept) kept.isLost = false;
      kept?.listener.onRestored();
    },
  };
  const painter = glPainter(listener);
  kept = painter && { painter, isTaken: false, isLost: false, listener: deaf };
  return kept;
}

/**
 * A painter for one scene, which gives it back by `dispose`; null where the page gets no WebGL. A second scene at the
 * same time has a painter of its own.
 */
export function takeGlPainter(listener: ContextListener): Painter | null {
  if (kept?.isTaken) return glPainter(listener);
  if (kept?.isLost) {
    kept.painter.dispose();
    kept = null;
  }
  const mine = kept ?? keep();
  if (mine === null) return null;
  mine.isTaken = true;
  mine.listener = listener;
  const giveBack = () => {
    mine.painter.show(null);
    mine.listener = deaf;
    mine.isTaken = false;
  };
  return { ...mine.painter, dispose: giveBack };
}

/** Prepares the first picture while the page has nothing else to do. */
export function preparePainter(): void {
  if (kept === null) whenIdle(() => (kept === null && keep() === null ? undefined : prepareOn()));
}

function prepareOn(): void {
  if (kept && !kept.painter.prepare()) whenIdle(prepareOn);
}

/** Also on a page that is never idle, but then in small parts and seldom. */
const whenIdle = (act: () => void): number => requestIdleCallback(act, { timeout: 500 });
