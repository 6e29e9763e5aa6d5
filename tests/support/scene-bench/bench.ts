/** A page with nothing but scenes, for tests that drive them in a real window. */
import '../../../renderer/styles/fonts.css';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/panels/landscape-panel.css';
import '../../../renderer/panels/volume-view.css';
import type { ColourMap } from '../../../core/figures/colour-tables.ts';
import { sceneStyle } from '../../../renderer/panels/landscape/scene-style.ts';
import { poseFrom } from '../../../renderer/scene/camera-pose.ts';
import { drawColourBar } from '../../../renderer/scene/colour-bar.ts';
import { landscapeScene, type SceneElement } from '../../../renderer/scene/landscape-scene.ts';
import type { ShownPath } from '../../../renderer/scene/path-points.ts';
import { legendSentences } from '../../../renderer/scene/scene-legend.ts';
import { type SceneContent, sceneModel } from '../../../renderer/scene/scene-model.ts';
import { barStyle } from '../../../renderer/scene/scene-picture.ts';
import type { VolumeContent } from '../../../renderer/scene/volume/volume-content.ts';
import { type VolumeElement, volumeScene } from '../../../renderer/scene/volume/volume-scene.ts';
import * as landscapes from './landscapes.ts';
import * as pictures from './pictures.ts';

/** As on a machine without WebGL, where the address asks for it. */
if (location.search === '?canvas') {
  const original = HTMLCanvasElement.prototype.getContext as (...given: unknown[]) => unknown;
  Object.assign(HTMLCanvasElement.prototype, {
    getContext(this: HTMLCanvasElement, kind: string, ...given: unknown[]) {
      return kind === 'webgl2' ? null : original.call(this, kind, ...given);
    },
  });
}

/** Bytes handed to the graphics system's buffers since the last reset. */
const sent = { bytes: 0, calls: 0 };
for (const name of ['bufferData', 'bufferSubData'] as const) {
  const original = WebGL2RenderingContext.prototype[name] as (...given: unknown[]) => void;
  Object.assign(WebGL2RenderingContext.prototype, {
    [name](this: WebGL2RenderingContext, ...given: unknown[]) {
      const [, second, third, , count] = given;
      const array = (name === 'bufferData' ? second : third) as ArrayBufferView & { BYTES_PER_ELEMENT: number };
      const whole = typeof second === 'number' && name === 'bufferData' ? second : array.byteLength;
      sent.bytes += typeof count === 'number' && count > 0 ? count * array.BYTES_PER_ELEMENT : whole;
      sent.calls++;
      return original.apply(this, given);
    },
  });
}

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
/** In the font that comes with the program: the same on every machine. */
const fonts = { tickFont: '12px "Saddlescope Sans"', titleFont: '12px "Saddlescope Sans"' } as const;
const style = (map: ColourMap = 'viridis') => ({
  ...sceneStyle(colour as Parameters<typeof sceneStyle>[0], map),
  ...fonts,
});
const volumeStyle = (map: ColourMap = 'viridis') => ({ ...style(map), far: colour('threshold') });
const wear = async (theme: 'dark' | 'light') => {
  document.documentElement.dataset.theme = theme;
  await document.fonts.load(fonts.tickFont, 'α 0');
};

/** A function of (α, β) on [−1, 1]². */
export function grid(
  value: (alpha: number, beta: number) => number,
  columns: number,
  rows = columns,
  isComputed: (row: number, column: number) => boolean = () => true,
) {
  const even = (count: number) => Float64Array.from({ length: count }, (_, i) => -1 + (2 * i) / (count - 1));
  const [alpha, beta] = [even(columns), even(rows)];
  const [loss, computed] = [new Float64Array(rows * columns), new Uint8Array(rows * columns)];
  for (let point = 0; point < loss.length; point++) {
    const [row, column] = [Math.floor(point / columns), point % columns];
    computed[point] = Number(isComputed(row, column));
    loss[point] = computed[point] === 1 ? value(alpha[column]!, beta[row]!) : Number.NaN;
  }
  return { alpha, beta, loss, computed };
}

/** Two basins with a saddle between them. */
export const hills = (a: number, b: number): number =>
  0.02 + (1.6 * a * a - 0.6) ** 2 + 0.9 * b * b + 0.35 * a + 0.12 * Math.sin(5 * a) * Math.cos(4 * b) + 0.4;

const steps = Array.from({ length: 25 }, (_, i) => 40 * i);
const alpha = steps.map((step) => 0.85 - 1.48 * (1 - Math.exp(-step / 260)));
const beta = steps.map((step) => 0.8 * Math.exp(-step / 200) * Math.cos(step / 160));
const path: ShownPath = {
  steps,
  alpha,
  beta,
  distance: steps.map(() => 0.1),
  length: steps.map(() => 1),
  trueLoss: steps.map((step, i) => hills(alpha[i]!, beta[i]!) * (1 + 0.5 * Math.exp(-step / 300))),
};

const content = (given: Partial<SceneContent> = {}): SceneContent => ({
  grid: grid(hills, 61),
  norms: [2.31, 1.74],
  titles: ['α along PC 1 (81 %)', 'β along PC 2 (9.7 %)'],
  path,
  height: 'log',
  flat: false,
  ...given,
});

function opened(width = 1000, height = 700) {
  const element = document.createElement('div') as unknown as SceneElement;
  element.className = 'landscape-stage';
  Object.assign(element.style, { position: 'relative', width: `${width}px`, height: `${height}px` });
  document.body.append(element);
  const heard = { poses: 0, picked: [] as unknown[], painters: [] as string[] };
  const scene = landscapeScene(element, {
    onHover() {},
    onStep() {},
    onPick: (picked) => heard.picked.push(picked),
    onPose: () => heard.poses++,
    onPainter: (kind) => heard.painters.push(kind),
  });
  scene.style(style());
  const bar = document.createElement('canvas');
  [bar.width, bar.height] = [84, 178];
  Object.assign(bar.style, { position: 'absolute', inset: '14px 0 auto auto', width: '84px', height: '178px' });
  element.append(bar);
  const legend = document.createElement('p');
  Object.assign(legend.style, {
    position: 'absolute',
    left: '8px',
    top: '0',
    color: 'var(--fg-2)',
    font: '12px sans-serif',
  });
  element.append(legend);
  const annotate = () => {
    const context = bar.getContext('2d');
    if (!context || !scene.model) return;
    context.clearRect(0, 0, 84, 178);
    drawColourBar(context, scene.model.colours, barStyle(style()));
    legend.textContent = legendSentences(scene.model)
      .map(({ text }) => text)
      .join(' · ');
  };
  return { scene, element, heard, annotate };
}

/** A scene of a volume. */
function openedVolume(width = 1000, height = 700) {
  const element = document.createElement('div') as unknown as VolumeElement;
  element.className = 'volume-stage';
  Object.assign(element.style, { position: 'relative', width: `${width}px`, height: `${height}px` });
  document.body.append(element);
  const heard = { painters: [] as string[], planes: [] as unknown[] };
  const scene = volumeScene(element, {
    onHover() {},
    onGo() {},
    onStep() {},
    onPlane: (id, value) => heard.planes.push([id, value]),
    onPainter: (kind) => heard.painters.push(kind),
  });
  scene.style(volumeStyle(), 'Loss L');
  return { scene, element, heard };
}

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
async function drawn(element: SceneElement | VolumeElement): Promise<void> {
  const before = element.sceneInformation!().frames;
  for (let i = 0; i < 600 && element.sceneInformation!().frames === before; i++) await frame();
  await new Promise((resolve) => setTimeout(resolve, 250));
}

/** Changes of levels, sections and clips, a frame each; back at the first look, what the scene then holds. */
async function changeVolume({ scene, element }: ReturnType<typeof openedVolume>, count: number) {
  const look = landscapes.volumeLook;
  for (let i = 0; i < count; i++) {
    const on = (k: number) => ((i >> k) & 1) === 1;
    const at = -0.8 + ((7 * i) % 17) / 10;
    scene.look({
      ...look,
      levels: look.levels.slice(0, i % 4).map((level) => ({
        ...level,
        level: level.level + ((3 * i) % 11) / 40,
        opacity: on(1) ? 1 : level.opacity,
      })),
      sections: [0, 1, 2].map((k) => ({ isOn: on(k), at })) as unknown as typeof look.sections,
      clips: [0, 1, 2].map((k) => ({
        isOn: on(2 - k),
        at: -at / 2,
        keeps: on(k) ? 'below' : 'above',
      })) as unknown as typeof look.clips,
      oblique: { isOn: i % 5 === 0, azimuth: 0.1 * i, elevation: 0.3, offset: 0.1 },
      caps: on(0) ? 'filled' : 'open',
      scale: i % 7 === 0 ? 'log' : 'linear',
    });
    if (i % 10 === 0) element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
    await frame();
  }
  scene.look(look);
  await drawn(element);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const { geometries, textures, programs } = element.sceneInformation!();
  return { geometries, textures, programs, elements: element.querySelectorAll('*').length };
}

type Landscape = 'surface' | 'trajectory' | 'map' | 'volume';
/** What is wrong with a picture that a comparison must notice. */
export type Fault = 'swapped axes' | 'no contours' | 'wrong colours';

/** A landscape in closed form as a PNG of 560 × 360 pixels, as base64. */
async function pictureOf(name: Landscape, theme: 'dark' | 'light', fault: Fault | null = null): Promise<string> {
  await wear(theme);
  const map: ColourMap = fault === 'wrong colours' ? 'cividis' : 'viridis';
  const size = { width: 560, height: 360 };
  const wanted = [size, [], { scale: 1 }] as const;
  const isBare = fault === 'no contours';
  const given = fault === 'swapped axes' ? landscapes.swapped(name) : landscapes.shown[name];
  const shown = name === 'volume' ? openedVolume(size.width, size.height) : opened(size.width, size.height);
  if ('annotate' in shown) {
    shown.scene.style(style(map));
    shown.scene.show(given as SceneContent);
  } else {
    shown.scene.style(volumeStyle(map), 'Loss L');
    shown.scene.look({ ...landscapes.volumeLook, contours: !isBare });
    shown.scene.show(given as VolumeContent);
  }
  shown.scene.point({ cursor: 420, probe: null });
  await drawn(shown.element);
  const restore = isBare ? withoutFaintLines() : () => {};
  const bytes = await shown.scene.picture(...wanted);
  restore();
  shown.scene.dispose();
  shown.element.remove();
  return pictures.textOf(bytes);
}

/** Level lines are the only thin lines of more than a thousand points, and the only faint strokes on a plain canvas. */
function withoutFaintLines(): () => void {
  const [lines, strokes] = [WebGL2RenderingContext.prototype, CanvasRenderingContext2D.prototype];
  const { drawArrays } = lines;
  const { stroke } = strokes;
  lines.drawArrays = function (mode, first, count) {
    if (mode !== WebGL2RenderingContext.LINES || count < 1000) drawArrays.call(this, mode, first, count);
  };
  strokes.stroke = function (this: CanvasRenderingContext2D, ...path: unknown[]) {
    if (this.globalAlpha > 0.5 || this.globalAlpha < 0.35) (stroke as (...given: unknown[]) => void).apply(this, path);
  };
  return () => {
    lines.drawArrays = drawArrays;
    strokes.stroke = stroke;
  };
}

const bench = {
  sent,
  grid,
  hills,
  content,
  opened,
  openedVolume,
  changeVolume,
  frame,
  drawn,
  style,
  volumeStyle,
  wear,
  poseFrom,
  sceneModel,
  landscapes,
  pictures,
  pictureOf,
};
export type Bench = typeof bench;
Object.assign(window, { bench });
