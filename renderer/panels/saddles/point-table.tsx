import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { Icon } from '../../widgets/icon.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { durationText } from '../jobs/job-text.ts';
import { KindSign } from './kind-sign.tsx';
import type { PointColumn, PointRow, Sorting } from './point-rows.ts';
import { indexText, kindWords, smallText } from './words.ts';

export interface PointTableProps {
  readonly rows: readonly PointRow[];
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  readonly selected: number | null;
  readonly onSelect: (point: SearchedPoint, isByKey: boolean) => void;
}

interface Column {
  readonly id: PointColumn;
  readonly title: ReactNode;
  /** For those who hear it. */
  readonly name: string;
  readonly cell: (row: PointRow) => ReactNode;
}

const sizeText = (value: number | null, digits = 2): string => (value === null ? '–' : smallText(value, digits));

const signed = (value: number): string => `${value > 0 ? '+' : ''}${numeralText(value, 3)}`;

const columns: readonly Column[] = [
  { id: 'number', title: 'Point', name: 'number', cell: ({ point }) => point.number },
  { id: 'loss', title: 'Loss L', name: 'loss', cell: ({ point }) => numeralText(point.loss, 6) },
  { id: 'index', title: 'Index', name: 'index', cell: ({ point }) => indexText(point.index, point.certified) },
  { id: 'gradient', title: '‖∇L‖', name: 'gradient norm', cell: ({ gradientNorm }) => sizeText(gradientNorm) },
  { id: 'residual', title: 'r', name: 'relative residual r', cell: ({ point }) => sizeText(point.residual) },
  {
    id: 'lowest',
    title: 'λ min',
    name: 'most negative eigenvalue',
    cell: ({ point: { lowest, index } }) =>
      lowest === null ? '–' : Math.abs(lowest.value) <= (index?.tolerance ?? 0) ? '0' : signed(lowest.value),
  },
  { id: 'found', title: 'Found', name: 'how often it was found', cell: ({ found }) => `${found}×` },
  {
    id: 'kind',
    title: 'Status',
    name: 'status',
    cell: ({ kind }) => (
      <span className={`point-status kind-text-${kind}`}>
        <KindSign kind={kind} />
        {kindWords[kind].word}
      </span>
    ),
  },
  { id: 'seconds', title: 'Time', name: 'time', cell: ({ point }) => durationText(point.stats.seconds) },
];

/** As the style sheet has it. */
const rowHeight = 26;
/** Drawn beyond what is seen, so that a short way needs no new rows. */
const spare = 8;

/** Only the rows that are seen are made. Arrow keys move the selection; heads sort. */
export function PointTable({ rows, sorting, onSort, selected, onSelect }: PointTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 400 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight || 400 });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const at = rows.findIndex(({ point }) => point.number === selected);
  // Wherever it was selected, the row is seen.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || at < 0) return;
    const [top, bottom] = [at * rowHeight, (at + 2) * rowHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }, [at]);
  const first = Math.max(0, Math.floor(seen.top / rowHeight) - spare);
  const last = Math.min(rows.length, Math.ceil((seen.top + seen.height) / rowHeight) + spare);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(seen.height / rowHeight) - 2);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const wanted = to[event.key];
    if (wanted === undefined || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    const row = rows[Math.min(rows.length - 1, Math.max(0, wanted))];
    if (row) onSelect(row.point, true);
  };
  return (
    <div className="point-table-scroller" ref={scroller}>
      <table
        className="point-table"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are selected, and walked along by keys
        role="grid"
        aria-label="Points"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={at < 0 ? undefined : `point-row-${selected}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ id, title, name }) => (
              <th
                key={id}
                scope="col"
                className={`point-column-${id}`}
                aria-sort={sorting.column === id ? (sorting.descending ? 'descending' : 'ascending') : undefined}
              >
                <button
                  type="button"
                  aria-label={`Sort by ${name}`}
                  onClick={() => onSort({ column: id, descending: sorting.column === id && !sorting.descending })}
                >
                  {title}
                  {sorting.column === id ? (
                    <Icon name={sorting.descending ? 'chevron-down' : 'chevron-up'} size={12} />
                  ) : null}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 ? <tr style={{ height: first * rowHeight }} /> : null}
          {rows.slice(first, last).map((row, i) => (
            <tr
              key={row.point.number}
              id={`point-row-${row.point.number}`}
              aria-rowindex={first + i + 2}
              aria-selected={row.point.number === selected}
              className={row.point.number === selected ? 'point-row-selected' : undefined}
              onClick={() => onSelect(row.point, false)}
            >
              {columns.map(({ id, cell }) => (
                <td key={id} className={`point-column-${id}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {last < rows.length ? <tr style={{ height: (rows.length - last) * rowHeight }} /> : null}
        </tbody>
      </table>
    </div>
  );
}
