import { numberText } from '../../../core/figures/number-text.ts';
import { type PlotArea, xOf, yOf } from '../../charts/paint-lines.ts';
import type { ValueAxis } from '../../charts/value-axis.ts';
import type { ThemeColours } from '../../widgets/theme-colours.ts';
import type { MovieAxes } from './movie-axes.ts';
import type { MovieFrame, Stick } from './movie-frame.ts';
import { leading } from './movie-sentence.ts';

export interface MoviePaper {
  readonly context: CanvasRenderingContext2D;
  /** Pixels of the canvas. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the canvas in one of the page. */
  readonly ratio: number;
  readonly colours: ThemeColours;
  /** Lines of text over the plot, for a film that has no page around it. */
  readonly caption: readonly string[];
}

const margins = { left: 58, right: 18, top: 12, bottom: 40 };
const captionLine = 22;
/** Heights as shares of the plot: sticks have a place and no height of their own. */
const stickHeight = 0.42;
const leadingHeight = 0.56;
const skinAlpha = (age: number): number => 0.34 * 0.62 ** age;

/** One frame on the axes of its movie: what is drawn twice with the same arguments is the same picture. */
export function paintFrame(paper: MoviePaper, frame: MovieFrame, axes: MovieAxes): void {
  const { context, width, height, ratio, colours } = paper;
  const area = areaOf(paper, axes);
  const first = leading(frame);
  context.save();
  context.fillStyle = colours('bg-1');
  context.fillRect(0, 0, width, height);
  paintCaption(paper);
  paintAxes(paper, area, axes.y !== null, frame);
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  if (axes.y) paintDensities(paper, area, frame);
  paintSkins(paper, area, frame);
  paintThreshold(paper, area, frame);
  for (const stick of frame.top) if (stick !== first) paintStick(paper, area, stick, 'c-1', stickHeight);
  if (frame.lowest) paintStick(paper, area, frame.lowest, 'c-4', stickHeight);
  if (first) paintStick(paper, area, first, 'c-1', leadingHeight);
  context.restore();
  context.lineWidth = ratio;
  if (first) paintName(paper, area, first.value, leadingHeight, 'λ₁');
  if (frame.lowest) paintName(paper, area, frame.lowest.value, stickHeight, 'λ_min');
  paintThresholdName(paper, area, frame);
  context.restore();
}

const noAxis: ValueAxis = { low: 0, high: 1, log: false, ticks: [], labels: [] };

function areaOf({ width, height, ratio, caption }: MoviePaper, { x, y }: MovieAxes): PlotArea {
  const top = (margins.top + captionLine * caption.length) * ratio;
  const left = margins.left * ratio;
  return {
    left,
    top,
    width: Math.max(1, width - left - margins.right * ratio),
    height: Math.max(1, height - top - margins.bottom * ratio),
    ratio,
    x,
    y: y ?? noAxis,
  };
}

function paintCaption({ context, ratio, colours, caption }: MoviePaper): void {
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  caption.forEach((line, i) => {
    context.font = `${(i === 0 ? 15 : 13) * ratio}px ${colours('font-ui')}`;
    context.fillStyle = colours(i === 0 ? 'fg-1' : 'fg-2');
    context.fillText(line, 14 * ratio, (10 + captionLine * (i + 0.5)) * ratio);
  });
}

function paintAxes(
  { context, ratio, colours }: MoviePaper,
  area: PlotArea,
  hasDensity: boolean,
  frame: MovieFrame,
): void {
  const bottom = area.top + area.height;
  context.lineWidth = ratio;
  context.strokeStyle = colours('grid');
  context.fillStyle = colours('fg-3');
  context.font = `${12 * ratio}px ${colours('font-num')}`;
  const x = area.x as ValueAxis;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  x.ticks.forEach((tick, i) => {
    const at = Math.round(xOf(area, tick)) + 0.5;
    line(context, at, area.top, at, bottom);
    context.fillText(x.labels[i] ?? '', at, bottom + 5 * ratio);
  });
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  area.y.ticks.forEach((tick, i) => {
    const at = Math.round(yOf(area, tick)) + 0.5;
    line(context, area.left, at, area.left + area.width, at);
    context.fillText(area.y.labels[i] ?? '', area.left - 6 * ratio, at);
  });
  context.strokeStyle = colours('axis');
  line(context, area.left, bottom, area.left + area.width, bottom);
  if (x.low < 0 && x.high > 0) line(context, xOf(area, 0), area.top, xOf(area, 0), bottom);
  context.font = `${12 * ratio}px ${colours('font-ui')}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const of = frame.matrix === 'hessian' ? 'of the Hessian' : 'of the preconditioned Hessian P⁻¹ᐟ²HP⁻¹ᐟ²';
  context.fillText(`Eigenvalue λ ${of}`, area.left + area.width / 2, bottom + 34 * ratio);
  if (!hasDensity) return;
  context.save();
  context.translate(13 * ratio, area.top + area.height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText('Density, share per unit λ', 0, 0);
  context.restore();
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

type Curve = NonNullable<MovieFrame['density']>;

function paintDensities({ context, ratio, colours }: MoviePaper, area: PlotArea, frame: MovieFrame): void {
  context.lineJoin = 'round';
  const { densities } = frame.before;
  for (let age = densities.length - 1; age >= 0; age--) {
    context.globalAlpha = skinAlpha(age);
    context.strokeStyle = colours('fg-3');
    context.lineWidth = ratio;
    context.beginPath();
    trace(context, area, densities[age]!, (curve, i) => curve.y[i]!);
    context.stroke();
  }
  const { density } = frame;
  if (density === null) return;
  if (density.standardError.every(Number.isFinite)) {
    context.globalAlpha = 0.22;
    context.fillStyle = colours('c-3');
    context.beginPath();
    trace(context, area, density, (curve, i) => curve.y[i]! + curve.standardError[i]!);
    trace(context, area, density, (curve, i) => curve.y[i]! - curve.standardError[i]!, true);
    context.fill();
  }
  context.globalAlpha = 1;
  context.strokeStyle = colours('c-3');
  context.lineWidth = 1.75 * ratio;
  context.beginPath();
  trace(context, area, density, (curve, i) => curve.y[i]!);
  context.stroke();
}

/** What lies below the axis is drawn along its lower edge, a little outside. */
function trace(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  curve: Curve,
  height: (curve: Curve, i: number) => number,
  backwards = false,
): void {
  const floor = area.y.low / 1.5;
  const count = curve.x.length;
  for (let k = 0; k < count; k++) {
    const i = backwards ? count - 1 - k : k;
    const [x, y] = [xOf(area, curve.x[i]!), yOf(area, Math.max(floor, height(curve, i)))];
    if (k === 0 && !backwards) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
}

function paintSkins({ context, ratio, colours }: MoviePaper, area: PlotArea, { before }: MovieFrame): void {
  const bottom = area.top + area.height;
  context.strokeStyle = colours('c-1');
  context.lineWidth = ratio;
  before.tops.forEach((sticks, age) => {
    context.globalAlpha = skinAlpha(age);
    for (const { value } of sticks)
      line(context, xOf(area, value), bottom, xOf(area, value), bottom - stickHeight * area.height);
  });
  before.sharpnesses.forEach(({ value }, age) => {
    context.globalAlpha = skinAlpha(age / 2);
    line(context, xOf(area, value), bottom, xOf(area, value), bottom - leadingHeight * area.height);
  });
  context.globalAlpha = 1;
}

/** A line at its eigenvalue; a bar across its end where the residual can be seen; hollow and dashed if not converged. */
function paintStick(
  { context, ratio, colours }: MoviePaper,
  area: PlotArea,
  { value, residual, converged }: Stick,
  colour: string,
  share: number,
): void {
  const [x, bottom] = [xOf(area, value), area.top + area.height];
  const top = bottom - share * area.height;
  context.strokeStyle = colours(colour);
  context.lineWidth = 1.75 * ratio;
  context.setLineDash(converged ? [] : [3 * ratio, 3 * ratio]);
  line(context, x, bottom, x, top);
  context.setLineDash([]);
  const [left, right] = [xOf(area, value - residual), xOf(area, value + residual)];
  if (right - left > 2 * ratio) line(context, left, top, right, top);
  context.beginPath();
  context.arc(x, top, 3 * ratio, 0, 2 * Math.PI);
  context.fillStyle = converged ? colours(colour) : colours('bg-1');
  context.fill();
  if (converged) return;
  context.strokeStyle = colours('warn');
  context.lineWidth = 1.25 * ratio;
  context.stroke();
}

function paintThreshold({ context, ratio, colours }: MoviePaper, area: PlotArea, { threshold }: MovieFrame): void {
  if (threshold === null) return;
  const x = xOf(area, threshold.value);
  context.strokeStyle = colours('threshold');
  context.lineWidth = 1.5 * ratio;
  context.setLineDash([7 * ratio, 4 * ratio]);
  line(context, x, area.top, x, area.top + area.height);
  context.setLineDash([]);
}

/** Over the end of a stick, moved into the plot. */
function paintName(
  { context, ratio, colours }: MoviePaper,
  area: PlotArea,
  value: number,
  share: number,
  name: string,
): void {
  context.font = `${13 * ratio}px ${colours('font-ui')}`;
  context.fillStyle = colours('fg-1');
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const half = context.measureText(name).width / 2;
  const x = Math.min(area.left + area.width - half, Math.max(area.left + half, xOf(area, value)));
  context.fillText(name, x, area.top + (1 - share) * area.height - 8 * ratio);
}

/** Beside its line; at the edge, with an arrow, where it lies outside. */
function paintThresholdName({ context, ratio, colours }: MoviePaper, area: PlotArea, { threshold }: MovieFrame): void {
  if (threshold === null) return;
  const binding = threshold.binding ? '' : ', not binding (mini-batches)';
  const text = `${threshold.name} = ${numberText(threshold.value)}${binding}`;
  context.font = `${12 * ratio}px ${colours('font-ui')}`;
  context.fillStyle = colours('threshold');
  context.textBaseline = 'middle';
  const [x, right] = [xOf(area, threshold.value), area.left + area.width];
  const y = area.top + 10 * ratio;
  const isOutside = x > right;
  const fits = x + context.measureText(text).width + 10 * ratio <= right;
  context.textAlign = fits && !isOutside ? 'left' : 'right';
  if (isOutside) context.fillText(`${text} →`, right - 4 * ratio, y);
  else context.fillText(text, fits ? x + 6 * ratio : x - 6 * ratio, y);
}
