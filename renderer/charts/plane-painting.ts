import { checkpointAt, type ShownPath } from '../scene/path-points.ts';
import type { ThemeColours } from '../widgets/theme-colours.ts';
import { type ColourMapName, colourTable } from './colour-map.ts';
import type { PlaneModel } from './plane-model.ts';
import { planeRaster } from './plane-raster.ts';
import type { Section, SectionAxis } from './plane-section.ts';
import { valueAxis } from './value-axis.ts';

/** A rectangle of a canvas in pixels of the page, and what its sides stand for. */
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly log: boolean;
}

export const across = ({ left, width, x }: PlotBox, at: number): number => left + ((at - x[0]) / (x[1] - x[0])) * width;

export function up({ top, height, y, log }: PlotBox, at: number): number {
  const f = log ? Math.log : (value: number) => value;
  return top + (1 - (f(at) - f(y[0])) / (f(y[1]) - f(y[0]))) * height;
}

const margins = { left: 40, right: 10, top: 6, bottom: 36 } as const;

export const plotBox = (
  width: number,
  height: number,
  x: readonly [number, number],
  y: readonly [number, number],
  log = false,
): PlotBox => ({
  left: margins.left,
  top: margins.top,
  width: Math.max(1, width - margins.left - margins.right),
  height: Math.max(1, height - margins.top - margins.bottom),
  x,
  y,
  log,
});

export interface AxisNames {
  readonly x: string;
  readonly y: string;
}

/** Numbers along both sides and the names of the axes. */
export function paintAxes(
  context: CanvasRenderingContext2D,
  box: PlotBox,
  names: AxisNames,
  colours: ThemeColours,
  grid: boolean,
): void {
  const { left, top, width, height, log } = box;
  const bottom = top + height;
  context.font = `12px ${colours('font-num')}`;
  context.fillStyle = colours('fg-3');
  context.strokeStyle = colours('axis');
  context.lineWidth = 1;
  const horizontal = valueAxis(...box.x, false, Math.max(2, Math.floor(width / 45)));
  context.textAlign = 'center';
  context.textBaseline = 'top';
  horizontal?.ticks.forEach((tick, i) => {
    if (tick < box.x[0] || tick > box.x[1]) return;
    const x = Math.round(across(box, tick)) + 0.5;
    line(context, x, bottom, x, bottom + 4);
    context.fillText(horizontal.labels[i] ?? '', x, bottom + 6);
  });
  const vertical = valueAxis(...box.y, log, Math.max(2, Math.floor(height / 30)));
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  vertical?.ticks.forEach((tick, i) => {
    if (tick < box.y[0] || tick > box.y[1]) return;
    const y = Math.round(up(box, tick)) + 0.5;
    if (grid) {
      context.strokeStyle = colours('grid');
      line(context, left, y, left + width, y);
      context.strokeStyle = colours('axis');
    } else line(context, left - 4, y, left, y);
    context.fillText(vertical.labels[i] ?? '', left - 6, y);
  });
  if (grid) line(context, left, bottom + 0.5, left + width, bottom + 0.5);
  context.font = `12px ${colours('font-ui')}`;
  context.fillStyle = colours('fg-2');
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(names.x, left + width / 2, bottom + margins.bottom - 4);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const places = (vertical?.ticks ?? [])
    .filter((tick) => tick >= box.y[0] && tick <= box.y[1])
    .map((tick) => up(box, tick));
  context.fillText(names.y, 2, betweenTicks(places, top + height / 2));
}

/** Half-way between the two numbers around the middle, so that the name of the axis covers none. */
function betweenTicks(places: readonly number[], middle: number): number {
  const above = Math.max(...places.filter((place) => place <= middle));
  const below = Math.min(...places.filter((place) => place > middle));
  if (Number.isFinite(above + below)) return (above + below) / 2;
  return Number.isFinite(above) ? above + 18 : Number.isFinite(below) ? below - 18 : middle;
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

export interface MapMarks {
  /** The step that is looked at; null for the newest. */
  readonly step: number | null;
  readonly point: { readonly alpha: number; readonly beta: number };
  readonly along: SectionAxis;
}

/** The picture of the colours alone, which is drawn anew only for another plane or size. */
export function mapPicture(
  model: PlaneModel,
  colours: ColourMapName,
  width: number,
  height: number,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const picture = context.createImageData(width, height);
  planeRaster(model.grid, model.squares, model.scale, colourTable(colours), width, height, picture.data);
  context.putImageData(picture, 0, 0);
  const box: PlotBox = { left: 0, top: 0, width, height, x: model.alpha, y: model.beta, log: false };
  const border = model.scale.low + 0.62 * (model.scale.high - model.scale.low);
  context.lineWidth = Math.max(0.75, width / 320);
  for (const { level, x, y } of model.contours) {
    context.strokeStyle = level < border ? 'rgb(255 255 255 / 0.45)' : 'rgb(13 16 20 / 0.35)';
    context.beginPath();
    x.forEach((at, i) => {
      context.lineTo(across(box, at), up(box, y[i]!));
    });
    context.stroke();
  }
  return canvas;
}

/** Path, its point at the cursor, the point that is probed and the line of the section. */
export function paintMapMarks(
  context: CanvasRenderingContext2D,
  box: PlotBox,
  { path }: PlaneModel,
  { step, point, along }: MapMarks,
  colours: ThemeColours,
): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  paintSectionLine(context, box, point, along);
  if (path) paintPath(context, box, path);
  const current = path ? checkpointAt(path, step) : -1;
  if (path && current >= 0) {
    context.beginPath();
    context.arc(across(box, path.alpha[current]!), up(box, path.beta[current]!), 5.5, 0, 2 * Math.PI);
    context.fillStyle = colours('accent');
    context.strokeStyle = '#ffffff';
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }
  const [x, y] = [across(box, point.alpha), up(box, point.beta)];
  const isCurrent = path !== null && point.alpha === path.alpha[current] && point.beta === path.beta[current];
  if (!isCurrent) paintCross(context, x, y);
  context.restore();
}

/** Light over dark: seen on every colour of the map. */
function paintCross(context: CanvasRenderingContext2D, x: number, y: number): void {
  for (const [colour, width] of [
    ['#0b0e12', 3.5],
    ['#ffffff', 1.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    line(context, x - 6, y, x + 6, y);
    line(context, x, y - 6, x, y + 6);
  }
}

function paintSectionLine(
  context: CanvasRenderingContext2D,
  box: PlotBox,
  point: MapMarks['point'],
  along: SectionAxis,
): void {
  const ends: readonly [number, number, number, number] =
    along === 'alpha'
      ? [box.left, up(box, point.beta), box.left + box.width, up(box, point.beta)]
      : [across(box, point.alpha), box.top, across(box, point.alpha), box.top + box.height];
  context.strokeStyle = 'rgb(11 14 18 / 0.6)';
  context.lineWidth = 2.5;
  line(context, ...ends);
  context.setLineDash([4, 3]);
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1.25;
  line(context, ...ends);
  context.setLineDash([]);
}

function paintPath(context: CanvasRenderingContext2D, box: PlotBox, { alpha, beta }: ShownPath): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const [colour, width] of [
    ['#ffffff', 4.5],
    ['#15191e', 2.25],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    let pen = false;
    alpha.forEach((at, i) => {
      const [x, y] = [across(box, at), up(box, beta[i]!)];
      if (!Number.isFinite(x + y)) pen = false;
      else if (pen) context.lineTo(x, y);
      else {
        context.moveTo(x, y);
        pen = true;
      }
    });
    context.stroke();
  }
}

export function paintSection(
  context: CanvasRenderingContext2D,
  box: PlotBox,
  { at, loss }: Section,
  mark: { readonly at: number; readonly loss: number },
  colours: ThemeColours,
): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = colours('cursor');
  context.lineWidth = 1;
  const x = across(box, mark.at);
  line(context, Math.round(x) + 0.5, box.top, Math.round(x) + 0.5, box.top + box.height);
  context.strokeStyle = colours('c-1');
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.beginPath();
  let pen = false;
  at.forEach((one, i) => {
    const y = up(box, loss[i]!);
    if (!Number.isFinite(y)) pen = false;
    else if (pen) context.lineTo(across(box, one), y);
    else {
      context.moveTo(across(box, one), y);
      pen = true;
    }
  });
  context.stroke();
  if (Number.isFinite(up(box, mark.loss))) {
    context.beginPath();
    context.arc(x, up(box, mark.loss), 4, 0, 2 * Math.PI);
    context.fillStyle = colours('c-1');
    context.strokeStyle = colours('cursor');
    context.lineWidth = 1.25;
    context.fill();
    context.stroke();
  }
  context.restore();
}
