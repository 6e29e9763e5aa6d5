import uPlot from 'uplot';
import type { ThemeColours } from '../widgets/theme-colours.ts';
import { type PlotArea, xOf, yOf } from './paint-lines.ts';
import { type ValueAxis, valueAxis } from './value-axis.ts';

export interface PlotLine {
  readonly name: string;
  /** A token of the theme. */
  readonly colour: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly dash?: readonly number[] | undefined;
  readonly width?: number | undefined;
  /** Not in the legend. */
  readonly quiet?: boolean | undefined;
}

export interface PlotPoints {
  readonly name: string;
  readonly colour: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly shape: 'circle' | 'diamond' | 'square' | 'triangle' | 'cross';
  readonly filled: boolean;
  /** Pixels; 4 unless said. */
  readonly size?: number | undefined;
  /** Index of the one with a ring. */
  readonly chosen?: number | null | undefined;
}

/** Bars that touch: a histogram. */
export interface PlotBars {
  readonly name: string;
  readonly colour: string;
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly height: ArrayLike<number>;
}

/** A line across the plot with its name. */
export interface PlotRule {
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly name: string;
  readonly colour: string;
  readonly dash?: readonly number[] | undefined;
}

/** Ends are those of what is drawn unless said. */
export interface PlotAxis {
  readonly title: string;
  readonly log?: boolean | undefined;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface PlotContent {
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly lines?: readonly PlotLine[] | undefined;
  readonly points?: readonly PlotPoints[] | undefined;
  readonly bars?: readonly PlotBars[] | undefined;
  readonly rules?: readonly PlotRule[] | undefined;
}

export interface QuantityPlot {
  show(content: PlotContent): void;
  destroy(): void;
}

const textPixels = 15;
const pixelsPerNumber = { x: 90, y: 38 } as const;

/** Quantities against each other in the size of its element: axes by uPlot, what lies on them painted here. */
export function quantityPlot(element: HTMLElement, colours: () => ThemeColours): QuantityPlot {
  let content: PlotContent | null = null;
  let plot: uPlot | null = null;
  let axes: { readonly x: ValueAxis; readonly y: ValueAxis } | null = null;

  function build(): void {
    plot?.destroy();
    plot = null;
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (content === null || width < 60 || height < 50) return;
    const shown = { x: axisOf(content, 'x', width), y: axisOf(content, 'y', height) };
    axes = shown;
    const font = `${textPixels}px ${colours()('font-num')}`;
    const labelFont = `${textPixels}px ${colours()('font-ui')}`;
    const axis = (name: 'x' | 'y') => ({
      font,
      labelFont,
      label: content?.[name].title ?? '',
      labelSize: 22,
      labelGap: 0,
      stroke: () => colours()('fg-2'),
      splits: () => [...shown[name].ticks],
      values: () => [...shown[name].labels],
      filter: (_: uPlot, splits: number[]) => splits,
      border: { show: name === 'x', width: 1, stroke: () => colours()('axis') },
    });
    const scale = (name: 'x' | 'y') => ({
      time: false,
      distr: shown[name].log ? (3 as const) : (1 as const),
      range: (): [number, number] => [shown[name].low, shown[name].high],
    });
    plot = new uPlot(
      {
        width,
        height,
        padding: [8, 20, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        select: { show: false, left: 0, top: 0, width: 0, height: 0 },
        scales: { x: scale('x'), y: scale('y') },
        axes: [
          {
            ...axis('x'),
            size: 26,
            gap: 4,
            grid: { show: false },
            ticks: { show: true, size: 4, width: 1, stroke: () => colours()('axis') },
          },
          {
            ...axis('y'),
            size: 62,
            gap: 6,
            grid: { show: true, width: 1, stroke: () => colours()('grid') },
            ticks: { show: false },
          },
        ],
        series: [{}, { show: false }],
        hooks: { draw: [(drawn) => paint(drawn)] },
      },
      [
        [shown.x.low, shown.x.high],
        [shown.y.low, shown.y.high],
      ],
      element,
    );
  }

  function paint({ ctx, bbox, width }: uPlot): void {
    if (content === null || axes === null) return;
    const area: Area = { ...bbox, ratio: ctx.canvas.width / width, ...axes };
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.width, area.height);
    ctx.clip();
    const theme = colours();
    for (const bars of content.bars ?? []) paintBars(ctx, area, bars, theme);
    for (const rule of content.rules ?? []) paintRule(ctx, area, rule, theme);
    for (const line of content.lines ?? []) paintLine(ctx, area, line, theme);
    for (const points of content.points ?? []) paintPoints(ctx, area, points, theme);
    ctx.restore();
  }

  const observer = new ResizeObserver(build);
  observer.observe(element);
  return {
    show(next) {
      content = next;
      build();
    },
    destroy() {
      observer.disconnect();
      plot?.destroy();
      plot = null;
    },
  };
}

type Area = Omit<PlotArea, 'x'> & { readonly x: ValueAxis };
type Theme = ThemeColours;

const xAt = (area: Area, value: number): number =>
  area.x.log
    ? area.left + (area.width * Math.log(value / area.x.low)) / Math.log(area.x.high / area.x.low)
    : xOf(area, value);

function axisOf(content: PlotContent, name: 'x' | 'y', pixels: number): ValueAxis {
  const { log = false, low, high } = content[name];
  const most = Math.max(2, Math.floor(pixels / pixelsPerNumber[name]));
  const [least, greatest] = extentOf(content, name, log);
  const hasPoints = (content.points ?? []).some(({ x }) => x.length > 0);
  const isSpaced = name === 'y' || hasPoints;
  const margin = isSpaced && !log ? 0.06 * (greatest - least) || 0.5 : 0;
  const factor = isSpaced && log ? (greatest / least) ** 0.04 : 1;
  const hasBars = (content.bars?.length ?? 0) > 0;
  const bottom = low ?? (name === 'y' && hasBars ? 0 : log ? least / factor : least - margin);
  const made = valueAxis(bottom, high ?? (log ? greatest * factor : greatest + margin), log, most);
  if (made === null) return { low: log ? 1 : 0, high: log ? 10 : 1, log, ticks: [], labels: [] };
  // The axis of steps begins and ends where it is said.
  return { ...made, low: low ?? made.low, high: high ?? made.high };
}

function extentOf(
  { lines = [], points = [], bars = [], rules = [] }: PlotContent,
  name: 'x' | 'y',
  log: boolean,
): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (value: number) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  };
  for (const series of [...lines, ...points]) for (let i = 0; i < series[name].length; i++) take(series[name][i]!);
  for (const { from, to, height } of bars)
    for (const values of name === 'x' ? [from, to] : [height]) for (let i = 0; i < values.length; i++) take(values[i]!);
  for (const { axis, at } of rules) if (axis === name) take(at);
  return least <= greatest ? [least, greatest] : log ? [1, 10] : [0, 1];
}

/** Far outside a canvas some of them draw nothing at all. */
const within = (area: Area, y: number): number =>
  Math.min(area.top + 3 * area.height, Math.max(area.top - 2 * area.height, y));

function paintLine(context: CanvasRenderingContext2D, area: Area, line: PlotLine, colours: Theme): void {
  const { x, y, dash = [], width = 2 } = line;
  context.beginPath();
  context.strokeStyle = colours(line.colour);
  context.lineWidth = width * area.ratio;
  context.lineJoin = 'round';
  context.setLineDash(dash.map((length) => length * area.ratio));
  let pen = false;
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [xAt(area, x[i]!), within(area, yOf(area as PlotArea, y[i]!))];
    const isDrawn = Number.isFinite(px + y[i]!) && Number.isFinite(py);
    if (isDrawn && pen) context.lineTo(px, py);
    else if (isDrawn) context.moveTo(px, py);
    pen = isDrawn;
  }
  context.stroke();
  context.setLineDash([]);
}

function paintBars(
  context: CanvasRenderingContext2D,
  area: Area,
  { from, to, height, colour }: PlotBars,
  colours: Theme,
): void {
  context.fillStyle = colours(colour);
  context.globalAlpha = 0.45;
  const floor = yOf(area as PlotArea, Math.max(0, area.y.low));
  for (let i = 0; i < height.length; i++) {
    const [left, right] = [xAt(area, from[i]!), xAt(area, to[i]!)];
    const top = yOf(area as PlotArea, height[i]!);
    context.fillRect(left, top, Math.max(1, right - left - area.ratio), floor - top);
  }
  context.globalAlpha = 1;
}

function paintRule(context: CanvasRenderingContext2D, area: Area, rule: PlotRule, colours: Theme): void {
  const { ratio } = area;
  context.strokeStyle = colours(rule.colour);
  context.fillStyle = colours('fg-1');
  context.lineWidth = 1.5 * ratio;
  context.font = `${textPixels * ratio}px ${colours('font-ui')}`;
  context.setLineDash((rule.dash ?? [7, 4]).map((length) => length * ratio));
  context.beginPath();
  if (rule.axis === 'y') {
    const y = yOf(area as PlotArea, rule.at);
    context.moveTo(area.left, y);
    context.lineTo(area.left + area.width, y);
    context.textAlign = 'right';
    context.textBaseline = y - area.top > 20 * ratio ? 'bottom' : 'top';
    context.fillText(rule.name, area.left + area.width - 4 * ratio, y);
  } else {
    const x = xAt(area, rule.at);
    context.moveTo(x, area.top);
    context.lineTo(x, area.top + area.height);
    const isLeft = x - area.left > 0.62 * area.width;
    context.textAlign = isLeft ? 'right' : 'left';
    context.textBaseline = 'top';
    context.fillText(rule.name, x + (isLeft ? -6 : 6) * ratio, area.top + 2 * ratio);
  }
  context.stroke();
  context.setLineDash([]);
}

function paintPoints(context: CanvasRenderingContext2D, area: Area, points: PlotPoints, colours: Theme): void {
  const { x, y, shape, filled, size = 4, chosen = null } = points;
  context.strokeStyle = colours(points.colour);
  context.fillStyle = filled ? colours(points.colour) : colours('bg-1');
  context.lineWidth = 1.5 * area.ratio;
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [xAt(area, x[i]!), yOf(area as PlotArea, y[i]!)];
    if (!Number.isFinite(px + py)) continue;
    context.beginPath();
    trace(context, shape, px, py, size * area.ratio);
    if (shape !== 'cross') context.fill();
    context.stroke();
    if (i !== chosen) continue;
    context.beginPath();
    context.arc(px, py, (size + 5) * area.ratio, 0, 2 * Math.PI);
    context.strokeStyle = colours('accent');
    context.lineWidth = 2.5 * area.ratio;
    context.stroke();
    context.strokeStyle = colours(points.colour);
    context.lineWidth = 1.5 * area.ratio;
  }
}

function trace(context: CanvasRenderingContext2D, shape: PlotPoints['shape'], x: number, y: number, r: number): void {
  if (shape === 'circle') context.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape === 'square') context.rect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
  else if (shape === 'cross') {
    context.moveTo(x - r, y - r);
    context.lineTo(x + r, y + r);
    context.moveTo(x + r, y - r);
    context.lineTo(x - r, y + r);
  } else {
    const corners =
      shape === 'diamond'
        ? [
            [0, -1.25],
            [1.25, 0],
            [0, 1.25],
            [-1.25, 0],
          ]
        : [
            [0, -1.2],
            [1.1, 0.9],
            [-1.1, 0.9],
          ];
    corners.forEach(([dx = 0, dy = 0], i) => {
      if (i === 0) context.moveTo(x + r * dx, y + r * dy);
      else context.lineTo(x + r * dx, y + r * dy);
    });
    context.closePath();
  }
}
