import { setCursor, setHover, zoomTo } from '../state/time.ts';

/** What a chart tells about itself to the pointer. */
export interface GestureSurface {
  readonly over: HTMLElement;
  stepAt(clientX: number): number;
  /** The steps shown, and all there are. */
  shown(): readonly [number, number];
  all(): readonly [number, number];
  /** The steps between which a zoom is drawn, to be painted; null when it has ended. */
  onSelection(selection: readonly [number, number] | null): void;
  /** Whether a turning wheel belongs to the chart, or scrolls what it lies in. */
  ownsWheel(): boolean;
}

/** A zoom shows at least so many steps. */
const fewestSteps = 4;
const leastDragPixels = 5;

/** The range around `center` when the shown one is stretched by `factor`; null where it shows everything. */
export function zoomedRange(
  [low, high]: readonly [number, number],
  [first, last]: readonly [number, number],
  center: number,
  factor: number,
): readonly [number, number] | null {
  const width = Math.max(fewestSteps, (high - low) * factor);
  if (width >= last - first) return null;
  const share = (center - low) / (high - low);
  const from = Math.min(last - width, Math.max(first, center - share * width));
  return [from, from + width];
}

/** The range moved by so many steps, as far as there are any. */
export function pannedRange(
  [low, high]: readonly [number, number],
  [first, last]: readonly [number, number],
  by: number,
): readonly [number, number] {
  const from = Math.min(Math.max(first, last - (high - low)), Math.max(first, low + by));
  return [from, from + (high - low)];
}

/**
 * Pointer on the charts: moving shows the step in all of them, pressing sets the cursor and dragging scrubs, Shift and
 * dragging zooms to what is marked, the wheel zooms about the pointer, a double click shows all. Answers how to stop.
 */
export function listenToGestures(surface: GestureSurface): () => void {
  const { over } = surface;
  const controller = new AbortController();
  let scrubbing = false;
  let zoomFrom: { step: number; x: number } | null = null;

  const wholeStep = (clientX: number) => {
    const [first, last] = surface.all();
    return Math.round(Math.min(last, Math.max(first, surface.stepAt(clientX))));
  };
  const end = () => {
    scrubbing = false;
    zoomFrom = null;
    surface.onSelection(null);
  };

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    over.setPointerCapture(event.pointerId);
    if (event.shiftKey) zoomFrom = { step: surface.stepAt(event.clientX), x: event.clientX };
    else {
      scrubbing = true;
      setCursor(wholeStep(event.clientX));
    }
  };
  const onMove = (event: PointerEvent) => {
    setHover(wholeStep(event.clientX));
    if (scrubbing) setCursor(wholeStep(event.clientX));
    if (zoomFrom) surface.onSelection([zoomFrom.step, surface.stepAt(event.clientX)]);
  };
  const onUp = (event: PointerEvent) => {
    if (zoomFrom && Math.abs(event.clientX - zoomFrom.x) > leastDragPixels) {
      const [a, b] = [zoomFrom.step, surface.stepAt(event.clientX)];
      const [first, last] = surface.all();
      const low = Math.max(first, Math.min(a, b));
      zoomTo([low, Math.max(low + fewestSteps, Math.min(last, Math.max(a, b)))]);
    }
    end();
  };
  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey && !surface.ownsWheel()) return;
    event.preventDefault();
    const [low, high] = surface.shown();
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
      zoomTo(pannedRange([low, high], surface.all(), (sideways / (over.clientWidth || 1)) * (high - low)));
      return;
    }
    const factor = Math.exp(Math.min(1, Math.max(-1, event.deltaY * 0.002)));
    zoomTo(zoomedRange([low, high], surface.all(), surface.stepAt(event.clientX), factor));
  };

  const { signal } = controller;
  over.addEventListener('pointerdown', onDown, { signal });
  over.addEventListener('pointermove', onMove, { signal });
  over.addEventListener('pointerup', onUp, { signal });
  over.addEventListener('pointercancel', end, { signal });
  over.addEventListener('pointerleave', () => setHover(null), { signal });
  over.addEventListener('dblclick', () => zoomTo(null), { signal });
  over.addEventListener('wheel', onWheel, { signal, passive: false });
  return () => controller.abort();
}
