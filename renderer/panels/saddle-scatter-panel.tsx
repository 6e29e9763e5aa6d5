import { useMemo, useState } from 'react';
import { searchIndexFigure } from '../../core/experiment/saddle-figures.ts';
import { type SearchFigureId, searchFigure, searchFigureTitles } from '../../core/experiment/search-figures.ts';
import { fittedCurve } from '../../core/figures/index-loss-figure.ts';
import type { Theme } from '../../core/figures/theme.ts';
import type { ShownSearch } from '../../core/protocol/methods.ts';
import { startSearch } from '../actions/saddle-actions.ts';
import { FigureMenu } from '../figures/figure-menu.tsx';
import { useFigureTheme } from '../figures/figure-theme.ts';
import { FigureView } from '../figures/figure-view.tsx';
import { type SaddleSubject, useSaddleSubject } from '../state/saddle-form.ts';
import {
  changeView,
  dimensionOf,
  exactOf,
  type HeldSearch,
  kindOf,
  pointKinds,
  type SearchView,
  selectPoint,
  useSearches,
  useSelectedPoint,
  useShownSearch,
  visiblePoints,
} from '../state/searches.ts';
import { announce } from '../state/session.ts';
import { MenuButton } from '../widgets/menu-button.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { Numeral } from '../widgets/numbers.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { KindSign } from './saddles/kind-sign.tsx';
import { NothingShown } from './saddles/nothing-shown.tsx';
import { Scatter } from './saddles/scatter.tsx';
import { finderTitle, fromWords, kindWords, pointSentence } from './saddles/words.ts';
import './saddles/saddles.css';

/** The index of every point against its loss, live while a search runs; what is proved is filled. */
export function SaddleScatterPanel() {
  const subject = useSaddleSubject();
  const search = useShownSearch(subject?.key ?? '');
  const view = useSearches((state) => state.view);
  const [wanted, setShown] = useState<ShownFigure>('index-loss');
  // The other figures are of what is whole.
  const shown = search?.document ? wanted : 'index-loss';
  return (
    <section className="saddle-panel" aria-label="Index and loss">
      <PanelHead title={shown === 'index-loss' ? 'Index and loss' : searchFigureTitles[shown]}>
        {shown === 'index-loss' ? (
          <Segmented
            label="Across"
            value={view.axis}
            options={[
              { id: 'fraction', title: 'Index fraction', help: 'negative eigenvalues of all' },
              { id: 'count', title: 'Index', help: 'number of negative eigenvalues' },
            ]}
            onChange={(axis) => changeView({ axis })}
          />
        ) : null}
        <MenuButton
          label="How index and loss are drawn"
          items={[...figureEntries(shown, setShown, search), ...viewEntries(view, search)]}
        />
      </PanelHead>
      {subject === null || search === null ? (
        <EmptyState
          sentence={
            subject === null
              ? 'Each critical point that a search finds stands here by its index and its loss.'
              : 'No search for critical points of this loss has been made yet.'
          }
          action={subject?.description ? { title: 'Start search', onPress: () => startSearch(subject) } : undefined}
        />
      ) : shown === 'index-loss' || search.document === null ? (
        <Drawn subject={subject} search={search} view={view} />
      ) : (
        <Drawing document={search.document} id={shown} />
      )}
    </section>
  );
}

type ShownFigure = Exclude<SearchFigureId, 'point-spectrum'>;

const shownFigures: readonly ShownFigure[] = ['index-loss', 'eigenvalue-histograms', 'gradient-histories'];

const figureEntries = (shown: ShownFigure, choose: (id: ShownFigure) => void, search: HeldSearch | null): MenuEntry[] =>
  shownFigures.map((id) => ({
    id,
    title: searchFigureTitles[id],
    section: 'figure',
    isChecked: id === shown,
    isDisabled: id !== 'index-loss' && !search?.document,
    onAction: () => choose(id),
  }));

/** One of the other figures of a search. */
function Drawing({ document, id }: { readonly document: ShownSearch; readonly id: ShownFigure }) {
  const theme = useFigureTheme();
  const figure = useMemo(() => searchFigure(document, id, theme), [document, id, theme]);
  if (figure === null) return <EmptyState sentence="No point of this search has all of its eigenvalues." />;
  return (
    <FigureMenu figure={() => searchFigure(document, id, 'light')}>
      <FigureView className="saddle-spectrum" figure={figure} />
    </FigureMenu>
  );
}

const viewEntries = (view: SearchView, search: HeldSearch | null): MenuEntry[] => [
  {
    id: 'log',
    title: 'Logarithmic loss',
    isChecked: view.scale === 'log',
    onAction: () => changeView({ scale: view.scale === 'log' ? 'linear' : 'log' }),
  },
  {
    id: 'exact',
    title: 'Exact critical points',
    section: 'over',
    isChecked: view.exact,
    isDisabled: exactOf(search).length === 0,
    ...(exactOf(search).length === 0 ? { help: 'Known in closed form for two-layer linear networks' } : {}),
    onAction: () => changeView({ exact: !view.exact }),
  },
  {
    id: 'theory',
    title: 'Bray–Dean curve, fitted',
    section: 'over',
    help: 'Mean loss at an index in a Gaussian random field',
    isChecked: view.theory,
    onAction: () => changeView({ theory: !view.theory }),
  },
];

interface DrawnProps {
  readonly subject: SaddleSubject;
  readonly search: HeldSearch;
  readonly view: SearchView;
}

function Drawn({ subject, search, view }: DrawnProps) {
  const selected = useSelectedPoint(subject.key)?.number ?? null;
  const points = useMemo(() => visiblePoints(search.points, view), [search.points, view]);
  const dim = dimensionOf(search);
  const exact = view.exact ? exactOf(search) : [];
  const curve = useMemo(() => {
    const known = points.flatMap(({ loss, index }) => (index ? [{ loss, negative: index.negative }] : []));
    return view.theory && dim !== null ? fittedCurve(known, dim) : null;
  }, [points, dim, view.theory]);
  const figure = (theme: Theme) =>
    dim === null
      ? null
      : searchIndexFigure(
          {
            points,
            dim,
            exact: search.document?.exact ?? null,
            command: search.document?.command ?? '',
            caption: captionOf(search, points.length),
          },
          view,
          theme,
        );
  const unseen = points.filter(({ index, loss }) => index === null || !Number.isFinite(loss)).length;
  return (
    <FigureMenu figure={() => figure('light')}>
      <div className="scatter">
        <div className="scatter-head">
          <p>
            <b>{view.axis === 'fraction' ? 'Share of negative eigenvalues' : 'Negative eigenvalues'}</b> against loss at
            the point
          </p>
          <ul className="scatter-legend">
            {pointKinds.map((kind) => {
              const count = points.filter((point) => kindOf(point) === kind).length;
              return count === 0 ? null : (
                <li key={kind} title={kindWords[kind].meaning}>
                  <KindSign kind={kind} /> {kindWords[kind].word} <Numeral value={count} />
                </li>
              );
            })}
            {exact.length > 0 ? (
              <li title="Critical points that are known in closed form, by loss and index">
                <svg className="kind-sign kind-exact" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
                  <circle r="6" />
                </svg>{' '}
                exact <Numeral value={exact.length} />
              </li>
            ) : null}
            {curve ? (
              <li title="Bray and Dean 2007, both numbers fitted to the points that are drawn">
                <svg
                  className="kind-sign scatter-theory"
                  width="18"
                  height="14"
                  viewBox="0 -7 18 14"
                  aria-hidden="true"
                >
                  <path d="M0 0H18" />
                </svg>{' '}
                Bray–Dean, fitted
              </li>
            ) : null}
          </ul>
        </div>
        {dim === null ? (
          <EmptyState
            sentence={
              search.state === 'running'
                ? 'The first points are being searched: each appears here as soon as it is judged.'
                : 'No point of this search has an index.'
            }
          />
        ) : points.length + exact.length === 0 ? (
          <NothingShown found={search.points.length} />
        ) : (
          <Scatter
            points={points}
            all={search.points}
            exact={exact}
            curve={curve}
            dim={dim}
            view={view}
            selected={selected}
            onSelect={(point, isByKey) => {
              selectPoint(subject.key, point.number);
              if (isByKey) announce(pointSentence(point));
            }}
          />
        )}
        {unseen > 0 ? (
          <p className="scatter-note">
            {unseen} {unseen === 1 ? 'point has' : 'points have'} no index or no finite loss and no place here.
          </p>
        ) : null}
      </div>
    </FigureMenu>
  );
}

function captionOf(search: HeldSearch, drawn: number): string {
  const { finder, from, points, starts } = search;
  const left = points.length - drawn;
  return [
    `${finderTitle(finder)}, ${points.length} of ${starts} starts ${fromWords[from]}.`,
    'Filled: a bound in float64 proves a true critical point and its index.',
    left > 0 ? `${left} more points are copies or of kinds that are not shown.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
