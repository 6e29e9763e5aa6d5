import { axisSection } from '../../../core/fields/section.ts';
import { colourIndex, colourTables } from '../../../core/figures/colour-tables.ts';
import { contourLines } from '../../../core/figures/contours.ts';
import { linearTicks } from '../axis-labels.ts';
import type { PictureSize } from '../camera-pose.ts';
import { contourStep } from '../contour-step.ts';
import { contourInk } from '../painter.ts';
import { boxEnds } from './volume-box.ts';
import type { AxisIndex } from './volume-content.ts';
import type { VolumeModel } from './volume-model.ts';
import type { VolumePainter, VolumeStyle } from './volume-painter.ts';

/** One of the three maps: a section at right angles to `axis`, with `across` to the right and `up` upwards. */
interface MapPlace {
  readonly axis: AxisIndex;
  readonly across: AxisIndex;
  readonly up: AxisIndex;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const symbols = ['α', 'β', 'γ'] as const;
const pairs = [
  [2, 0, 1],
  [1, 0, 2],
  [0, 1, 2],
] as const satisfies readonly (readonly [AxisIndex, AxisIndex, AxisIndex])[];

/** Where a point of the page lies on one of the maps: its coordinates in the volume. */
export type FlatPlace = readonly [alpha: number, beta: number, gamma: number];

export interface FlatPainter extends VolumePainter {
  at(x: number, y: number): FlatPlace | null;
}

/** Without WebGL: three sections at right angles to the axes, through the places of the section planes. */
export function canvasSections(): FlatPainter {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  let [style, model]: [VolumeStyle | null, VolumeModel | null] = [null, null];
  let [size, ratio]: [PictureSize, number] = [{ width: 1, height: 1 }, 1];
  return {
    canvas,
    name: 'a plain canvas',
    software: true,
    solid: false,
    triangles: 0,
    style(next) {
      style = next;
    },
    show(next) {
      model = next;
    },
    hold() {},
    resize(next, pixelRatio) {
      [size, ratio] = [next, pixelRatio];
      canvas.width = Math.round(next.width * pixelRatio);
      canvas.height = Math.round(next.height * pixelRatio);
    },
    draw() {
      if (context === null || style === null) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.fillStyle = style.background;
      context.fillRect(0, 0, size.width, size.height);
      if (model === null) return;
      for (const place of mapPlaces(size)) drawMap(context, model, style, place);
    },
    at(x, y) {
      const shown = model;
      if (shown === null) return null;
      for (const place of mapPlaces(size)) {
        const [s, t] = [(x - place.x) / place.width, 1 - (y - place.y) / place.height];
        if (s < 0 || s > 1 || t < 0 || t > 1) continue;
        const at = [0, 0, 0] as [number, number, number];
        at[place.axis] = shown.look.sections[place.axis].at;
        at[place.across] = mixed(boxEnds(shown.box, place.across), s);
        at[place.up] = mixed(boxEnds(shown.box, place.up), t);
        return at;
      }
      return null;
    },
    memory: () => ({ geometries: 0, textures: 0, programs: 0, calls: 0 }),
    dispose() {
      canvas.width = 0;
    },
  };
}

const mixed = ([low, high]: readonly [number, number], share: number): number => low + share * (high - low);

/** Side by side where the picture is wide, below each other where it is tall. */
export function mapPlaces({ width, height }: PictureSize): MapPlace[] {
  const isWide = width >= height;
  const [left, top, right, bottom, apart] = [52, 84, 108, 44, 58];
  const count = pairs.length;
  const free = isWide
    ? { width: (width - left - right - (count - 1) * apart) / count, height: height - top - bottom }
    : { width: width - left - right, height: (height - top - bottom - (count - 1) * apart) / count };
  const side = Math.max(40, Math.min(free.width, free.height));
  return pairs.map(([axis, across, up], i) => ({
    axis,
    across,
    up,
    x: isWide ? left + i * (side + apart) : left,
    y: isWide ? top + Math.max(0, (free.height - side) / 2) : top + i * (side + apart),
    width: side,
    height: side,
  }));
}

function drawMap(
  context: CanvasRenderingContext2D,
  { known, look, box, step, content }: VolumeModel,
  style: VolumeStyle,
  place: MapPlace,
): void {
  const { axis, across, up, x, y, width, height } = place;
  const at = look.sections[axis].at;
  const { axes, field } = axisSection(known.axes, { values: known.heights, computed: known.computed }, axis, at);
  const ends = [boxEnds(box, across), boxEnds(box, up)] as const;
  const xOf = (value: number) => x + ((value - ends[0][0]) / (ends[0][1] - ends[0][0])) * width;
  const yOf = (value: number) => y + height - ((value - ends[1][0]) / (ends[1][1] - ends[1][0])) * height;
  fillCells(context, axes[0]!, axes[1]!, field.values, field.computed, known.scale, style, xOf, yOf);
  const { levels } = contourStep(known.scale.low, known.scale.high);
  const lines = contourLines({ x: axes[0]!, y: axes[1]!, values: field.values }, step > 0 ? levels : []);
  const border = known.scale.low + 0.62 * (known.scale.high - known.scale.low);
  for (const line of lines) {
    const ink = line.level < border ? contourInk.dark : contourInk.light;
    strokeLine(context, line.x.map(xOf), line.y.map(yOf), ink.colour, 1, ink.opacity);
  }
  const { path } = content;
  if (path) {
    const [px, py] = [Array.from(path.coordinates[across], xOf), Array.from(path.coordinates[up], yOf)];
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    strokeLine(context, px, py, style.pathCase, style.pathWidth + 2, 1);
    strokeLine(context, px, py, style.path, style.pathWidth - 1, 1);
    context.restore();
  }
  drawFrame(context, style, place, [content.titles[across], content.titles[up]], ends, xOf, yOf);
  context.font = style.titleFont;
  context.fillStyle = style.text;
  context.textAlign = 'left';
  context.fillText(`${symbols[axis]} = ${Number(at.toPrecision(3))}`, x, y - 10);
}

function fillCells(
  context: CanvasRenderingContext2D,
  columns: Float64Array,
  rows: Float64Array,
  heights: Float64Array,
  computed: Uint8Array,
  { low, high }: { readonly low: number; readonly high: number },
  style: VolumeStyle,
  xOf: (value: number) => number,
  yOf: (value: number) => number,
): void {
  const table = colourTables[style.colourMap];
  const edges = (axis: Float64Array, i: number) => [
    i === 0 ? axis[0]! : (axis[i - 1]! + axis[i]!) / 2,
    i + 1 === axis.length ? axis[i]! : (axis[i]! + axis[i + 1]!) / 2,
  ];
  for (let row = 0; row < rows.length; row++)
    for (let column = 0; column < columns.length; column++) {
      const point = row * columns.length + column;
      if (computed[point] !== 1) continue;
      const [x0, x1] = edges(columns, column).map((at) => Math.round(xOf(at))) as [number, number];
      const [y1, y0] = edges(rows, row).map((at) => Math.round(yOf(at))) as [number, number];
      if (Number.isNaN(heights[point])) {
        strokeLine(context, [x0, x1], [y1, y0], style.quietText, 1, 0.8);
        continue;
      }
      const colour = 3 * colourIndex(heights[point]!, low, high);
      context.fillStyle = `rgb(${table[colour]}, ${table[colour + 1]}, ${table[colour + 2]})`;
      // Whole pixels: no seams.
      context.fillRect(x0, y0, x1 - x0, y1 - y0);
    }
}

function strokeLine(
  context: CanvasRenderingContext2D,
  xs: readonly number[],
  ys: readonly number[],
  colour: string,
  width: number,
  opacity: number,
): void {
  context.beginPath();
  xs.forEach((x, i) => {
    if (i === 0) context.moveTo(x, ys[i]!);
    else context.lineTo(x, ys[i]!);
  });
  context.globalAlpha = opacity;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
  context.globalAlpha = 1;
}

function drawFrame(
  context: CanvasRenderingContext2D,
  style: VolumeStyle,
  { x, y, width, height }: MapPlace,
  titles: readonly [string, string],
  ends: readonly [readonly [number, number], readonly [number, number]],
  xOf: (value: number) => number,
  yOf: (value: number) => number,
): void {
  context.strokeStyle = style.axis;
  context.lineWidth = 1;
  context.strokeRect(x, y, width, height);
  context.font = style.tickFont;
  context.fillStyle = style.quietText;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const { at, text } of linearTicks(ends[0])) context.fillText(text, xOf(at), y + height + 12);
  context.textAlign = 'right';
  for (const { at, text } of linearTicks(ends[1])) context.fillText(text, x - 6, yOf(at));
  context.font = style.titleFont;
  context.textAlign = 'center';
  context.fillText(titles[0], x + width / 2, y + height + 30, width);
  context.save();
  context.translate(x - 40, y + height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(titles[1], 0, 0, height);
  context.restore();
}
