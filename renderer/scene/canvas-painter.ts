import { boxLines } from './box-lines.ts';
import { type CameraPose, type PictureSize, projector } from './camera-pose.ts';
import { drawnSegments } from './contour-lines.ts';
import type { Tile } from './holes.ts';
import { contourInk, darkInk, type Painter, type SceneStyle } from './painter.ts';
import { onFloor, type SceneModel } from './scene-model.ts';
import { surfaceKinds } from './surface-arrays.ts';
import { clippedStripes, paleColour, surfaceTable, tableText, unknownColour } from './surface-colours.ts';

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
      context.clearRect(0, 0, size.width, size.height);
      context.fillStyle = style.background;
      context.fillRect(0, 0, size.width, size.height);
      if (model) paint(context, model, style, pose, projector(pose, size));
    },
    memory: () => ({ geometries: 0, textures: 0, programs: 0, calls: 0 }),
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
  for (const tile of model.holes.tiles) paintTile(context, tile, style, project);
  paintSurface(context, model, style, project);
  const contours = model.contours.map((lines) => onFloor(drawnSegments(lines)));
  line(contours[0]!, darkInk(model).colour, 1, darkInk(model).opacity);
  line(contours[1]!, contourInk.light.colour, 1, contourInk.light.opacity);
  if (model.content.outlines) line(outlinesOf(model), contourInk.light.colour, 1, 0.3);
  line(model.holes.outline, style.quietText, 1.5);
  line(model.edge, style.text, 2.25);
  for (const { segments, colour } of model.others) {
    line(segments, style.pathCase, style.pathWidth + 1.5);
    line(segments, colour, style.pathWidth - 0.5);
  }
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

/** Triangles in the colour of their middle; grey where a corner has none, in stripes above the clip. */
function paintSurface(
  context: CanvasRenderingContext2D,
  { surface: { positions, index, indexLength, colourCoordinates }, colours }: SceneModel,
  style: SceneStyle,
  project: Project,
): void {
  const table = surfaceTable(style.colourMap, colours);
  const striped = stripes(context, rgb(clippedStripes[0]), rgb(clippedStripes[1]), 1);
  // Hides the seam that smoothing leaves between neighbours.
  context.lineWidth = 1;
  for (let first = 0; first < indexLength; first += 3) {
    const corners = [index[first]!, index[first + 1]!, index[first + 2]!] as const;
    if (corners[0] === corners[1]) continue;
    const mean = (k: 0 | 1) => corners.reduce((sum, corner) => sum + colourCoordinates[2 * corner + k]! / 3, 0);
    const kind = mean(1);
    const entry = Math.min(255, Math.max(0, Math.floor(256 * mean(0))));
    if (kind > 1) context.fillStyle = rgb(unknownColour);
    else if (kind > surfaceKinds.infinite) context.fillStyle = rgb(paleColour(table, entry));
    else
      context.fillStyle = kind > (surfaceKinds.coloured + surfaceKinds.clipped) / 2 ? striped : tableText(table, entry);
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

/** NaN and infinities have stripes of opposite directions; what was not computed is plain. */
function paintTile(context: CanvasRenderingContext2D, { kind, x, z }: Tile, style: SceneStyle, project: Project): void {
  const [from, to] = [project([x[0], 0, z[0]]), project([x[1], 0, z[1]])];
  context.globalAlpha = kind === 'missing' ? 0.12 : 0.5;
  context.fillStyle =
    kind === 'missing' ? style.quietText : stripes(context, 'transparent', style.quietText, kind === 'nan' ? 1 : -1);
  context.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  context.globalAlpha = 1;
}

function stripes(
  context: CanvasRenderingContext2D,
  light: string,
  dark: string,
  slope: 1 | -1,
): CanvasPattern | string {
  const tile = document.createElement('canvas');
  [tile.width, tile.height] = [8, 8];
  const ink = tile.getContext('2d');
  if (ink === null) return dark;
  ink.fillStyle = light;
  ink.fillRect(0, 0, 8, 8);
  ink.fillStyle = dark;
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++) if ((((x + slope * y) % 8) + 8) % 8 < 3) ink.fillRect(x, y, 1, 1);
  return context.createPattern(tile, 'repeat') ?? dark;
}

const rgb = ([red, green, blue]: readonly [number, number, number]): string => `rgb(${red}, ${green}, ${blue})`;

/** Sides of triangles or of squares as pairs of points. */
function outlinesOf({ surface, squares, content: { outlines } }: SceneModel): number[] {
  const { positions, index, indexLength, columns } = surface;
  const at = (point: number) => [positions[3 * point]!, positions[3 * point + 1]!, positions[3 * point + 2]!];
  const around = (points: readonly number[]) =>
    points.flatMap((point, i) => [...at(point), ...at(points[(i + 1) % points.length]!)]);
  if (outlines === 'cells')
    return squares.flatMap(({ row, column, stride }) => {
      const [a, d] = [row * columns + column, (row + stride) * columns + column];
      return around([a, a + stride, d + stride, d]);
    });
  return Array.from({ length: indexLength / 3 }, (_, i) => [...index.subarray(3 * i, 3 * i + 3)])
    .filter(([a, b]) => a !== b)
    .flatMap(around);
}
