import { PerspectiveCamera } from 'three';
import { type CameraPose, eyeOf, fieldOfView, type PictureSize } from '../camera-pose.ts';
import type { ContextListener } from '../gl-painter.ts';
import { openGraphics } from '../graphics.ts';
import type { Memory, SceneStyle } from '../painter.ts';
import type { ShownPlane, VolumeModel } from './volume-model.ts';
import { volumeParts } from './volume-parts.ts';

/** Colours of a scene, and that of checkpoints which the volume does not show at all. */
export interface VolumeStyle extends SceneStyle {
  readonly far: string;
}

/** What turns a volume's model into pixels of one canvas. */
export interface VolumePainter {
  readonly canvas: HTMLCanvasElement;
  readonly name: string;
  readonly software: boolean;
  /** False where it draws flat sections. */
  readonly solid: boolean;
  readonly triangles: number;
  style(style: VolumeStyle): void;
  show(model: VolumeModel | null): void;
  hold(id: ShownPlane['id'] | null): void;
  resize(size: PictureSize, pixelRatio: number): void;
  /** `isMoving`: the next picture comes at once, so that software may leave edges rough. */
  draw(pose: CameraPose, isMoving?: boolean): void;
  memory(): Memory;
  dispose(): void;
}

/** Draws with WebGL; null where the page gets none. */
export function volumePainter(listener: ContextListener): VolumePainter | null {
  const canvas = document.createElement('canvas');
  const graphics = openGraphics(canvas);
  if (graphics === null) return null;
  const { renderer, software, name, smooth } = graphics;
  const parts = volumeParts();
  const camera = new PerspectiveCamera(fieldOfView, 1, 0.1, 50);
  let pixels = 1;
  const lost = (event: Event) => {
    event.preventDefault();
    listener.onLost();
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', listener.onRestored);
  // While the page waits for data anyway.
  for (const isHurried of software ? [true, false] : [false]) {
    parts.hurry(isHurried);
    for (const kind of parts.kinds) renderer.compile(kind, camera, parts.scene);
  }
  return {
    canvas,
    name,
    software,
    solid: true,
    get triangles() {
      return parts.triangles;
    },
    style(style) {
      parts.style(style, style.far);
      // Nothing behind: for pictures that lie on something else.
      renderer.setClearAlpha(style.background === 'transparent' ? 0 : 1);
    },
    show: parts.show,
    hold: parts.hold,
    resize({ width, height }, pixelRatio) {
      pixels = pixelRatio;
      renderer.setPixelRatio(pixelRatio);
      renderer.setSize(width, height, false);
      camera.aspect = width / height;
    },
    draw(pose, isMoving = false) {
      parts.hurry(software && isMoving);
      parts.face(pose, pixels);
      camera.position.set(...eyeOf(pose));
      camera.rotation.set(-pose.elevation, pose.azimuth, 0, 'YXZ');
      camera.near = Math.max(0.02, pose.distance - 4);
      camera.far = pose.distance + 4;
      camera.updateProjectionMatrix();
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
      canvas.removeEventListener('webglcontextrestored', listener.onRestored);
      parts.dispose();
      smooth?.dispose();
      renderer.dispose();
      renderer.forceContextLoss();
    },
  };
}
