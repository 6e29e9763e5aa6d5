import uPlot from 'uplot';
import type { ThemeColours } from '../widgets/theme-colours.ts';
import type { StepWindow } from './decimate.ts';
import type { PlotArea } from './paint-lines.ts';
import { stepText, stepTicks, type ValueAxis } from './value-axis.ts';

export interface StepView {
  readonly x: StepWindow;
  readonly y: ValueAxis;
}

/** Axes, grid and canvas of one chart; what lies on them is painted by its owner. */
export interface StepPlot {
  /** Covers the plot in the page; a canvas for what moves with the pointer lies in it. */
  readonly over: HTMLElement;
  readonly overlay: HTMLCanvasElement;
  resize(width: number, height: number): void;
  /** Draws once, now. */
  draw(view: StepView): void;
  area(): PlotArea;
  stepAt(clientX: number): number;
  destroy(): void;
}

export interface StepPlotOptions {
  readonly width: number;
  readonly height: number;
  readonly log: boolean;
  /** Whether the step axis has its numbers and its name here, or at the chart below. */
  readonly numbered: boolean;
  colours(): ThemeColours;
  paint(context: CanvasRenderingContext2D, area: PlotArea): void;
}

/** The same in all charts, so that a step lies on one vertical line. */
const marginLeft = 56;
const marginRight = 24;

export function stepPlot(element: HTMLElement, options: StepPlotOptions): StepPlot {
  const { colours } = options;
  let view: StepView = { x: { low: 0, high: 1 }, y: { low: 1, high: 10, log: options.log, ticks: [], labels: [] } };
  const font = `12px ${colours()('font-num')}`;
  const areaOf = ({ bbox, ctx, width }: uPlot): PlotArea => ({
    left: bbox.left,
    top: bbox.top,
    width: bbox.width,
    height: bbox.height,
    ratio: ctx.canvas.width / width,
    ...view,
  });
  const shared = {
    font,
    stroke: () => colours()('fg-3'),
    filter: (_: uPlot, splits: number[]) => splits,
  };
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [6, marginRight, options.numbered ? 0 : 4, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, range: () => [view.x.low, view.x.high] },
        y: { distr: options.log ? 3 : 1, range: () => [view.y.low, view.y.high] },
      },
      axes: [
        {
          ...shared,
          size: options.numbered ? 24 : 6,
          gap: 3,
          ...(options.numbered
            ? { label: 'Step', labelSize: 15, labelGap: 0, labelFont: `12px ${colours()('font-ui')}` }
            : {}),
          splits: ({ bbox }: uPlot) => [...stepTicks(view.x.low, view.x.high, bbox.width / devicePixelRatio)],
          values: (_, splits) => (options.numbered ? splits.map(stepText) : splits.map(() => '')),
          grid: { show: false },
          ticks: { show: true, size: 4, width: 1, stroke: () => colours()('axis') },
          border: { show: true, width: 1, stroke: () => colours()('axis') },
        },
        {
          ...shared,
          size: marginLeft,
          gap: 6,
          splits: () => [...view.y.ticks],
          values: () => [...view.y.labels],
          grid: { show: true, width: 1, stroke: () => colours()('grid') },
          ticks: { show: false },
        },
      ],
      // The lines are painted straight from the columns of the runs, which have steps of their own each.
      series: [{}, { show: false }],
      hooks: { draw: [(drawn) => options.paint(drawn.ctx, areaOf(drawn))] },
    },
    [
      [0, 1],
      [1, 1],
    ],
    element,
  );
  const overlay = document.createElement('canvas');
  overlay.className = 'live-chart-overlay';
  plot.over.append(overlay);
  return {
    over: plot.over,
    overlay,
    resize: (width, height) => plot.setSize({ width, height }),
    draw(next) {
      view = next;
      plot.batch(() => {
        plot.setScale('x', { min: next.x.low, max: next.x.high });
        plot.setScale('y', { min: next.y.low, max: next.y.high });
      });
    },
    area: () => areaOf(plot),
    stepAt(clientX) {
      const { left, width } = plot.over.getBoundingClientRect();
      return view.x.low + ((clientX - left) / (width || 1)) * (view.x.high - view.x.low);
    },
    destroy: () => plot.destroy(),
  };
}
