import { useMemo } from 'react';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import type { PlotContent, PlotPoints } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';

/** Sign, colour and word of each kind of point: filled where there is a proof. */
export const pointLooks = [
  { name: 'certified', colour: 'ok', shape: 'diamond', filled: true },
  { name: 'critical, no proof', colour: 'c-1', shape: 'diamond', filled: false },
  { name: 'gradient-flat', colour: 'warn', shape: 'square', filled: false },
  { name: 'not converged', colour: 'fg-3', shape: 'triangle', filled: false },
  { name: 'at infinity', colour: 'fg-3', shape: 'cross', filled: false },
] as const satisfies readonly Pick<PlotPoints, 'name' | 'colour' | 'shape' | 'filled'>[];

const lookOfVerdict = { critical: 1, gradientFlat: 2, notConverged: 3, atInfinity: 4 } as const;

export const lookOf = ({ verdict, certified }: SearchedPoint): (typeof pointLooks)[number] =>
  pointLooks[certified ? 0 : lookOfVerdict[verdict]];

export function searchSentence(points: readonly SearchedPoint[]): string {
  const count = (name: string) => points.filter((point) => lookOf(point).name === name).length;
  const told = pointLooks.map(({ name }) => `${count(name)} ${name}`).filter((text) => !text.startsWith('0 '));
  return `${points.length} points: ${told.join(', ')}.`;
}

export interface SearchPlotProps {
  readonly points: readonly SearchedPoint[];
  readonly selected: number | null;
}

/** Index against loss, by verdict. */
export function SearchPlot({ points, selected }: SearchPlotProps) {
  const content = useMemo(() => contentOf(points, selected), [points, selected]);
  return (
    <QuantityPlotView
      title="Index against loss"
      quantity="negative eigenvalues where each search ended"
      content={content}
      alternative={points.length === 0 ? 'No points yet.' : searchSentence(points)}
    />
  );
}

function contentOf(points: readonly SearchedPoint[], selected: number | null): PlotContent {
  const counted = points.filter(({ index }) => index !== null);
  const highest = Math.max(0, ...counted.map(({ index }) => index?.negative ?? 0));
  return {
    x: { title: 'Loss L' },
    // Halves of a direction there are none.
    y: { title: 'Index', low: -0.4, ...(highest < 6 ? { high: 6.4 } : {}) },
    points: pointLooks.map((look) => {
      const members = counted.filter((point) => lookOf(point) === look);
      const chosen = members.findIndex(({ number }) => number === selected);
      return {
        ...look,
        size: 6,
        x: members.map(({ loss }) => loss),
        y: members.map(({ index }) => index?.negative ?? 0),
        chosen: chosen < 0 ? null : chosen,
      };
    }),
  };
}
