import { useEffect, useRef, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import { useThemeColours } from '../widgets/theme-colours.ts';
import { type PlotContent, type PlotPoints, type QuantityPlot, quantityPlot } from './quantity-plot.ts';
import './quantity-plot.css';

export interface QuantityPlotViewProps {
  readonly title: string;
  /** What is drawn, after the title. */
  readonly quantity: string;
  readonly content: PlotContent;
  /** The picture in words. */
  readonly alternative: string;
}

/** A plot with its title at the left and its legend at the right. */
export function QuantityPlotView({ title, quantity, content, alternative }: QuantityPlotViewProps) {
  const element = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<QuantityPlot | null>(null);
  const colours = useThemeColours();
  const theme = useRef(colours);
  theme.current = colours;
  useEffect(() => {
    if (element.current === null) return;
    const made = quantityPlot(element.current, () => theme.current);
    setPlot(made);
    return () => made.destroy();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is another picture
  useEffect(() => plot?.show(content), [plot, content, colours]);
  const { lines = [], points = [], bars = [] } = content;
  return (
    <figure className="quantity-plot" aria-label={`${title}: ${alternative}`}>
      <figcaption>
        <strong>{title}</strong>
        <span className="quantity-plot-quantity">{quantity}</span>
        <span className="quantity-plot-legend">
          {bars.map(({ name, colour }) => (
            <span key={name}>
              <svg width="14" height="12" aria-hidden="true">
                <path d="M0 12V4h6v8zM7 12V1h6v11z" fill={`var(--${colour})`} opacity="0.5" />
              </svg>
              {name}
            </span>
          ))}
          {lines
            .filter(({ quiet }) => !quiet)
            .map(({ name, colour, dash = [], width = 2 }) => (
              <span key={name}>
                <svg width="20" height="12" aria-hidden="true">
                  <path d="M0 6h20" stroke={`var(--${colour})`} strokeWidth={width} strokeDasharray={dash.join(' ')} />
                </svg>
                {name}
              </span>
            ))}
          {points
            .filter(({ x }) => x.length > 0)
            .map((one) => (
              <span key={one.name}>
                <PointSign {...one} />
                {one.name}
              </span>
            ))}
        </span>
      </figcaption>
      <div className="quantity-plot-drawing" ref={element} role="img" aria-label={alternative} />
    </figure>
  );
}

const signs: Readonly<Record<PlotPoints['shape'], string>> = {
  circle: 'M11 6A5 5 0 1 1 1 6A5 5 0 1 1 11 6Z',
  diamond: 'M6 0L12 6L6 12L0 6Z',
  square: 'M1.5 1.5H10.5V10.5H1.5Z',
  triangle: 'M6 0.5L11.5 11H0.5Z',
  cross: 'M1.5 1.5L10.5 10.5M10.5 1.5L1.5 10.5',
};

export function PointSign({ shape, colour, filled }: Pick<PlotPoints, 'shape' | 'colour' | 'filled'>) {
  return (
    <svg width="12" height="12" aria-hidden="true" className="quantity-plot-sign">
      <path
        d={signs[shape]}
        fill={filled ? `var(--${colour})` : 'none'}
        stroke={`var(--${colour})`}
        strokeWidth="1.5"
      />
    </svg>
  );
}
