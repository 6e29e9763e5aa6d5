import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import { superscript } from '../../core/figures/number-text.ts';
import { useRuns } from '../state/runs.ts';
import type { ChartId } from '../state/settings.ts';
import { chartDefinitions } from './chart-definitions.ts';
import { type ChartDrawing, chartDrawing, densityKey, type LegendEntry, type LegendNumber } from './chart-drawing.ts';
import { colourGradient } from './colour-map.ts';
import type { WaterfallScale } from './waterfall.ts';
import './live-chart.css';

export interface LiveChartProps {
  readonly chart: ChartId;
  readonly log: boolean;
  /** Whether the step axis has its numbers here, or below at another chart. */
  readonly numbered: boolean;
}

/** Characters of names and numbers that fit beside a title; longer legends have rows of their own. */
const charactersBesideTitle = 75;
const charactersOfNumber = 18;

const isCrowded = (legend: readonly LegendEntry[]): boolean =>
  legend.reduce((sum, { name }) => sum + name.length + charactersOfNumber, 0) > charactersBesideTitle;

/** A chart over the steps: title and quantity at the left, what is drawn and its numbers at the cursor at the right. */
export function LiveChart({ chart, log, numbered }: LiveChartProps) {
  const figure = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const numbers = useRef(new Map<string, LegendNumber>());
  const drawing = useRef<ChartDrawing | null>(null);
  const [legend, setLegend] = useState<readonly LegendEntry[]>([]);
  const [scale, setScale] = useState<WaterfallScale | null>(null);
  const { title, quantity } = chartDefinitions[chart];
  // A text, so that new records do not draw the component anew.
  const remark = useRuns(({ runs, current }) => {
    const run = runs.find(({ id }) => id === current) ?? null;
    // A density is of one run, however many lines the other charts have.
    const whose = chart === 'density' && run && runs.some(({ id, visible }) => visible && id !== current);
    return `${whose ? `${run.title}: ` : ''}${quantity(run)}`;
  });

  useEffect(() => {
    if (!plot.current || !figure.current) return;
    const made = chartDrawing({
      chart,
      log,
      numbered,
      element: plot.current,
      figure: figure.current,
      onLegend(entries, colours) {
        setLegend(entries);
        setScale(colours);
      },
      legendNumber: (key) => numbers.current.get(key) ?? null,
    });
    drawing.current = made;
    return () => made.dispose();
  }, [chart, log, numbered]);

  useLayoutEffect(() => {
    if (legend.length > 0 || scale) drawing.current?.writeNumbers();
  }, [legend, scale]);

  return (
    <div className="live-chart" ref={figure} role="img" aria-label={title} data-figure={chart}>
      <div className={`live-chart-head${isCrowded(legend) ? ' live-chart-crowded' : ''}`}>
        <span className="live-chart-title">{title}</span>
        <span className="live-chart-quantity">{remark}</span>
        <span className="live-chart-legend">
          {legend.map(({ key, name, help, colour, dash, strong }) => (
            <span className="live-chart-entry" key={key} title={help ?? undefined}>
              <svg width="16" height="10" aria-hidden="true">
                <path
                  d="M0 5h16"
                  stroke={`var(--${colour})`}
                  strokeWidth={strong ? 2.25 : 1.5}
                  strokeDasharray={dash.join(' ')}
                />
              </svg>
              {name}
              <LegendNumberText name={key} numbers={numbers.current} />
            </span>
          ))}
          {scale ? <DensityLegend scale={scale} numbers={numbers.current} /> : null}
        </span>
      </div>
      <div className="live-chart-plot" ref={plot} />
    </div>
  );
}

type LegendNumbers = Map<string, LegendNumber>;

/** Filled in by the drawing, which knows it by its name. */
function LegendNumberText({ name, numbers }: { readonly name: string; readonly numbers: LegendNumbers }) {
  return (
    <span
      className="live-chart-number"
      ref={(element) => {
        const [number, where] = element?.children ?? [];
        if (number instanceof HTMLElement && where instanceof HTMLElement) numbers.set(name, { number, where });
        else numbers.delete(name);
      }}
    >
      <b />
      <small />
    </span>
  );
}

function DensityLegend({
  scale: { darkest, lightest },
  numbers,
}: {
  readonly scale: WaterfallScale;
  readonly numbers: LegendNumbers;
}) {
  return (
    <span
      className="live-chart-entry"
      title={`Colours from a density of 10${superscript(darkest)} and less to 10${superscript(lightest)}. Each measurement, marked at the bottom, is shown until the next one.`}
    >
      <LegendNumberText name={densityKey} numbers={numbers} />
      <b>{String(darkest).replace('-', '−')}</b>
      <span className="live-chart-colours" style={{ background: colourGradient('viridis', 'to right') }} />
      <b>{String(lightest).replace('-', '−')}</b>
    </span>
  );
}
