import type { Figure } from '../../core/figures/figure.ts';
import type { LandscapeSource } from '../../core/protocol/methods.ts';

/** A slice by its name on the side that computes. */
export interface HeldSlice {
  /** Whose it is. */
  readonly run: string;
  /** Or the file that it was read from, which is read again. */
  readonly planeId: string | LandscapeSource;
  readonly shape: 'line' | 'plane' | 'volume';
}

/** Where a figure comes from, asked for only when it is wanted: it is of that moment. */
export interface FigureSource {
  figure(): Figure | null | Promise<Figure | null>;
  /** Of a slice that the side that computes holds, with its directions in full. */
  slice?(): HeldSlice | null;
}

/** The class of elements that carry a figure. */
export const figureClass = 'figure-menu';

const sources = new WeakMap<Element, FigureSource>();
let lastFocused: WeakRef<Element> | null = null;

function remember({ target }: FocusEvent): void {
  const element = target instanceof Element ? target.closest(`.${figureClass}`) : null;
  if (element !== null && sources.has(element)) lastFocused = new WeakRef(element);
}

/** Names the figure that an element shows; answers what takes it back. */
export function registerFigure(element: Element, source: FigureSource): () => void {
  sources.set(element, source);
  document.addEventListener('focusin', remember);
  return () => {
    sources.delete(element);
  };
}

/** The figure that had the focus last, for commands from menus and palette, which take the focus themselves. */
export function focusedFigure(): FigureSource | null {
  const element = lastFocused?.deref();
  return element?.isConnected ? (sources.get(element) ?? null) : null;
}
