import type { ThemeColours } from '../widgets/theme-colours.ts';
import type { ChartLine, Spread } from './chart-lines.ts';
import { firstRowAtOrAfter, gap, rowsCapacity, rowsToDraw, type StepWindow } from './decimate.ts';
import type { ValueAxis } from './value-axis.ts';

/** The rectangle that is drawn into, in pixels of the canvas, and what its sides stand for. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Pixels of the canvas in one of the page. */
  readonly ratio: number;
  readonly x: StepWindow;
  readonly y: ValueAxis;
}

export const xOf = ({ left, width, x }: PlotArea, step: number): number =>
  left + ((step - x.low) / (x.high - x.low)) * width;

export function yOf({ top, height, y }: PlotArea, value: number): number {
  const share = y.log
    ? (Math.log(value) - Math.log(y.low)) / (Math.log(y.high) - Math.log(y.low))
    : (value - y.low) / (y.high - y.low);
  return top + (1 - share) * height;
}

/** Far outside a canvas some of them draw nothing at all. */
const within = (area: PlotArea, y: number): number =>
  Math.min(area.top + 3 * area.height, Math.max(area.top - 2 * area.height, y));

let chosen = new Int32Array(0);

/** Rows of the line for this area, in a shared array that the next call overwrites. */
function rowsOf(line: Pick<ChartLine, 'steps' | 'values' | 'length'>, area: PlotArea): number {
  const pixels = Math.max(1, Math.round(area.width / area.ratio));
  const capacity = rowsCapacity(pixels);
  if (chosen.length < capacity) chosen = new Int32Array(capacity);
  return rowsToDraw(line.steps, line.values, line.length, area.x, pixels, area.y.log, chosen);
}

export function paintLine(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  line: ChartLine,
  colours: ThemeColours,
): void {
  const count = rowsOf(line, area);
  context.save();
  context.beginPath();
  context.strokeStyle = colours(line.colour);
  context.lineWidth = (line.weight === 'strong' ? 1.75 : 1.25) * area.ratio;
  context.setLineDash(line.dash.map((length) => length * area.ratio));
  context.lineJoin = 'round';
  trace(context, area, line, count);
  context.stroke();
  context.restore();
  if (line.error) paintRecords(context, area, line, colours);
  if (line.converged && line.length < mostMarks) paintUnconverged(context, area, line, colours);
}

/** Records further apart than this are marked, to tell what was measured from the line that joins it. */
const markedPixelsApart = 10;

function paintRecords(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  { steps, values, length, map, colour }: ChartLine,
  colours: ThemeColours,
): void {
  const from = firstRowAtOrAfter(steps, length, area.x.low);
  const to = firstRowAtOrAfter(steps, length, area.x.high + 1);
  if (to === from || (to - from) * markedPixelsApart * area.ratio > area.width) return;
  context.fillStyle = colours(colour);
  context.beginPath();
  for (let row = from; row < to; row++) {
    const [x, y] = [xOf(area, steps[row]!), yOf(area, map ? map(values[row]!) : values[row]!)];
    if (!Number.isFinite(y)) continue;
    context.moveTo(x, y);
    context.arc(x, y, 2 * area.ratio, 0, 2 * Math.PI);
  }
  context.fill();
}

/** Beyond this many measurements on the screen marks would cover the line. */
const mostMarks = 4000;

function trace(context: CanvasRenderingContext2D, area: PlotArea, line: ChartLine, count: number): void {
  const { steps, values, map, held } = line;
  let pen = false;
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const row = chosen[i]!;
    if (row === gap) {
      pen = false;
      continue;
    }
    const x = xOf(area, steps[row]!);
    const y = within(area, yOf(area, map ? map(values[row]!) : values[row]!));
    if (!pen) context.moveTo(x, y);
    else {
      if (held) context.lineTo(x, previous);
      context.lineTo(x, y);
    }
    previous = y;
    pen = true;
  }
  // A threshold stands until something changes it.
  if (line.standing && pen) context.lineTo(area.left + area.width, previous);
  // A line of one point is a short dash, or nothing would be seen.
  if (count === 1) context.lineTo(xOf(area, steps[chosen[0]!]!) + 3 * area.ratio, previous);
}

/** Hollow marks where the wanted accuracy was not reached. */
function paintUnconverged(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  line: ChartLine,
  colours: ThemeColours,
): void {
  const { steps, values, length, map, converged } = line;
  context.save();
  context.strokeStyle = colours('warn');
  context.fillStyle = colours('bg-1');
  context.lineWidth = 1.25 * area.ratio;
  for (let row = 0; row < length; row++) {
    if (converged?.(row) || steps[row]! < area.x.low || steps[row]! > area.x.high) continue;
    const y = yOf(area, map ? map(values[row]!) : values[row]!);
    if (!Number.isFinite(y)) continue;
    context.beginPath();
    context.arc(xOf(area, steps[row]!), y, 2.5 * area.ratio, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  context.restore();
}

/**
 * The band around a line. Where several rows share a pixel it reaches from their lowest to their highest end. A lower end
 * that a logarithmic axis does not have lies on its edge.
 */
export function paintSpread(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  { steps, length, colour }: ChartLine,
  spread: Spread,
  colours: ThemeColours,
): void {
  const { x, y } = area;
  const upper: number[] = [];
  const lower: number[] = [];
  const places: number[] = [];
  let pixel = Number.NaN;
  for (let row = 0; row < length; row++) {
    const step = steps[row]!;
    if (row + 1 < length && steps[row + 1]! < x.low) continue;
    const [low, high] = [spread.lower(row), spread.upper(row)];
    if (Number.isFinite(low) && Number.isFinite(high) && !(y.log && high <= 0)) {
      const place = xOf(area, step);
      const top = within(area, yOf(area, high));
      const bottom = y.log && low <= 0 ? area.top + area.height : within(area, yOf(area, low));
      const at = Math.round(place / area.ratio);
      const last = places.length - 1;
      if (at === pixel) {
        upper[last] = Math.min(upper[last]!, top);
        lower[last] = Math.max(lower[last]!, bottom);
      } else {
        places.push(place);
        upper.push(top);
        lower.push(bottom);
        pixel = at;
      }
    }
    if (step > x.high) break;
  }
  if (places.length < 2) return;
  context.save();
  context.beginPath();
  places.forEach((place, i) => {
    context.lineTo(place, upper[i]!);
  });
  for (let i = places.length - 1; i >= 0; i--) context.lineTo(places[i]!, lower[i]!);
  context.closePath();
  context.globalAlpha = 0.22;
  context.fillStyle = colours(colour);
  context.fill();
  context.restore();
}

/** Lowest and highest of what is drawn within the steps of the window, bands included; null where there is nothing. */
export function extentOf(
  lines: readonly ChartLine[],
  { low, high }: StepWindow,
  log: boolean,
): [number, number] | null {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (value: number) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  };
  for (const { steps, values, length, map, spread } of lines)
    for (let row = 0; row < length; row++) {
      if (steps[row]! < low || steps[row]! > high) continue;
      const value = values[row]!;
      take(map ? map(value) : value);
      if (spread) {
        take(spread.lower(row));
        take(spread.upper(row));
      }
    }
  return lowest <= highest ? [lowest, highest] : null;
}
