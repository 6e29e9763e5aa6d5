import { useMemo, useState } from 'react';
import { copyTable } from '../actions/saddle-actions.ts';
import { useSaddleSubject } from '../state/saddle-form.ts';
import {
  copyCounts,
  type HeldSearch,
  selectPoint,
  useSearches,
  useSelectedPoint,
  useShownSearch,
  visiblePoints,
} from '../state/searches.ts';
import { announce } from '../state/session.ts';
import { Button } from '../widgets/button.tsx';
import { TextField } from '../widgets/fields.tsx';
import { Numeral } from '../widgets/numbers.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { NothingShown } from './saddles/nothing-shown.tsx';
import { filteredRows, pointRows, type Sorting, sortedRows, tableOf } from './saddles/point-rows.ts';
import { PointTable } from './saddles/point-table.tsx';
import { pointSentence } from './saddles/words.ts';
import './saddles/saddles.css';

/** Every point that is shown, as a table. */
export function SaddlePointsPanel() {
  const subject = useSaddleSubject();
  const key = subject?.key ?? '';
  const search = useShownSearch(key);
  const view = useSearches((state) => state.view);
  const selected = useSelectedPoint(key)?.number ?? null;
  const [sorting, setSorting] = useState<Sorting>({ column: 'loss', descending: false });
  const [filter, setFilter] = useState<string | null>(null);
  const rows = useMemo(() => {
    if (search === null) return [];
    const all = pointRows(visiblePoints(search.points, view), copyCounts(search.points));
    return sortedRows(filteredRows(all, filter ?? ''), sorting);
  }, [search, view, filter, sorting]);
  return (
    <section className="saddle-panel" aria-label="Points">
      <PanelHead title="Points" note={search === null ? undefined : <Numeral value={rows.length} />}>
        <Button
          variant="quiet"
          size="small"
          isPressed={filter !== null}
          onPress={() => setFilter(filter === null ? '' : null)}
          isDisabled={search === null}
        >
          Filter
        </Button>
        <Button
          variant="quiet"
          size="small"
          isDisabled={rows.length === 0}
          tooltip="All columns with all digits, for a table program"
          onPress={() => {
            const { columns, cells } = tableOf(rows);
            void copyTable(columns, cells);
          }}
        >
          Copy table
        </Button>
      </PanelHead>
      {search === null ? (
        <EmptyState sentence="The points that a search finds are listed here, with what is proved of each." />
      ) : (
        <>
          {filter === null ? null : (
            <div className="point-filter">
              <TextField
                label="Filter points"
                hideLabel
                autoFocus
                placeholder="certified, index 2, loss < 0.5, r > 0.9 …"
                value={filter}
                onChange={setFilter}
              />
            </div>
          )}
          {rows.length === 0 ? (
            <Nothing search={search} filter={filter ?? ''} />
          ) : (
            <PointTable
              rows={rows}
              sorting={sorting}
              onSort={setSorting}
              selected={selected}
              onSelect={(point, isByKey) => {
                selectPoint(key, point.number);
                if (isByKey) announce(pointSentence(point));
              }}
            />
          )}
        </>
      )}
    </section>
  );
}

function Nothing({ search, filter }: { readonly search: HeldSearch; readonly filter: string }) {
  if (search.points.length === 0)
    return (
      <EmptyState
        sentence={
          search.state === 'running' ? 'The first points are being searched.' : 'This search has found no point.'
        }
      />
    );
  return filter === '' ? (
    <NothingShown found={search.points.length} />
  ) : (
    <EmptyState sentence={`No point that is shown fits “${filter}”.`} />
  );
}
