import { colourTables } from '../../core/figures/colour-tables.ts';
import { boxLines } from './box-lines.ts';
import { type CameraPose, type PictureSize, projector } from './camera-pose.ts';
import { contourInk, type Painter, type SceneStyle } from './painter.ts';
import type { SceneModel } from './scene-model.ts';

type Project = ReturnType<typeof projector>;

/** Draws flat models on a plain canvas, for machines without WebGL: it does not know what hides what. */
export function canvasPainter(): Painter {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  let [style, model]: [SceneStyle | null, SceneModel | null] = [null, null];
  let [size, ratio]: [PictureSize, number] = [{ width: 1, height: 1 }, 1];
  return {
    canvas,
    name: 'a plain canvas',
    software: true,
    style(next) {
      style = next;
    },
    show(next) {
      model = next;
    },
    resize(next, pixelRatio) {
      [size, ratio] = [next, pixelRatio];
      canvas.width = Math.round(next.width * pixelRatio);
      canvas.height = Math.round(next.height * pixelRatio);
    },
    prepare: () => true,
    draw(pose) {
      if (context === null || style === null) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = style.background;
      context.fillRect(0, 0, size.width, size.height);
      if (model) paint(context, model, style, pose, projector(pose, size));
    },
    memory: () => ({ geometries: 0, textures: 0 }),
    dispose() {
      canvas.width = 0;
    },
  };
}

function paint(
  context: CanvasRenderingContext2D,
  model: SceneModel,
  style: SceneStyle,
  pose: CameraPose,
  project: Project,
): void {
  const { edges } = boxLines(model.box, pose);
  const line = (points: readonly number[], colour: string, width: number, opacity = 1) =>
    strokeSegments(context, points, colour, width, opacity, project);
  line(edges, style.axis, 1);
  paintSurface(context, model, style, project);
  line(model.contours[0], contourInk.dark.colour, 1, contourInk.dark.opacity);
  line(model.contours[1], contourInk.light.colour, 1, contourInk.light.opacity);
  line(model.path, style.pathCase, style.pathWidth + 3);
  line(model.path, style.path, style.pathWidth);
}

function strokeSegments(
  context: CanvasRenderingContext2D,
  points: readonly number[],
  colour: string,
  width: number,
  opacity: number,
  project: Project,
): void {
  context.beginPath();
  for (let i = 0; i < points.length; i += 6) {
    const from = project([points[i]!, points[i + 1]!, points[i + 2]!]);
    const to = project([points[i + 3]!, points[i + 4]!, points[i + 5]!]);
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
  }
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = 'round';
  context.globalAlpha = opacity;
  context.stroke();
  context.globalAlpha = 1;
}

/** Triangles in the colour of their middle. */
function paintSurface(
  context: CanvasRenderingContext2D,
  { surface: { positions, index, indexLength, colourCoordinates } }: SceneModel,
  style: SceneStyle,
  project: Project,
): void {
  const table = colourTables[style.colourMap];
  // Hides the seam that smoothing leaves between neighbours.
  context.lineWidth = 1;
  for (let first = 0; first < indexLength; first += 3) {
    const corners = [index[first]!, index[first + 1]!, index[first + 2]!] as const;
    const share = corners.reduce((sum, corner) => sum + colourCoordinates[2 * corner]! / 3, 0);
    const colour = 3 * Math.min(255, Math.max(0, Math.floor(256 * share)));
    context.fillStyle = `rgb(${table[colour]}, ${table[colour + 1]}, ${table[colour + 2]})`;
    context.strokeStyle = context.fillStyle;
    context.beginPath();
    for (const corner of corners) {
      const { x, y } = project([positions[3 * corner]!, positions[3 * corner + 1]!, positions[3 * corner + 2]!]);
      context.lineTo(x, y);
    }
    context.closePath();
    context.fill();
    context.stroke();
  }
}
