import type { KeyboardEvent } from 'react';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { PointSign } from '../../charts/quantity-plot-view.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { lookOf } from './search-plot.tsx';

export interface SearchTableProps {
  readonly points: readonly SearchedPoint[];
  readonly selected: number | null;
  readonly onSelect: (number: number) => void;
}

const number = (value: number | null | undefined, digits?: number): string =>
  value === null || value === undefined ? '–' : numeralText(value, digits);

/** What was found; arrows move from row to row, Enter or Space chooses one. */
export function SearchTable({ points, selected, onSelect }: SearchTableProps) {
  if (points.length === 0) return <p className="lesson-scene-empty">No points yet. Press Run.</p>;
  const tabStop = points.some((point) => point.number === selected) ? selected : points[0]?.number;
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, at: number) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      const rows = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('tr');
      rows?.[Math.min(points.length - 1, Math.max(0, at + by))]?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(points[at]!.number);
    }
  };
  return (
    <div className="lesson-table">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows of a grid can be chosen, those of a table cannot */}
      <table role="grid" aria-label="Points">
        <thead>
          <tr>
            <th scope="col">Point</th>
            <th scope="col">Loss</th>
            <th scope="col">Index</th>
            <th scope="col">‖∇L‖</th>
            <th scope="col">r</th>
            <th scope="col">min |λ|</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point, at) => {
            const look = lookOf(point);
            return (
              <tr
                key={point.number}
                aria-selected={point.number === selected}
                tabIndex={point.number === tabStop ? 0 : -1}
                onClick={() => onSelect(point.number)}
                onKeyDown={(event) => onKeyDown(event, at)}
              >
                <td>
                  <PointSign {...look} /> {point.number} {look.name}
                </td>
                <td>{number(point.loss, 4)}</td>
                <td>{number(point.index?.negative)}</td>
                <td>{number(Math.sqrt(point.gradientNormSquared), 2)}</td>
                <td>{number(point.residual, 3)}</td>
                <td>{number(point.smallest === null ? null : Math.abs(point.smallest.value), 2)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
