import { axisLabels, flatMargins, labelHeight, solidMargins } from './axis-labels.ts';
import { listenToCamera } from './camera-control.ts';
import {
  between,
  type CameraPose,
  eyeOf,
  framing,
  orbited,
  type PictureSize,
  type PoseLimits,
  panned,
  projector,
  rayThrough,
  type ViewName,
  viewAngles,
  zoomed,
} from './camera-pose.ts';
import { canvasPainter } from './canvas-painter.ts';
import { glPainter } from './gl-painter.ts';
import { textMeasure } from './label-layer.ts';
import { placedLabels } from './label-placement.ts';
import { type Pointed, sceneMarks } from './marks.ts';
import { overlay } from './overlay.ts';
import { pacing } from './pacing.ts';
import type { Memory, Painter, SceneStyle } from './painter.ts';
import { nearestCheckpoint } from './path-points.ts';
import { pickedPoint } from './picking.ts';
import { cornersOf } from './scene-box.ts';
import { type SceneContent, type SceneModel, sceneModel } from './scene-model.ts';
import { scenePicture } from './scene-picture.ts';
import { lossBetween } from './slice-grid.ts';

/** What is under a pixel. */
export interface Picked {
  readonly alpha: number;
  readonly beta: number;
  /** Between the points of the grid. */
  readonly loss: number;
}

export interface SceneListener {
  onHover(picked: Picked | null): void;
  /** The path was clicked at this checkpoint. */
  onStep(step: number): void;
  /** `gl`; `canvas` where there is no WebGL, or its context was lost. */
  onPainter(kind: 'gl' | 'canvas'): void;
}

/** For tests and for the inspector of the app itself. */
export interface SceneInformation extends Memory {
  readonly painter: string;
  readonly software: boolean;
  readonly frames: number;
  readonly triangles: number;
  readonly labels: number;
  readonly pixelRatio: number;
  /** Milliseconds between the last frames of a motion, and that the last picture took to be asked for. */
  readonly gapMs: number;
  readonly drawMs: number;
  readonly pose: CameraPose;
  readonly disposed: boolean;
}

/** The element that holds a scene answers what it holds. */
export type SceneElement = HTMLElement & { sceneInformation?: () => SceneInformation };

export interface LandscapeScene {
  /** False where it only draws flat maps. */
  readonly solid: boolean;
  readonly model: SceneModel | null;
  show(content: SceneContent): void;
  style(style: SceneStyle): void;
  point(pointed: Pointed): void;
  view(name: ViewName): void;
  /** A PNG of any size. */
  picture(size: PictureSize, caption: readonly string[]): Promise<Uint8Array>;
  dispose(): void;
}

/** After a motion: this long without another one, and the picture is drawn at its full resolution. */
const stillAfterMs = 180;
const cameraMs = 280;
/** A click this near to a mark of the path means it. */
const clickPixels = 14;
const mostPixelRatio = 2;

export function landscapeScene(element: SceneElement, listener: SceneListener): LandscapeScene {
  let style: SceneStyle | null = null;
  let content: SceneContent | null = null;
  let model: SceneModel | null = null;
  let pointed: Pointed = { cursor: null, probe: null };
  let size: PictureSize = { width: 0, height: 0 };
  let pose: CameraPose = { ...viewAngles.home, distance: 6, target: [0, 0, 0] };
  /** The view that is kept framed when the panel changes its size; null once the user has turned the scene. */
  let held: ViewName | null = 'home';
  let flight: { readonly from: CameraPose; readonly to: CameraPose; readonly began: number } | null = null;
  let [frame, moving, lastFrameAt] = [0, false, 0];
  let [frames, gapMs, drawMs, pixelRatio, shownLabels, disposed] = [0, 0, 0, 0, 0, false];
  let still: ReturnType<typeof setTimeout> | undefined;
  const pace = pacing();
  const layer = overlay(element);
  let measure: ReturnType<typeof textMeasure> | null = null;
  let gl: Painter | null = glPainter({ onLost: () => paintWith(canvasPainter()), onRestored: () => restored() });
  let painter: Painter = gl ?? canvasPainter();
  let memory: Memory = painter.memory();
  element.prepend(painter.canvas);
  element.tabIndex = 0;
  listener.onPainter(gl ? 'gl' : 'canvas');

  const limits = (): PoseLimits => {
    const { width, depth, height } = model?.box ?? { width: 2, depth: 2, height: 1 };
    return { reach: [width / 2, Math.max(0.4, height), depth / 2], nearest: 0.6, farthest: 14 };
  };
  const framed = (name: ViewName): CameraPose => {
    const flat = model?.content.flat ?? false;
    const angles = viewAngles[flat && name === 'home' ? 'top' : name];
    if (model === null || size.width === 0) return { ...pose, ...angles };
    return framing(cornersOf(model.box), angles, size, flat ? flatMargins : solidMargins);
  };

  function paintWith(next: Painter): void {
    if (painter !== gl) painter.dispose();
    painter.canvas.replaceWith(next.canvas);
    painter = next;
    pixelRatio = 0;
    if (style) painter.style(style);
    rebuild();
    listener.onPainter(painter === gl ? 'gl' : 'canvas');
  }
  function restored(): void {
    if (gl && !disposed) paintWith(gl);
  }
  function rebuild(): void {
    const before = model;
    const wasFlat = before?.content.flat;
    model = content && sceneModel(painter === gl ? content : { ...content, flat: true }, before?.surface ?? null);
    painter.show(model);
    if (wasFlat !== model?.content.flat) held = 'home';
    if (held) pose = framed(held);
    invalidate();
  }

  function invalidate(): void {
    if (frame === 0 && !disposed) frame = requestAnimationFrame(draw);
  }
  /** A frame of a motion: as fine as the machine allows, and fine again when it is over. */
  function motion(): void {
    if (!moving) {
      moving = true;
      lastFrameAt = 0;
      pace.begin();
    }
    clearTimeout(still);
    still = setTimeout(settle, stillAfterMs);
    invalidate();
  }
  function settle(): void {
    moving = false;
    invalidate();
  }

  function draw(now: number): void {
    frame = 0;
    if (size.width === 0 || size.height === 0 || style === null) return;
    if (flight) fly(now);
    if (moving) {
      if (lastFrameAt > 0 && now - lastFrameAt < 2 * stillAfterMs) {
        gapMs = now - lastFrameAt;
        pace.frame(gapMs);
      }
      lastFrameAt = now;
    }
    const whole = painter.software ? 1 : Math.min(mostPixelRatio, devicePixelRatio);
    const ratio = moving ? whole * pace.scale : whole;
    if (ratio !== pixelRatio) painter.resize(size, ratio);
    pixelRatio = ratio;
    const began = performance.now();
    if (!painter.draw(pose)) {
      invalidate();
      return;
    }
    drawOverlay();
    drawMs = performance.now() - began;
    frames++;
    memory = painter.memory();
  }
  function fly(now: number): void {
    if (flight === null) return;
    const share = Math.min(1, (now - flight.began) / cameraMs);
    const eased = 1 - (1 - share) ** 3;
    pose = between(flight.from, flight.to, eased);
    if (share < 1) motion();
    else flight = null;
  }
  function drawOverlay(): void {
    if (model === null) {
      layer.show([], []);
      return;
    }
    const { labels, marks } = annotations(model, pose, size);
    shownLabels = labels.length;
    layer.show(labels, marks);
  }
  function annotations(shown: SceneModel, from: CameraPose, within: PictureSize) {
    const { marks, labels } = sceneMarks(shown, pointed, from, within);
    const titles = [...shown.content.titles, 'loss L'] as const;
    const width = (kind: 'tick' | 'title' | 'mark', text: string) => measure?.(kind, text) ?? 7 * text.length;
    const wishes = [...labels, ...axisLabels(shown.box, titles, from, within, width)];
    return { marks, labels: placedLabels(wishes, within, ({ kind, text }) => [width(kind, text), labelHeight]) };
  }

  function turn(next: CameraPose): void {
    pose = next;
    held = null;
    flight = null;
    motion();
  }
  function pick([x, y]: readonly [number, number]): Picked | null {
    if (model === null) return null;
    const at = pickedPoint(model.surface, model.box, eyeOf(pose), rayThrough(pose, size, x, y));
    return at && { ...at, loss: lossBetween(model.content.grid, model.squares, at.alpha, at.beta) };
  }
  function view(name: ViewName): void {
    held = name;
    const to = framed(name);
    if (document.documentElement.dataset.motion === 'reduced' || size.width === 0) {
      pose = to;
      flight = null;
    } else flight = { from: pose, to, began: performance.now() };
    motion();
  }

  let hovered: readonly [number, number] | null = null;
  let hoverFrame = 0;
  const stopListening = listenToCamera(element, {
    orbit: (azimuth, elevation) => turn(orbited(pose, azimuth, elevation)),
    pan: (dx, dy) => turn(panned(pose, size, dx, dy, limits())),
    zoom: (factor, at) =>
      turn(zoomed(pose, size, factor, at?.[0] ?? size.width / 2, at?.[1] ?? size.height / 2, limits())),
    view,
    hover(at) {
      hovered = at;
      hoverFrame ||= requestAnimationFrame(() => {
        hoverFrame = 0;
        if (!disposed) listener.onHover(hovered && pick(hovered));
      });
    },
    click([x, y]) {
      const path = model?.content.path;
      if (!model || !path) return;
      const near = nearestCheckpoint(path, model.box, projector(pose, size), x, y);
      if (near && near.pixels <= clickPixels) listener.onStep(path.steps[near.index]!);
    },
  });
  const observer = new ResizeObserver(() => {
    const next = { width: element.clientWidth, height: element.clientHeight };
    if (next.width === size.width && next.height === size.height) return;
    size = next;
    pixelRatio = 0;
    if (size.width === 0 || size.height === 0) return;
    if (held) pose = framed(held);
    invalidate();
  });
  observer.observe(element);

  element.sceneInformation = () => ({
    ...memory,
    painter: painter.name,
    software: painter.software,
    frames,
    triangles: (model?.surface.indexLength ?? 0) / 3,
    labels: shownLabels,
    pixelRatio,
    gapMs,
    drawMs,
    pose,
    disposed,
  });
  return {
    get solid() {
      return painter === gl;
    },
    get model() {
      return model;
    },
    show(next) {
      content = next;
      rebuild();
    },
    style(next) {
      style = next;
      measure = textMeasure({ tick: next.tickFont, title: next.titleFont, mark: next.titleFont });
      painter.style(next);
      invalidate();
    },
    point(next) {
      pointed = next;
      if (frame === 0) drawOverlay();
    },
    view,
    async picture(wanted, caption) {
      if (model === null || style === null) throw new Error('There is nothing to draw yet.');
      const shown = model;
      const bytes = scenePicture({
        painter,
        model: shown,
        style,
        pose,
        size,
        wanted,
        caption,
        annotate: (from, within) => annotations(shown, from, within),
      });
      pixelRatio = 0;
      invalidate();
      return bytes;
    },
    dispose() {
      disposed = true;
      cancelAnimationFrame(frame);
      cancelAnimationFrame(hoverFrame);
      clearTimeout(still);
      observer.disconnect();
      stopListening();
      layer.dispose();
      painter.canvas.remove();
      painter.dispose();
      if (gl && gl !== painter) gl.dispose();
      memory = (gl ?? painter).memory();
      gl = null;
    },
  };
}
