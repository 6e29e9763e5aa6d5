import { axisLabels, type LabelWish, labelHeight, unitTitle } from './axis-labels.ts';
import { listenToCamera } from './camera-control.ts';
import {
  type CameraPose,
  eyeOf,
  type PictureSize,
  type Projected,
  projector,
  rayThrough,
  type ViewName,
} from './camera-pose.ts';
import { canvasPainter } from './canvas-painter.ts';
import { colourBarPlace } from './colour-bar.ts';
import { frameLoop } from './frame-loop.ts';
import { takeGlPainter } from './kept-painter.ts';
import { textMeasure } from './label-layer.ts';
import { placedLabels } from './label-placement.ts';
import { boxOfMark, type Pointed, probedPoint, sceneMarks } from './marks.ts';
import { overlay } from './overlay.ts';
import type { Memory, Painter, SceneStyle } from './painter.ts';
import { nearestCheckpoint, pathPoint } from './path-points.ts';
import { describedPoint, type Picked, pickedPoint } from './picking.ts';
import type { Point } from './scene-box.ts';
import { sceneCamera } from './scene-camera.ts';
import { sceneGlb } from './scene-glb.ts';
import { type SceneContent, type SceneModel, sceneModel } from './scene-model.ts';
import { type PictureBackground, pictureStyle, scenePicture } from './scene-picture.ts';
import { type TurntableWish, turntable } from './turntable.ts';
import type { GifWish } from './turntable-gif.ts';

export type { Picked } from './picking.ts';

export interface SceneListener {
  onHover(picked: Picked | null): void;
  /** The path was clicked at this checkpoint. */
  onStep(step: number): void;
  /** The surface was clicked, away from the path. */
  onPick?(picked: Picked): void;
  /** The camera has moved, by hand, by a named view or because the picture changed; not by `setPose`. */
  onPose?(pose: CameraPose): void;
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
  /** Plain data: kept as JSON it is a camera of the user's own (`poseFrom` reads it). */
  readonly pose: CameraPose;
  /** Is there at once, and tells nobody: cameras that follow each other do not answer each other. */
  setPose(pose: CameraPose): void;
  /** Where a point of the plane is seen, on the surface; null while nothing is shown. */
  placeOf(alpha: number, beta: number): Projected | null;
  /** What is seen at a pixel of the element. */
  pointAt(at: readonly [x: number, y: number]): Picked | null;
  /** A PNG of any size. */
  picture(size: PictureSize, caption: readonly string[], options?: PictureOptions): Promise<Uint8Array>;
  /** A WebM film of one turn. */
  turntable(wish: TurntableWish): Promise<Uint8Array>;
  /** The same as a GIF. */
  turntableGif(wish: GifWish): Promise<Uint8Array>;
  /** Binary glTF. */
  glb(notes: Readonly<Record<string, unknown>>): Promise<Uint8Array>;
  dispose(): void;
}

export interface PictureOptions {
  /** As on the screen unless said. */
  readonly background?: PictureBackground;
  /** Pixels of the file for each of `size`: 300 / 96 for 300 dots an inch. Otherwise text grows with the height. */
  readonly scale?: number;
}

/** A click this near to a mark of the path means it. */
const clickPixels = 14;
const mostPixelRatio = 2;

export function landscapeScene(element: SceneElement, listener: SceneListener): LandscapeScene {
  let style: SceneStyle | null = null;
  let content: SceneContent | null = null;
  let model: SceneModel | null = null;
  let pointed: Pointed = { cursor: null, probe: null };
  let size: PictureSize = { width: 0, height: 0 };
  let [frames, drawMs, pixelRatio, shownLabels, disposed] = [0, 0, 0, 0, false];
  const layer = overlay(element);
  let measure: ReturnType<typeof textMeasure> | null = null;
  let gl: Painter | null = takeGlPainter({ onLost: () => paintWith(canvasPainter()), onRestored: () => restored() });
  let painter: Painter = gl ?? canvasPainter();
  let memory: Memory = painter.memory();
  const camera = sceneCamera(() => ({
    box: model?.box ?? null,
    flat: model?.content.flat ?? false,
    size,
    way: () => wayOf(model),
  }));
  let told: CameraPose = camera.pose;
  const loop = frameLoop(draw);
  put(painter);
  element.tabIndex = 0;
  listener.onPainter(gl ? 'gl' : 'canvas');

  /** Not seen before it has something to show. */
  function put({ canvas }: Painter): void {
    canvas.style.visibility = 'hidden';
    element.prepend(canvas);
  }
  function paintWith(next: Painter): void {
    if (next === painter) return;
    painter.canvas.remove();
    if (painter !== gl) painter.dispose();
    painter = next;
    put(painter);
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
    model = content && sceneModel(painter === gl ? content : { ...content, flat: true }, before);
    painter.show(model);
    camera.refit(before?.content.flat !== model?.content.flat);
    loop.invalidate();
  }

  function draw(now: number, scale: number, isMoving: boolean): void {
    if (size.width === 0 || size.height === 0 || style === null) return;
    // The last picture stays until there is another one.
    if (!painter.prepare()) {
      loop.invalidate();
      return;
    }
    if (camera.fly(now)) loop.motion();
    if (camera.pose !== told) {
      told = camera.pose;
      listener.onPose?.(told);
    }
    const whole = painter.software ? 1 : Math.min(mostPixelRatio, devicePixelRatio);
    const ratio = whole * scale;
    const began = performance.now();
    if (ratio !== pixelRatio) painter.resize(size, ratio);
    pixelRatio = ratio;
    painter.draw(camera.pose, isMoving);
    painter.canvas.style.visibility = '';
    frames++;
    drawOverlay();
    drawMs = performance.now() - began;
    memory = painter.memory();
  }
  function drawOverlay(): void {
    if (model === null || frames === 0) {
      layer.show([], []);
      return;
    }
    const { labels, marks } = annotations(model, camera.pose, size);
    shownLabels = labels.length;
    layer.show(labels, marks);
  }
  function annotations(shown: SceneModel, from: CameraPose, within: PictureSize) {
    const { marks, labels } = sceneMarks(shown, pointed, from, within);
    const {
      titles: [alpha, beta],
      norms,
      quantity = 'loss L',
    } = shown.content;
    const titles = [unitTitle(alpha, 0, norms[0]), unitTitle(beta, 1, norms[1]), quantity] as const;
    const width = (kind: 'tick' | 'title' | 'mark', text: string) => measure?.(kind, text) ?? 7 * text.length;
    const wishes = [...labels, ...axisLabels(shown.box, titles, from, within, width)];
    const textSize = ({ kind, text }: LabelWish) => [width(kind, text), labelHeight] as const;
    return {
      marks,
      labels: placedLabels(wishes, within, textSize, [colourBarPlace(within.width), ...marks.map(boxOfMark)]),
    };
  }

  /** What is shown now, for files. */
  function pictured() {
    if (model === null || style === null) throw new Error('There is nothing to draw yet.');
    const shown = model;
    const annotate = (from: CameraPose, within: PictureSize) => annotations(shown, from, within);
    return { model: shown, style, pose: camera.pose, size, annotate };
  }
  function pick([x, y]: readonly [number, number]): Picked | null {
    if (model === null) return null;
    const at = pickedPoint(model.surface, model.box, eyeOf(camera.pose), rayThrough(camera.pose, size, x, y));
    return at && describedPoint(model.content, model.surface, at);
  }
  function view(name: ViewName): void {
    camera.view(name, document.documentElement.dataset.motion !== 'reduced' && size.width > 0);
    loop.motion();
  }
  const turned =
    <Given extends readonly unknown[]>(turn: (...given: Given) => void) =>
    (...given: Given): void => {
      turn(...given);
      loop.motion();
    };

  let hovered: readonly [number, number] | null = null;
  let hoverFrame = 0;
  const stopListening = listenToCamera(element, {
    orbit: turned(camera.orbit),
    pan: turned(camera.pan),
    zoom: turned(camera.zoom),
    view,
    hover(at) {
      hovered = at;
      hoverFrame ||= requestAnimationFrame(() => {
        hoverFrame = 0;
        if (!disposed) listener.onHover(hovered && pick(hovered));
      });
    },
    click([x, y]) {
      if (!model) return;
      const { path } = model.content;
      const near = path && nearestCheckpoint(path, model.box, projector(camera.pose, size), x, y);
      const picked = near && near.pixels <= clickPixels ? null : pick([x, y]);
      if (path && near && near.pixels <= clickPixels) listener.onStep(path.steps[near.index]!);
      else if (picked) listener.onPick?.(picked);
    },
  });
  const observer = new ResizeObserver(() => {
    const next = { width: element.clientWidth, height: element.clientHeight };
    if (next.width === size.width && next.height === size.height) return;
    size = next;
    pixelRatio = 0;
    if (size.width === 0 || size.height === 0) return;
    camera.refit(false);
    // Before this layout is painted: the picture is never stretched.
    loop.drawNow();
  });
  observer.observe(element);

  element.sceneInformation = () => ({
    ...memory,
    painter: painter.name,
    software: painter.software,
    frames,
    triangles: model?.surface.triangles ?? 0,
    labels: shownLabels,
    pixelRatio,
    gapMs: loop.gapMs,
    drawMs,
    pose: camera.pose,
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
      loop.invalidate();
    },
    point(next) {
      pointed = next;
      if (!loop.isDue) drawOverlay();
    },
    view,
    get pose() {
      return camera.pose;
    },
    setPose(pose) {
      camera.place(pose);
      told = camera.pose;
      loop.motion();
    },
    placeOf: (alpha, beta) =>
      model && size.height > 0 ? projector(camera.pose, size)(probedPoint(model, alpha, beta)) : null,
    pointAt: pick,
    async picture(wanted, caption, { background = 'scene', scale = null } = {}) {
      while (!painter.prepare()) await nextFrame();
      const parts = pictured();
      const worn = pictureStyle(parts.style, background);
      painter.style(worn);
      const bytes = scenePicture({ ...parts, style: worn, painter, wanted, caption, scale });
      painter.style(parts.style);
      // The canvas is as large as the picture now.
      pixelRatio = 0;
      loop.drawNow();
      return bytes;
    },
    turntable: async (wish) => turntable({ ...pictured(), ...wish }),
    async turntableGif(wish) {
      // Seldom wanted.
      const { turntableGif } = await import('./turntable-gif.ts');
      return turntableGif({ ...pictured(), ...wish });
    },
    async glb(notes) {
      const { model: shown, style: chosen } = pictured();
      return sceneGlb(shown, chosen, notes);
    },
    dispose() {
      disposed = true;
      loop.stop();
      cancelAnimationFrame(hoverFrame);
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

/** Where the path begins and ends. */
function wayOf(model: SceneModel | null): readonly [Point, Point] | null {
  const path = model?.content.path;
  if (!model || !path) return null;
  const points = path.steps.map((_, i) => pathPoint(path, i, model.box)).filter((point) => point !== null);
  const [first, last] = [points[0], points[points.length - 1]];
  return first && last ? [first, last] : null;
}

const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
