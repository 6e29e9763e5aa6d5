import { Color, DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, type WebGLRenderer } from 'three';
import { boxLines } from './box-lines.ts';
import { basisOf, type CameraPose, eyeOf, fieldOfView } from './camera-pose.ts';
import { openGraphics } from './graphics.ts';
import { thickLines, thinLines } from './lines.ts';
import { contourInk, keyLight, type Painter, pathLift, type SceneStyle } from './painter.ts';
import type { SceneModel } from './scene-model.ts';
import { surfaceMesh } from './surface-mesh.ts';

export interface ContextListener {
  onLost(): void;
  onRestored(): void;
}

/** Draws with WebGL; null where the page gets none. */
export function glPainter(listener: ContextListener): Painter | null {
  const canvas = document.createElement('canvas');
  const graphics = openGraphics(canvas);
  if (graphics === null) return null;
  const { renderer, software, name } = graphics;
  const parts = sceneParts();
  const camera = new PerspectiveCamera(fieldOfView, 1, 0.1, 50);
  let model: SceneModel | null = null;
  let facing = '';
  let waited = -1;
  // Shaders are compiled beside the page, which would stand still if it drew with them at once.
  const isCompiled = (): boolean => {
    if (waited < 0) renderer.compile(parts.scene, camera);
    waited++;
    const programs = (renderer.info.programs ?? []) as unknown as readonly { isReady(): boolean }[];
    return waited > mostFramesWaited || programs.every((program) => program.isReady());
  };
  const lost = (event: Event) => {
    event.preventDefault();
    listener.onLost();
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', listener.onRestored);
  return {
    canvas,
    name,
    software,
    style: parts.style,
    show(next) {
      model = next;
      facing = '';
      parts.show(next);
    },
    resize({ width, height }, pixelRatio) {
      renderer.setPixelRatio(pixelRatio);
      renderer.setSize(width, height, false);
      camera.aspect = width / height;
    },
    draw(pose) {
      const quarter = quarterOf(pose);
      if (model && quarter !== facing) {
        facing = quarter;
        parts.frame(boxLines(model.box, pose));
      }
      placeCamera(camera, pose);
      parts.light(pose);
      parts.liftPath(pose);
      if (model && !isCompiled()) return false;
      renderer.render(parts.scene, camera);
      return true;
    },
    memory: () => ({ ...renderer.info.memory }),
    dispose() {
      canvas.removeEventListener('webglcontextlost', lost);
      canvas.removeEventListener('webglcontextrestored', listener.onRestored);
      parts.dispose();
      release(renderer);
    },
  };
}

const mostFramesWaited = 120;

/** A page may hold sixteen contexts: this one is given back now, not when it is collected. */
function release(renderer: WebGLRenderer): void {
  renderer.dispose();
  renderer.forceContextLoss();
}

/** The box lines change only with the sides that face the viewer. */
const quarterOf = ({ azimuth }: CameraPose): string => {
  const [s, c] = [Math.sin(azimuth), Math.cos(azimuth)];
  return `${c >= -1e-9}${s > 1e-9}${Math.abs(s) > Math.abs(c)}`;
};

function placeCamera(camera: PerspectiveCamera, pose: CameraPose): void {
  camera.position.set(...eyeOf(pose));
  camera.rotation.set(-pose.elevation, pose.azimuth, 0, 'YXZ');
  camera.near = Math.max(0.02, pose.distance - 4);
  camera.far = pose.distance + 4;
  camera.updateProjectionMatrix();
}

/** Drawn in this order: what is behind the path is there when the path is drawn. */
function sceneParts() {
  const scene = new Scene();
  const background = new Color();
  scene.background = background;
  const surface = surfaceMesh();
  const [walls, floor, shadow, edges] = [thinLines(0.55), thinLines(0.9), thickLines(1.5), thinLines(1)];
  const contours = [thinLines(contourInk.dark.opacity), thinLines(contourInk.light.opacity)] as const;
  const stalks = thinLines(0.7);
  // A path below or behind the surface shows through it as a thinner line.
  const [hiddenCase, hidden] = [thickLines(3.5), thickLines(1.75)];
  const [casing, path] = [thickLines(6.5), thickLines(3.5)];
  for (const { material } of [hiddenCase, hidden]) material.depthTest = false;
  hiddenCase.material.depthWrite = false;
  hidden.material.depthWrite = false;
  casing.material.depthWrite = false;
  const all = [walls, floor, shadow, edges, surface, ...contours, stalks, hiddenCase, hidden, casing, path];
  all.forEach(({ object }, order) => {
    object.renderOrder = order;
    scene.add(object);
  });
  const [fill, key] = [new HemisphereLight('#ffffff', '#39415a', 1.35), new DirectionalLight('#ffffff', 2.5)];
  scene.add(fill, key);
  return {
    scene,
    style(style: SceneStyle) {
      background.set(style.background);
      surface.colours(style.colourMap);
      walls.material.color.set(style.wall);
      floor.material.color.set(style.floor);
      edges.material.color.set(style.axis);
      shadow.material.color.set(style.quietText);
      stalks.material.color.set(style.stalk);
      contours[0].material.color.set(contourInk.dark.colour);
      contours[1].material.color.set(contourInk.light.colour);
      hidden.material.color.set(style.path);
      path.material.color.set(style.path);
      hiddenCase.material.color.set(style.pathCase);
      casing.material.color.set(style.pathCase);
      path.material.linewidth = style.pathWidth;
      casing.material.linewidth = style.pathWidth + 3;
    },
    show(model: SceneModel | null) {
      scene.visible = model !== null;
      if (model === null) return;
      surface.show(model.surface, model.content.flat);
      contours[0].show(model.contours[0]);
      contours[1].show(model.contours[1]);
      floor.show(model.floor);
      shadow.show(model.shadow);
      stalks.show(model.stalks);
      for (const line of [hiddenCase, hidden, casing, path]) line.show(model.path);
    },
    frame(lines: ReturnType<typeof boxLines>) {
      edges.show(lines.edges);
      walls.show(lines.walls);
    },
    /** The path, shrunk towards the eye: at the same pixels, but in front of a surface that it lies on or just under. */
    liftPath(pose: CameraPose) {
      const share = pathLift / pose.distance;
      for (const { object } of [casing, path]) {
        object.scale.setScalar(1 - share);
        object.position.set(...eyeOf(pose)).multiplyScalar(share);
      }
    },
    light(pose: CameraPose) {
      const { back } = basisOf({ azimuth: pose.azimuth + keyLight.azimuth, elevation: keyLight.elevation });
      key.position.set(...back);
    },
    dispose() {
      for (const part of all) part.dispose();
      fill.dispose();
      key.dispose();
    },
  };
}
