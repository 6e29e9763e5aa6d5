import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { ExactCriticalPoint, SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { modesText } from '../../../core/experiment/saddle-figures.ts';
import type { FittedCurve } from '../../../core/figures/index-loss-figure.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { copyCounts, kindOf, type SearchView } from '../../state/searches.ts';
import { kindPaths } from './kind-sign.tsx';
import {
  labelPlace,
  nearestPoint,
  neighbour,
  type PlacedPoint,
  type ScatterLayout,
  type ScatterSize,
  scatterLayout,
  sizeOf,
} from './scatter-layout.ts';
import { indexText, pointSentence } from './words.ts';

export interface ScatterProps {
  readonly points: readonly SearchedPoint[];
  /** With the copies, which make a sign larger. */
  readonly all: readonly SearchedPoint[];
  readonly exact: readonly ExactCriticalPoint[];
  readonly curve: FittedCurve | null;
  readonly dim: number;
  readonly view: SearchView;
  readonly selected: number | null;
  readonly onSelect: (point: SearchedPoint, isByKey: boolean) => void;
}

/** Steps along the points, by keys. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Points by index and loss: clicked, or walked along by the arrow keys in the order of their losses. */
export function Scatter({ points, all, exact, curve, dim, view, selected, onSelect }: ScatterProps) {
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const [hovered, setHovered] = useState<PlacedPoint | null>(null);
  const counts = useMemo(() => copyCounts(all), [all]);
  const layout = useMemo(
    () => size && scatterLayout({ points, exact, curve, dim, view, counts }, size),
    [points, exact, curve, dim, view, counts, size],
  );
  const placed = layout?.points ?? [];
  const chosen = placed.find(({ point }) => point.number === selected) ?? null;
  const under = (event: PointerEvent): PlacedPoint | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearestPoint(placed, event.clientX - box.left, event.clientY - box.top);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = keySteps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = neighbour(placed, selected, by);
    if (next) onSelect(next, true);
  };
  const live = hovered && placed.find(({ point }) => point.number === hovered.point.number);
  return (
    <div
      ref={element}
      className="scatter-plot"
      role="application"
      aria-roledescription="chart"
      aria-label={`Index against loss of ${placed.length} points. Arrow keys select the next one by loss.${chosen ? ` Selected: ${pointSentence(chosen.point)}.` : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: points are walked along by keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => setHovered(under(event))}
      onPointerLeave={() => setHovered(null)}
      onPointerDown={(event) => {
        const point = event.button === 0 ? under(event) : null;
        if (point) onSelect(point.point, false);
      }}
    >
      {layout && size ? (
        <svg width={size.width} height={size.height} aria-hidden="true">
          <Axes layout={layout} view={view} dim={dim} />
          {layout.curve === '' ? null : <path className="scatter-theory" d={layout.curve} />}
          {layout.exact.map(({ point, x, y }) => (
            <circle key={modesText(point.modes)} className="kind-exact" cx={x} cy={y} r="8.5">
              <title>{`exact, modes ${modesText(point.modes)}: loss ${numberText(point.loss, 4)}, index ${point.negative}`}</title>
            </circle>
          ))}
          <Signs points={placed} />
          {live && live.point.number !== selected ? <Label placed={live} layout={layout} isQuiet /> : null}
          {chosen ? <Label placed={chosen} layout={layout} /> : null}
        </svg>
      ) : null}
    </div>
  );
}

function useSize(element: RefObject<HTMLElement | null>): ScatterSize | null {
  const [size, setSize] = useState<ScatterSize | null>(null);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width > 120 && height > 100) setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

interface AxesProps {
  readonly layout: ScatterLayout;
  readonly view: SearchView;
  readonly dim: number;
}

function Axes({ layout: { plot, xTicks, yTicks, below }, view, dim }: AxesProps) {
  const middle = (plot.top + plot.bottom) / 2;
  return (
    <g className="scatter-axes">
      {yTicks.map(({ at, text }) => (
        <g key={text}>
          <path className="scatter-grid" d={`M${plot.left} ${at}H${plot.right}`} />
          <text x={plot.left - 8} y={at + 4} textAnchor="end" className="numeral">
            {text}
          </text>
        </g>
      ))}
      <path className="scatter-line" d={`M${plot.left} ${plot.bottom}H${plot.right}`} />
      {xTicks.map(({ at, text }) => (
        <g key={text}>
          <path className="scatter-line" d={`M${at} ${plot.bottom}v4`} />
          <text x={at} y={plot.bottom + 18} textAnchor="middle" className="numeral">
            {text}
          </text>
        </g>
      ))}
      <text x={(plot.left + plot.right) / 2} y={plot.bottom + 37} textAnchor="middle" className="scatter-title">
        {view.axis === 'fraction' ? `Index fraction, negative eigenvalues / ${dim}` : 'Index, negative eigenvalues'}
      </text>
      <text
        transform={`translate(${plot.left - 50} ${middle}) rotate(-90)`}
        textAnchor="middle"
        className="scatter-title"
      >
        Loss L{below > 0 ? `, ${below} below the axis` : ''}
      </text>
    </g>
  );
}

/** The best kinds over the others. */
function Signs({ points }: { readonly points: readonly PlacedPoint[] }) {
  const ordered = [...points].sort((a, b) => Number(a.point.certified) - Number(b.point.certified));
  return (
    <g>
      {ordered.map(({ point, x, y, found }) => (
        <path
          key={point.number}
          className={`kind-${kindOf(point)}`}
          d={kindPaths[kindOf(point)]}
          transform={`translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${sizeOf(found).toFixed(2)})`}
        />
      ))}
    </g>
  );
}

interface LabelProps {
  readonly placed: PlacedPoint;
  readonly layout: ScatterLayout;
  readonly isQuiet?: boolean;
}

function Label({ placed, layout, isQuiet = false }: LabelProps) {
  const { point, x, y, found } = placed;
  const place = labelPlace(placed, layout.points, layout.plot);
  const radius = 6 + 4 * sizeOf(found);
  const [dx, dy] = [place.x - x, place.y + (place.y < y ? 22 : -14) - y];
  const length = Math.hypot(dx, dy) || 1;
  const line = `M${x + (radius * dx) / length} ${y + (radius * dy) / length}L${x + dx} ${y + dy}`;
  return (
    <g className={isQuiet ? 'scatter-label scatter-label-quiet' : 'scatter-label'}>
      <circle cx={x} cy={y} r={radius} />
      <path d={line} />
      <text x={place.x} y={place.y} textAnchor={place.anchor}>
        point {point.number}
        {found > 1 ? `, found ${found} times` : ''}
      </text>
      <text x={place.x} y={place.y + 16} textAnchor={place.anchor} className="numeral">
        L {numberText(point.loss, 4)}, index {indexText(point.index, point.certified)}
      </text>
    </g>
  );
}
