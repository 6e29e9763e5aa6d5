import type { ThemeColours } from '../widgets/theme-colours.ts';
import type { ChartLine, StepMark } from './chart-lines.ts';
import { type PlotArea, xOf, yOf } from './paint-lines.ts';
import { readingAt } from './reading.ts';

export interface OverlayContent {
  readonly cursor: number;
  readonly hover: number | null;
  /** Steps between which a zoom is being drawn. */
  readonly selection: readonly [number, number] | null;
  readonly lines: readonly ChartLine[];
  readonly marks: readonly StepMark[];
  /** Whether the mark under the pointer is named here. */
  readonly named: boolean;
}

/** The canvas over a plot, made as large and as sharp as its element; its area begins at 0. */
export function overlayArea(canvas: HTMLCanvasElement, plot: PlotArea): PlotArea | null {
  const [width, height] = [Math.round(plot.width), Math.round(plot.height)];
  if (width < 1 || height < 1) return null;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { ...plot, left: 0, top: 0 };
}

/** The cursor in all charts, the step under the pointer, the records that the legend names, and events of the runs. */
export function paintOverlay(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  { cursor, hover, selection, lines, marks, named }: OverlayContent,
  colours: ThemeColours,
): void {
  context.clearRect(0, 0, area.width, area.height);
  if (selection) {
    const [a, b] = [xOf(area, selection[0]), xOf(area, selection[1])];
    context.globalAlpha = 0.18;
    context.fillStyle = colours('accent');
    context.fillRect(Math.min(a, b), 0, Math.abs(b - a), area.height);
    context.globalAlpha = 1;
  }
  for (const mark of marks) paintMark(context, area, mark, colours);
  paintVertical(context, area, cursor, colours('cursor'), []);
  if (hover !== null && hover !== cursor) paintVertical(context, area, hover, colours('fg-2'), [2, 3]);
  for (const line of lines) if (!line.held) paintPoint(context, area, line, hover ?? cursor, colours);
  const near = hover === null || !named ? null : nearMark(marks, area, hover);
  if (near) paintName(context, area, near, colours);
}

function paintVertical(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  step: number,
  colour: string,
  dash: readonly number[],
): void {
  const x = Math.round(xOf(area, step)) + 0.5;
  if (x < 0 || x > area.width + 1) return;
  context.beginPath();
  context.strokeStyle = colour;
  context.lineWidth = area.ratio;
  context.setLineDash(dash.map((length) => length * area.ratio));
  context.moveTo(Math.min(x, area.width - 0.5), 0);
  context.lineTo(Math.min(x, area.width - 0.5), area.height);
  context.stroke();
  context.setLineDash([]);
}

function paintPoint(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  line: ChartLine,
  step: number,
  colours: ThemeColours,
): void {
  const reading = readingAt(line, step);
  if (!reading || reading.step < area.x.low) return;
  const [x, y] = [xOf(area, reading.step), yOf(area, reading.value)];
  if (!Number.isFinite(y) || y < -1 || y > area.height + 1) return;
  context.beginPath();
  context.arc(x, y, (line.weight === 'strong' ? 3.5 : 2.75) * area.ratio, 0, 2 * Math.PI);
  context.fillStyle = reading.converged ? colours(line.colour) : colours('bg-1');
  context.strokeStyle = reading.converged ? colours('cursor') : colours('warn');
  context.lineWidth = area.ratio;
  context.fill();
  context.stroke();
}

const markSize = 5;

function paintMark(context: CanvasRenderingContext2D, area: PlotArea, mark: StepMark, colours: ThemeColours): void {
  const x = xOf(area, mark.step);
  if (x < 0 || x > area.width) return;
  const size = markSize * area.ratio;
  context.beginPath();
  context.fillStyle = colours(mark.colour);
  context.moveTo(x - size * 0.7, 0);
  context.lineTo(x + size * 0.7, 0);
  context.lineTo(x, size * 1.3);
  context.fill();
}

const nearPixels = 6;

/** The mark that the pointer is at. */
function nearMark(marks: readonly StepMark[], area: PlotArea, step: number): StepMark | null {
  const at = xOf(area, step);
  let [near, distance] = [null as StepMark | null, nearPixels * area.ratio];
  for (const mark of marks) {
    const away = Math.abs(xOf(area, mark.step) - at);
    if (away < distance) [near, distance] = [mark, away];
  }
  return near;
}

function paintName(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  { step, name }: StepMark,
  colours: ThemeColours,
): void {
  context.font = `${12 * area.ratio}px ${colours('font-ui')}`;
  const width = context.measureText(name).width + 12 * area.ratio;
  const x = Math.min(area.width - width, Math.max(0, xOf(area, step) + 8 * area.ratio));
  context.fillStyle = colours('bg-3');
  context.fillRect(x, 2 * area.ratio, width, 18 * area.ratio);
  context.fillStyle = colours('fg-1');
  context.textBaseline = 'middle';
  context.fillText(name, x + 6 * area.ratio, 11.5 * area.ratio);
}
