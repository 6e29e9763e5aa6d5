import { useRuns } from '../state/runs.ts';
import { type ChartId, useSettings } from '../state/settings.ts';
import { newestStep, useTime } from '../state/time.ts';
import { type ThemeColours, themeColours } from '../widgets/theme-colours.ts';
import { chartDefinitions } from './chart-definitions.ts';
import { listenToKeys } from './chart-keys.ts';
import {
  bandMemory,
  type ChartLine,
  chartLines,
  dataStamp,
  type StepMark,
  shownRuns,
  stepMarks,
} from './chart-lines.ts';
import { chartSentence } from './chart-sentence.ts';
import { listenToGestures } from './gestures.ts';
import { extentOf, type PlotArea, paintLine, paintSpread, xOf, yOf } from './paint-lines.ts';
import { overlayArea, paintOverlay } from './paint-overlay.ts';
import { readingText } from './reading.ts';
import { type StepPlot, stepPlot } from './step-plot.ts';
import { leaveTurns, takeTurn } from './turns.ts';
import { lastStepShown, stepText, type ValueAxis, valueAxis } from './value-axis.ts';
import { type WaterfallScale, waterfallScale } from './waterfall.ts';
import { columnAt, waterfallPicture } from './waterfall-picture.ts';

/** What of a line stands in the legend; its number is written straight into the page. */
export interface LegendEntry {
  readonly key: string;
  readonly name: string;
  readonly help: string | null;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly strong: boolean;
}

export interface LegendNumber {
  readonly number: HTMLElement;
  readonly where: HTMLElement;
}

export interface ChartDrawingOptions {
  readonly chart: ChartId;
  readonly log: boolean;
  readonly numbered: boolean;
  /** Where the plot lies; its size is the plot's. */
  readonly element: HTMLElement;
  /** Gets the chart in words. */
  readonly figure: HTMLElement;
  onLegend(entries: readonly LegendEntry[], scale: WaterfallScale | null): void;
  /** The elements for the number of a legend entry, when they are on the page. */
  legendNumber(key: string): LegendNumber | null;
}

const sentenceEveryMs = 3000;
/** One number of an axis in so many pixels. */
const pixelsPerTick = 24;

export interface ChartDrawing {
  /** Writes the numbers of the legend, whose elements have changed. */
  writeNumbers(): void;
  dispose(): void;
}

/** The entry of the density itself, beside that of its threshold. */
export const densityKey = 'density';

const overPicture: Readonly<Record<string, string>> = { threshold: '#f2a93b', cursor: '#ffffff', 'fg-2': '#e8ebef' };

/**
 * One chart: draws itself from the stores at most once a frame, and only when data, size, theme, cursor or range have
 * changed. Lines are drawn on the plot, what follows the pointer on a canvas over it.
 */
export function chartDrawing(options: ChartDrawingOptions): ChartDrawing {
  const { chart, element } = options;
  const definition = chartDefinitions[chart];
  const memory = bandMemory();
  const picture = chart === 'density' ? waterfallPicture() : null;
  let plot: StepPlot | null = null;
  let stopGestures: (() => void) | null = null;
  let lines: readonly ChartLine[] = [];
  let marks: readonly StepMark[] = [];
  let scale: WaterfallScale | null = null;
  let colours: ThemeColours = themeColours();
  let [all, shown]: [readonly [number, number], readonly [number, number]] = [
    [0, 10],
    [0, 10],
  ];
  let selection: readonly [number, number] | null = null;
  let [plotStamp, viewStamp, overlayStamp, legendStamp] = ['', '', '', ''];
  let saidAt = Number.NEGATIVE_INFINITY;
  // Known from the observer: asking the element would lay out the page in the midst of a frame.
  let size = { width: 0, height: 0 };
  let frame = 0;

  /** With the next frame, as the other charts: what follows the pointer, and what is shown of the steps. */
  const schedule = () => {
    if (frame === 0)
      frame = requestAnimationFrame(() => {
        frame = 0;
        drawWhere((_, view) => view !== viewStamp);
      });
  };
  /** In its turn: new records. */
  const drawRecords = () => drawWhere((data, view) => data !== plotStamp || view !== viewStamp);

  function drawWhere(isOld: (data: string, view: string) => boolean): void {
    if (!plot) return;
    const { runs, current } = useRuns.getState();
    const { range } = useTime.getState();
    colours = themeColours();
    const data = dataStamp(runs, current);
    const view = `${range} ${size.width} ${size.height} ${document.documentElement.dataset.theme} ${devicePixelRatio}`;
    if (isOld(data, view)) {
      [plotStamp, viewStamp, overlayStamp] = [data, view, ''];
      drawPlot(plot);
      const now = performance.now();
      if (now - saidAt >= sentenceEveryMs) say(now);
    }
    drawOverlay(plot);
  }

  function drawPlot(on: StepPlot): void {
    const { runs, current } = useRuns.getState();
    const visible = shownRuns(runs, current);
    const studied = runs.find(({ id }) => id === current) ?? null;
    lines = chart === 'density' ? densityLines() : chartLines(chart, runs, current, memory);
    marks = stepMarks(runs, current);
    let [newest, steps] = [0, 0];
    for (const run of studied && visible.length === 0 ? [studied] : visible) {
      newest = Math.max(newest, newestStep(run.series));
      steps = Math.max(steps, run.steps);
    }
    all = [0, lastStepShown(newest, steps)];
    shown = useTime.getState().range ?? all;
    const x = { low: shown[0], high: shown[1] };
    scale = picture && studied ? waterfallScale(studied.series.densities) : null;
    on.draw({ x, y: yAxis(x) });
    tellLegend();
  }

  /** The threshold of the run that is studied lies over its densities. */
  function densityLines(): readonly ChartLine[] {
    const { runs, current } = useRuns.getState();
    const studied = runs.filter(({ id }) => id === current).map((run) => ({ ...run, visible: true }));
    return chartLines('sharpness', studied, current, memory).filter(({ key }) => key.endsWith('threshold'));
  }

  function yAxis(x: PlotArea['x']): ValueAxis {
    const most = Math.max(2, Math.floor(size.height / pixelsPerTick));
    const extent = extentOf(lines, x, options.log);
    let [low, high] = extent ?? (options.log ? [1, 10] : [0, 1]);
    if (scale)
      [low, high] = [Math.min(scale.low, extent ? low : scale.low), Math.max(scale.high, extent ? high : scale.high)];
    if (options.log)
      return valueAxis(low / 1.03, high * 1.03, true, most) ?? { low: 1, high: 10, log: true, ticks: [], labels: [] };
    const margin = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1;
    const [least, greatest] = definition.bounds;
    const [bottom, top] = [low - margin, high + margin];
    const zero = definition.fromZero && chart !== 'density';
    return (
      valueAxis(
        Math.max(least, zero && low >= 0 ? 0 : bottom),
        Math.min(greatest, zero && high <= 0 ? 0 : top),
        false,
        most,
      ) ?? { low: 0, high: 1, log: false, ticks: [], labels: [] }
    );
  }

  function paint(context: CanvasRenderingContext2D, area: PlotArea): void {
    context.save();
    context.beginPath();
    context.rect(area.left, area.top, area.width, area.height);
    context.clip();
    const studied = useRuns.getState().runs.find(({ id }) => id === useRuns.getState().current);
    if (picture && scale && studied) {
      picture.update(studied.series.densities, scale);
      picture.paint(context, area, newestStep(studied.series));
      paintMeasurements(context, area, studied.series.densities);
    }
    for (const line of lines) if (line.spread) paintSpread(context, area, line, line.spread, onPicture());
    for (const line of lines) paintLine(context, area, line, onPicture());
    if (definition.fromZero && area.y.low < 0 && !area.y.log) paintZero(context, area);
    if (lines.length === 0 && !scale) paintEmpty(context, area);
    context.restore();
  }

  /** A tick where each density was measured: between them nothing is known. */
  function paintMeasurements(
    context: CanvasRenderingContext2D,
    area: PlotArea,
    densities: readonly { readonly step: number }[],
  ): void {
    if (densities.length * 8 * area.ratio > area.width) return;
    context.fillStyle = onPicture()('fg-2');
    for (const { step } of densities)
      context.fillRect(
        xOf(area, step) - area.ratio / 2,
        area.top + area.height - 6 * area.ratio,
        area.ratio,
        6 * area.ratio,
      );
  }

  /** The colours of a density are the same in every theme, and so is what lies on them. */
  const onPicture = (): ThemeColours => (picture && scale ? (token) => overPicture[token] ?? colours(token) : colours);

  function paintZero(context: CanvasRenderingContext2D, area: PlotArea): void {
    context.strokeStyle = colours('axis');
    context.lineWidth = area.ratio;
    context.beginPath();
    context.moveTo(area.left, yOf(area, 0));
    context.lineTo(area.left + area.width, yOf(area, 0));
    context.stroke();
  }

  function paintEmpty(context: CanvasRenderingContext2D, area: PlotArea): void {
    context.fillStyle = colours('fg-3');
    context.font = `${13 * area.ratio}px ${colours('font-ui')}`;
    context.textAlign = 'center';
    context.fillText(
      `No ${definition.noun} has been recorded yet.`,
      area.left + area.width / 2,
      area.top + area.height / 2,
    );
  }

  function drawOverlay(on: StepPlot): void {
    const { cursor, hover } = useTime.getState();
    const { runs, current } = useRuns.getState();
    const studied = runs.find(({ id }) => id === current) ?? null;
    const at = cursor ?? (studied ? newestStep(studied.series) : 0);
    const stamp = `${at} ${hover} ${selection}`;
    if (stamp === overlayStamp) return;
    overlayStamp = stamp;
    const area = overlayArea(on.overlay, on.area());
    const context = area && on.overlay.getContext('2d');
    if (!area || !context) return;
    paintOverlay(
      context,
      area,
      { cursor: at, hover, selection, lines, marks, named: hover !== null && on.over.matches(':hover') },
      onPicture(),
    );
    if (picture && studied) {
      const column = columnAt(studied.series.densities, hover ?? at, newestStep(studied.series));
      if (column) paintColumn(context, area, column);
    }
    writeNumbers();
  }

  function writeNumbers(): void {
    const { cursor, hover } = useTime.getState();
    const { runs, current } = useRuns.getState();
    const studied = runs.find(({ id }) => id === current) ?? null;
    const at = hover ?? cursor ?? (studied ? newestStep(studied.series) : 0);
    const measured = studied && picture ? columnAt(studied.series.densities, at, newestStep(studied.series)) : null;
    const label = options.legendNumber(densityKey);
    if (label) write(label.where, measured ? `of step ${stepText(measured[0])}` : '');
    for (const line of lines) {
      const place = options.legendNumber(line.key);
      if (!place) continue;
      const { number, where } = readingText(line, at);
      write(place.number, number);
      write(place.where, where);
    }
  }

  /** Which measurement the cursor speaks of. */
  function paintColumn(context: CanvasRenderingContext2D, area: PlotArea, [from, to]: readonly [number, number]): void {
    const left = Math.max(0, xOf(area, from));
    context.fillStyle = onPicture()('cursor');
    const width = Math.max(3 * area.ratio, Math.min(area.width, xOf(area, to)) - left);
    context.fillRect(left, area.height - 3 * area.ratio, width, 3 * area.ratio);
  }

  function tellLegend(): void {
    const told = lines.filter(({ quiet }) => !quiet);
    const ordered = [
      ...told.filter(({ weight }) => weight === 'strong'),
      ...told.filter(({ weight, held }) => weight === 'thin' && held),
      ...told.filter(({ weight, held }) => weight === 'thin' && !held),
    ];
    const entries = ordered.map(({ key, name, help, colour, dash, weight }) => ({
      key,
      name,
      help,
      colour,
      dash,
      strong: weight === 'strong',
    }));
    const stamp = JSON.stringify([entries, scale?.darkest, scale?.lightest]);
    if (stamp === legendStamp) return;
    legendStamp = stamp;
    options.onLegend(entries, scale);
  }

  function say(now: number): void {
    saidAt = now;
    const { runs, current } = useRuns.getState();
    const sentence = chartSentence(chart, lines, runs.find(({ id }) => id === current) ?? null);
    if (options.figure.getAttribute('aria-label') !== sentence) options.figure.setAttribute('aria-label', sentence);
  }

  function resize(): void {
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (width < 40 || height < 20) return;
    size = { width, height };
    if (!plot) {
      plot = stepPlot(element, {
        width,
        height,
        log: options.log,
        numbered: options.numbered,
        colours: () => colours,
        paint,
      });
      const made = plot;
      stopGestures = listenToGestures({
        over: made.over,
        stepAt: made.stepAt,
        shown: () => shown,
        all: () => all,
        onSelection(next) {
          selection = next;
          schedule();
        },
        ownsWheel: () => !isScrolled(element),
      });
    } else plot.resize(width, height);
    viewStamp = '';
    schedule();
  }

  const observer = new ResizeObserver(resize);
  observer.observe(element);
  const themes = new MutationObserver(schedule);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  // By keyboard a chart is reached for its cursor, its zoom and its menu.
  options.figure.tabIndex = 0;
  const stops = [
    listenToKeys(
      options.figure,
      () => shown,
      () => all,
    ),
    useRuns.subscribe(() => takeTurn(drawRecords)),
    useTime.subscribe(schedule),
    useSettings.subscribe(schedule),
  ];
  resize();

  return {
    writeNumbers,
    dispose() {
      for (const stop of stops) stop();
      observer.disconnect();
      themes.disconnect();
      cancelAnimationFrame(frame);
      leaveTurns(drawRecords);
      stopGestures?.();
      plot?.destroy();
      picture?.dispose();
      plot = null;
    },
  };
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Whether the charts lie in something that has to be scrolled: there a wheel scrolls, and zooms with Ctrl. */
function isScrolled(element: HTMLElement): boolean {
  const parent = element.closest('.time-panel-charts');
  return parent !== null && parent.scrollHeight > parent.clientHeight + 1;
}
