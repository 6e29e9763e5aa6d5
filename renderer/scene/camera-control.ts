import type { ViewName } from './camera-pose.ts';

/** What gestures and keys ask of the camera, in pixels and radians. */
export interface CameraActions {
  orbit(azimuth: number, elevation: number): void;
  pan(dx: number, dy: number): void;
  /** Factor < 1 is nearer; towards the pixel (x, y), or the middle of the picture. */
  zoom(factor: number, at: readonly [x: number, y: number] | null): void;
  view(name: ViewName): void;
  /** The pointer is over a pixel, or has left (null). */
  hover(at: readonly [x: number, y: number] | null): void;
  /** Pressed and let go at one place. */
  click(at: readonly [x: number, y: number]): void;
}

const radiansPerPixel = 0.0075;
const keyAngle = (5 * Math.PI) / 180;
/** A pointer that has moved less was a click. */
const clickPixels = 4;

const viewKeys: Readonly<Record<string, ViewName>> = { Home: 'home', '7': 'top', '1': 'front', '3': 'side' };

/** Drag: orbit; right button, middle button or shift: pan; wheel: zoom; two fingers: both. Answers how to stop listening. */
export function listenToCamera(element: HTMLElement, actions: CameraActions): () => void {
  const pointers = new Map<number, readonly [number, number]>();
  let [travelled, panning] = [0, false];
  const place = (event: MouseEvent): readonly [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [a, b] = [...pointers.values()] as [readonly [number, number], readonly [number, number]];
    return { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, length: Math.hypot(a[0] - b[0], a[1] - b[1]) };
  };
  const listeners: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
    pointerdown(event) {
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      panning = event.button !== 0 || event.shiftKey;
      travelled = 0;
    },
    pointermove(event) {
      const at = place(event);
      const before = pointers.get(event.pointerId);
      if (before === undefined) return actions.hover(at);
      const [dx, dy] = [at[0] - before[0], at[1] - before[1]];
      travelled += Math.hypot(dx, dy);
      if (pointers.size === 2) {
        const old = spread();
        pointers.set(event.pointerId, at);
        const now = spread();
        actions.pan(now.x - old.x, now.y - old.y);
        if (now.length > 0 && old.length > 0) actions.zoom(old.length / now.length, [now.x, now.y]);
        return;
      }
      pointers.set(event.pointerId, at);
      if (travelled < clickPixels) return;
      if (panning) actions.pan(dx, dy);
      else actions.orbit(-dx * radiansPerPixel, dy * radiansPerPixel);
    },
    pointerup(event) {
      const held = pointers.delete(event.pointerId);
      if (!held || travelled >= clickPixels) return;
      if (event.button === 0) actions.click(place(event));
      if (event.button === 2) askForMenu(element, event);
    },
    // Comes when the right button goes down, on some systems; it is not known yet whether this will be a drag.
    contextmenu(event) {
      if (!event.isTrusted) return;
      event.preventDefault();
      event.stopPropagation();
    },
    pointercancel: (event) => void pointers.delete(event.pointerId),
    pointerleave: () => actions.hover(null),
    wheel(event) {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 * event.deltaY : event.deltaY;
      actions.zoom(Math.exp(Math.max(-120, Math.min(120, pixels)) * 0.0016), place(event));
    },
    keydown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !pressed(event, actions)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  for (const [name, listener] of Object.entries(listeners))
    element.addEventListener(name, listener as EventListener, { passive: false });
  return () => {
    for (const [name, listener] of Object.entries(listeners))
      element.removeEventListener(name, listener as EventListener);
  };
}

function askForMenu(element: HTMLElement, { clientX, clientY }: PointerEvent): void {
  element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY }));
}

/** Arrows orbit, with shift they pan; + and − zoom; Home, 7, 1, 3 are the named views. Whether the key was one of them. */
function pressed({ key, shiftKey }: KeyboardEvent, actions: CameraActions): boolean {
  const view = viewKeys[key];
  const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (view !== undefined) actions.view(view);
  else if (arrow !== undefined) {
    const [x, y] = arrow as [number, number];
    if (shiftKey) actions.pan(-24 * x, -24 * y);
    else actions.orbit(keyAngle * x, -keyAngle * y);
  } else if (key === '+' || key === '=') actions.zoom(0.88, null);
  else if (key === '-' || key === '_') actions.zoom(1 / 0.88, null);
  else return false;
  return true;
}
