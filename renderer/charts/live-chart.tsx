import { useEffect, useRef, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import { useCurrentRun } from '../state/runs.ts';
import type { ChartId } from '../state/settings.ts';
import { chartDefinitions } from './chart-definitions.ts';
import { chartDrawing, type LegendEntry } from './chart-drawing.ts';
import { colourGradient } from './colour-map.ts';
import './live-chart.css';
import { superscript } from '../../core/figures/number-text.ts';
import type { WaterfallScale } from './waterfall.ts';

export interface LiveChartProps {
  readonly chart: ChartId;
  readonly log: boolean;
  /** Whether the step axis has its numbers here, or below at another chart. */
  readonly numbered: boolean;
}

/** A chart over the steps: title and quantity at the left, what is drawn and its numbers at the cursor at the right. */
export function LiveChart({ chart, log, numbered }: LiveChartProps) {
  const figure = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const numbers = useRef(new Map<string, HTMLElement>());
  const [legend, setLegend] = useState<readonly LegendEntry[]>([]);
  const [scale, setScale] = useState<WaterfallScale | null>(null);
  const run = useCurrentRun();
  const { title, quantity } = chartDefinitions[chart];

  useEffect(() => {
    if (!plot.current || !figure.current) return;
    return chartDrawing({
      chart,
      log,
      numbered,
      element: plot.current,
      figure: figure.current,
      onLegend(entries, colours) {
        setLegend(entries);
        setScale(colours);
      },
      numberElement: (key) => numbers.current.get(key) ?? null,
    });
  }, [chart, log, numbered]);

  return (
    <div className="live-chart" ref={figure} role="img" aria-label={title} data-figure={chart}>
      <div className="live-chart-head">
        <span className="live-chart-title">{title}</span>
        <span className="live-chart-quantity">{quantity(run)}</span>
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
              <b
                ref={(element) => {
                  if (element) numbers.current.set(key, element);
                  else numbers.current.delete(key);
                }}
              />
            </span>
          ))}
          {scale ? <DensityLegend scale={scale} /> : null}
        </span>
      </div>
      <div className="live-chart-plot" ref={plot} />
    </div>
  );
}

function DensityLegend({ scale: { darkest, lightest } }: { readonly scale: WaterfallScale }) {
  return (
    <span
      className="live-chart-entry"
      title={`Colours from a density of 10${superscript(darkest)} and less to 10${superscript(lightest)}.`}
    >
      <b>{String(darkest).replace('-', '−')}</b>
      <span className="live-chart-colours" style={{ background: colourGradient('viridis', 'to right') }} />
      <b>{String(lightest).replace('-', '−')}</b>
    </span>
  );
}
