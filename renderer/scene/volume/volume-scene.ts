import { axisLabels, type LabelWish, labelHeight } from '../axis-labels.ts';
import { listenToCamera } from '../camera-control.ts';
import { type CameraPose, eyeOf, type PictureSize, projector, rayThrough, type ViewName } from '../camera-pose.ts';
import { frameLoop } from '../frame-loop.ts';
import { textMeasure } from '../label-layer.ts';
import { placedLabels } from '../label-placement.ts';
import { overlay } from '../overlay.ts';
import type { Memory } from '../painter.ts';
import { nextFrame } from '../recorded-film.ts';
import type { Point } from '../scene-box.ts';
import { sceneCamera } from '../scene-camera.ts';
import type { TurntableWish } from '../turntable.ts';
import type { GifWish } from '../turntable-gif.ts';
import { canvasSections, type FlatPainter } from './canvas-sections.ts';
import { heightInVolume } from './height-in-volume.ts';
import { levelBarSize } from './level-bar.ts';
import { levelStore } from './level-store.ts';
import { listenToFrames, planeDrag, planeUnder } from './plane-drag.ts';
import type { VolumeContent, VolumeLook } from './volume-content.ts';
import { volumeGlb } from './volume-glb.ts';
import { type PointedInVolume, volumeSigns } from './volume-marks.ts';
import { type ShownPlane, type VolumeModel, volumeModel } from './volume-model.ts';
import { type VolumePainter, type VolumeStyle, volumePainter } from './volume-painter.ts';
import { type PickedInVolume, pickedHere, pickedInVolume } from './volume-picking.ts';
import { type VolumePictureOptions, volumePicture, volumeTurntable, volumeTurntableGif } from './volume-picture.ts';

export interface VolumeSceneListener {
  onHover(picked: PickedInVolume | null): void;
  /** A point of a section or of an isosurface was clicked. */
  onGo(picked: PickedInVolume): void;
  /** The path was clicked at this checkpoint. */
  onStep(step: number): void;
  /** A plane was dragged by its frame: to this coordinate of its axis, or this offset of an oblique one. */
  onPlane(id: ShownPlane['id'], value: number): void;
  /** `gl`; `canvas` where there is no WebGL, or its context was lost. */
  onPainter(kind: 'gl' | 'canvas'): void;
}

/** For tests and for the inspector of the app itself. */
export interface VolumeInformation extends Memory {
  readonly painter: string;
  readonly software: boolean;
  readonly frames: number;
  readonly triangles: number;
  readonly labels: number;
  readonly pixelRatio: number;
  readonly gapMs: number;
  readonly drawMs: number;
  /** That the last model took, and its slowest surface. */
  readonly modelMs: number;
  readonly surfaceMs: number;
  /** Points of the grid between two that are drawn. */
  readonly stride: number;
  readonly coarser: number;
  readonly pose: CameraPose;
  readonly disposed: boolean;
}

export type VolumeElement = HTMLElement & { sceneInformation?: () => VolumeInformation };

export interface VolumeScene {
  /** False where it only draws flat sections. */
  readonly solid: boolean;
  readonly model: VolumeModel | null;
  readonly pose: CameraPose;
  show(content: VolumeContent): void;
  look(look: VolumeLook): void;
  style(style: VolumeStyle, barTitle: string): void;
  point(pointed: PointedInVolume): void;
  view(name: ViewName): void;
  /** For scenes whose cameras are linked: `onPose` is told of every pose, `setPose` tells nobody. */
  setPose(pose: CameraPose): void;
  onPose(listener: (pose: CameraPose) => void): () => void;
  picture(size: PictureSize, caption: readonly string[], options?: VolumePictureOptions): Promise<Uint8Array>;
  turntable(wish: TurntableWish): Promise<Uint8Array>;
  turntableGif(wish: GifWish): Promise<Uint8Array>;
  glb(notes: Readonly<Record<string, unknown>>): Promise<Uint8Array>;
  dispose(): void;
}

const mostPixelRatio = 2;
const clickPixels = 12;
/** A model that takes longer is made coarser while it changes. */
const budgetMs = 24;
/** After the last change: this long, and the model is made at its full resolution. */
const settleMs = 160;

export function volumeScene(element: VolumeElement, listener: VolumeSceneListener): VolumeScene {
  let style: VolumeStyle | null = null;
  let barTitle = '';
  let [content, look]: [VolumeContent | null, VolumeLook | null] = [null, null];
  let model: VolumeModel | null = null;
  let pointed: PointedInVolume = { cursor: null, probe: null };
  let size: PictureSize = { width: 0, height: 0 };
  let [frames, drawMs, modelMs, pixelRatio, shownLabels, coarser] = [0, 0, 0, 0, 0, 1];
  let [isStale, disposed, lastChange] = [false, false, 0];
  let settling: ReturnType<typeof setTimeout> | undefined;
  let toldPose: CameraPose | null = null;
  const poseListeners = new Set<(pose: CameraPose) => void>();
  const store = levelStore();
  const layer = overlay(element);
  let measure: ReturnType<typeof textMeasure> | null = null;
  const gl = volumePainter({ onLost: () => paintWith(canvasSections()), onRestored: () => restored() });
  let flat: FlatPainter | null = gl ? null : canvasSections();
  let painter: VolumePainter = gl ?? flat ?? canvasSections();
  let memory = painter.memory();
  const camera = sceneCamera(() => ({ box: model?.box ?? null, flat: false, size, way }));
  const loop = frameLoop(draw);
  put(painter);
  element.tabIndex = 0;
  listener.onPainter(gl ? 'gl' : 'canvas');

  /** From the first to the last checkpoint. */
  function way(): readonly [Point, Point] | null {
    const known = model?.points.filter((point) => point !== null) ?? [];
    const [first, last] = [known[0], known[known.length - 1]];
    return first && last && first !== last ? [first, last] : null;
  }
  /** Not seen before it has something to show. */
  function put({ canvas }: VolumePainter): void {
    canvas.style.visibility = 'hidden';
    element.prepend(canvas);
  }
  function paintWith(next: VolumePainter): void {
    if (next === painter || disposed) return;
    painter.canvas.remove();
    if (painter !== gl) painter.dispose();
    painter = next;
    flat = next.solid ? null : (next as FlatPainter);
    put(painter);
    pixelRatio = 0;
    if (style) painter.style(style);
    changed();
    listener.onPainter(painter === gl ? 'gl' : 'canvas');
  }
  function restored(): void {
    if (gl && !disposed) paintWith(gl);
  }
  /** Many changes before a frame make one model. While they follow each other, it may be a coarser one. */
  function changed(): void {
    const now = performance.now();
    const isDragged = now - lastChange < settleMs;
    lastChange = now;
    if (!isDragged) coarser = 1;
    else if (coarser === 1 && modelMs > budgetMs) coarser = 2;
    isStale = true;
    clearTimeout(settling);
    if (coarser > 1)
      settling = setTimeout(() => {
        coarser = 1;
        isStale = true;
        loop.invalidate();
      }, settleMs);
    loop.invalidate();
  }
  function rebuild(): void {
    isStale = false;
    const began = performance.now();
    const isFirst = model === null;
    const before = model?.box;
    model = content && look && volumeModel(content, look, store, coarser);
    // An equal box is the same one: nothing that depends on it is made again.
    if (model && before && JSON.stringify(before) === JSON.stringify(model.box)) model = { ...model, box: before };
    painter.show(model);
    if (coarser === 1) modelMs = performance.now() - began;
    if (isFirst || model?.box !== before) camera.refit(false);
  }

  function draw(now: number, scale: number, isMoving: boolean): void {
    if (isStale) rebuild();
    if (size.width === 0 || size.height === 0 || style === null) return;
    if (camera.fly(now)) loop.motion();
    const whole = painter.software ? 1 : Math.min(mostPixelRatio, devicePixelRatio);
    const ratio = painter.solid ? whole * scale : Math.max(1, devicePixelRatio);
    const began = performance.now();
    if (ratio !== pixelRatio) painter.resize(size, ratio);
    pixelRatio = ratio;
    painter.draw(camera.pose, isMoving);
    painter.canvas.style.visibility = '';
    frames++;
    drawOverlay();
    drawMs = performance.now() - began;
    memory = painter.memory();
    if (camera.pose !== toldPose) {
      toldPose = camera.pose;
      for (const tell of poseListeners) tell(camera.pose);
    }
  }
  function drawOverlay(): void {
    if (model === null || frames === 0 || !painter.solid) {
      layer.show([], []);
      return;
    }
    const shown = annotations(model, camera.pose, size);
    shownLabels = shown.labels.length;
    layer.show(shown.labels, shown.marks);
  }
  function annotations(shown: VolumeModel, from: CameraPose, within: PictureSize) {
    const signs = volumeSigns(shown, pointed, from, within);
    const width = (kind: LabelWish['kind'], text: string) => measure?.(kind, text) ?? 7 * text.length;
    const wishes = [...signs.labels, ...axisLabels(shown.box, shown.content.titles, from, within, width)];
    const textSize = ({ kind, text }: LabelWish) => [width(kind, text), labelHeight] as const;
    const bar = {
      centreX: within.width - levelBarSize.width / 2 - 8,
      centreY: levelBarSize.height / 2 + 8,
      width: levelBarSize.width + 8,
      height: levelBarSize.height,
      angle: 0,
    };
    return { ...signs, labels: placedLabels(wishes, within, textSize, [bar]) };
  }

  function pictured() {
    if (isStale) rebuild();
    if (model === null || style === null) throw new Error('There is nothing to draw yet.');
    const shown = model;
    const annotate = (from: CameraPose, within: PictureSize) => annotations(shown, from, within);
    return { model: shown, style, barTitle, pose: camera.pose, size, annotate };
  }
  function pick([x, y]: readonly [number, number]): PickedInVolume | null {
    if (model === null) return null;
    if (flat) {
      const at = flat.at(x, y);
      if (at === null) return null;
      return pickedHere(
        model.content,
        model.look.quantity,
        model.known.scale,
        at,
        heightInVolume(model.known, at),
        'section',
      );
    }
    return pickedInVolume(model, eyeOf(camera.pose), rayThrough(camera.pose, size, x, y));
  }
  const frameUnder = (x: number, y: number): ShownPlane | null =>
    model === null || flat ? null : planeUnder([...model.sections, ...model.clips], camera.pose, size, x, y);
  let held: ShownPlane['id'] | null = null;
  function hold(id: ShownPlane['id'] | null): void {
    if (id === held) return;
    held = id;
    painter.hold(id);
    element.classList.toggle('volume-stage-frame', id !== null);
    loop.invalidate();
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
  const stopDragging = listenToFrames(element, {
    take(x, y) {
      const plane = frameUnder(x, y);
      if (plane === null || model === null) return null;
      hold(plane.id);
      return planeDrag(plane, model.box, camera.pose, size, x, y);
    },
    hover: (x, y) => hold(frameUnder(x, y)?.id ?? null),
    move: listener.onPlane,
    release: () => hold(null),
  });
  const stopListening = listenToCamera(element, {
    orbit: turned(camera.orbit),
    pan: turned(camera.pan),
    zoom: turned(camera.zoom),
    view,
    hover(at) {
      hovered = at;
      if (at === null) hold(null);
      hoverFrame ||= requestAnimationFrame(() => {
        hoverFrame = 0;
        if (!disposed) listener.onHover(hovered && pick(hovered));
      });
    },
    click([x, y]) {
      const step = stepUnder(x, y);
      if (step !== null) {
        listener.onStep(step);
        return;
      }
      const picked = pick([x, y]);
      if (picked) listener.onGo(picked);
    },
  });
  /** Checkpoints are drawn over everything: one under the pointer is meant before what lies behind it. */
  function stepUnder(x: number, y: number): number | null {
    const path = model?.content.path;
    if (!model || !path || flat) return null;
    const project = projector(camera.pose, size);
    let best: { readonly step: number; readonly away: number } | null = null;
    model.points.forEach((point, i) => {
      if (point === null) return;
      const at = project(point);
      const away = Math.hypot(at.x - x, at.y - y);
      if (at.depth > 0 && away <= clickPixels && (best === null || away < best.away))
        best = { step: path.steps[i]!, away };
    });
    return (best as { readonly step: number } | null)?.step ?? null;
  }
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
    triangles: painter.triangles,
    labels: shownLabels,
    pixelRatio,
    gapMs: loop.gapMs,
    drawMs,
    modelMs,
    surfaceMs: store.slowestMs,
    stride: model?.known.stride ?? 0,
    coarser,
    pose: camera.pose,
    disposed,
  });
  return {
    get solid() {
      return painter.solid;
    },
    get model() {
      if (isStale) rebuild();
      return model;
    },
    get pose() {
      return camera.pose;
    },
    show(next) {
      content = next;
      changed();
    },
    look(next) {
      look = next;
      changed();
    },
    style(next, title) {
      style = next;
      barTitle = title;
      measure = textMeasure({ tick: next.tickFont, title: next.titleFont, mark: next.titleFont });
      painter.style(next);
      loop.invalidate();
    },
    point(next) {
      pointed = next;
      if (!loop.isDue) drawOverlay();
    },
    view,
    setPose(pose) {
      camera.place(pose);
      toldPose = camera.pose;
      loop.motion();
    },
    onPose(tell) {
      poseListeners.add(tell);
      return () => void poseListeners.delete(tell);
    },
    async picture(wanted, caption, options = {}) {
      const parts = pictured();
      try {
        return await volumePicture({ ...parts, painter, caption }, wanted, options);
      } finally {
        painter.style(parts.style);
        // The canvas is as large as the picture now.
        pixelRatio = 0;
        loop.drawNow();
      }
    },
    async turntable(wish) {
      await nextFrame();
      return volumeTurntable(pictured(), wish);
    },
    async turntableGif(wish) {
      await nextFrame();
      return volumeTurntableGif(pictured(), wish);
    },
    async glb(notes) {
      const { model: shown, style: chosen } = pictured();
      return volumeGlb(shown, chosen, notes);
    },
    dispose() {
      disposed = true;
      loop.stop();
      clearTimeout(settling);
      cancelAnimationFrame(hoverFrame);
      observer.disconnect();
      stopListening();
      stopDragging();
      layer.dispose();
      painter.canvas.remove();
      painter.dispose();
      if (gl && gl !== painter) gl.dispose();
      memory = (gl ?? painter).memory();
    },
  };
}
