import { type Object3D, PerspectiveCamera, type WebGLRenderer } from 'three';
import { type CameraPose, eyeOf, fieldOfView, viewAngles } from './camera-pose.ts';
import { type GlParts, glParts } from './gl-parts.ts';
import { openGraphics } from './graphics.ts';
import type { Painter } from './painter.ts';
import { type SceneModel, sceneModel } from './scene-model.ts';

export interface ContextListener {
  onLost(): void;
  onRestored(): void;
}

/** Draws with WebGL; null where the page gets none. */
export function glPainter(listener: ContextListener): Painter | null {
  const canvas = document.createElement('canvas');
  const graphics = openGraphics(canvas);
  if (graphics === null) return null;
  const { renderer, software, name, smooth } = graphics;
  const parts = glParts();
  const camera = new PerspectiveCamera(fieldOfView, 1, 0.1, 50);
  let model: SceneModel | null = null;
  let preparation = preparing(renderer, parts, camera);
  let isPrepared = false;
  const lost = (event: Event) => {
    event.preventDefault();
    listener.onLost();
  };
  const restored = () => {
    preparation = preparing(renderer, parts, camera);
    isPrepared = false;
    listener.onRestored();
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', restored);
  return {
    canvas,
    name,
    software,
    style: parts.style,
    show(next) {
      model = next;
      if (isPrepared) parts.show(next);
    },
    resize({ width, height }, pixelRatio) {
      renderer.setPixelRatio(pixelRatio);
      renderer.setSize(width, height, false);
      camera.aspect = width / height;
    },
    prepare() {
      if (isPrepared) return true;
      isPrepared = preparation.next().done === true;
      if (isPrepared) parts.show(model);
      return isPrepared;
    },
    draw(pose, isMoving = false) {
      parts.hurry(software && isMoving);
      parts.face(pose);
      placeCamera(camera, pose);
      if (isMoving) renderer.render(parts.scene, camera);
      else (smooth ?? renderer).render(parts.scene, camera);
    },
    memory: () => ({
      ...renderer.info.memory,
      programs: renderer.info.programs?.length ?? 0,
      calls: renderer.info.render.calls,
    }),
    dispose() {
      canvas.removeEventListener('webglcontextlost', lost);
      canvas.removeEventListener('webglcontextrestored', restored);
      parts.dispose();
      smooth?.dispose();
      release(renderer);
    },
  };
}

/** A page may hold sixteen contexts: this one is given back now, not when it is collected. */
function release(renderer: WebGLRenderer): void {
  renderer.dispose();
  renderer.forceContextLoss();
}

const mostWaits = 240;

/**
 * Compiles one program after the other beside the page, then draws a small landscape that nobody sees, one kind of
 * object at a time: what a driver puts off until the first picture is done by then.
 */
function* preparing(renderer: WebGLRenderer, parts: GlParts, camera: PerspectiveCamera): Generator<void, void> {
  const { scene, kinds } = parts;
  for (const kind of kinds) {
    renderer.compile(kind, camera, scene);
    yield;
  }
  const programs = (renderer.info.programs ?? []) as unknown as readonly { isReady(): boolean }[];
  for (let waits = 0; waits < mostWaits && !programs.every((program) => program.isReady()); waits++) yield;
  renderer.setPixelRatio(1);
  renderer.setSize(16, 16, false);
  camera.aspect = 1;
  const pose: CameraPose = { ...viewAngles.home, distance: 6, target: [0, 0, 0] };
  for (const kind of kinds) {
    parts.show(sceneModel(example, null));
    parts.face(pose);
    placeCamera(camera, pose);
    renderOnly(renderer, parts, camera, kind);
    yield;
  }
}

function renderOnly(renderer: WebGLRenderer, { scene }: GlParts, camera: PerspectiveCamera, kind: Object3D): void {
  const others = scene.children.filter((object) => object !== kind && object.visible && !('isLight' in object));
  for (const object of others) object.visible = false;
  renderer.render(scene, camera);
  for (const object of others) object.visible = true;
}

const example = {
  grid: { alpha: [0, 1], beta: [0, 1], loss: [1, 2, 3, 4], computed: [1, 1, 1, 1] },
  norms: [1, 1],
  titles: ['', ''],
  path: { steps: [0, 1], alpha: [0, 1], beta: [0, 1], distance: [0, 0], length: [0, 1], trueLoss: [1, 4] },
  height: 'linear',
  flat: false,
} as const;

function placeCamera(camera: PerspectiveCamera, pose: CameraPose): void {
  camera.position.set(...eyeOf(pose));
  camera.rotation.set(-pose.elevation, pose.azimuth, 0, 'YXZ');
  camera.near = Math.max(0.02, pose.distance - 4);
  camera.far = pose.distance + 4;
  camera.updateProjectionMatrix();
}
