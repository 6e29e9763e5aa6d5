import { Fragment, type ReactNode } from 'react';
import type { EigenSubspace } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import type { ComparedSpectrum } from '../../../core/experiment/spectrum-figures.ts';
import { Icon } from '../../widgets/icon.tsx';
import { CompactCertified } from './compact-certified.tsx';
import { sizeText } from './compact-text.ts';
import './eigenvalue-table.css';

type Eigenvalue = SpectrumDocument['eigenvalues'][number];

/** What the analysis asks for by itself: the relative error of each eigenvalue. */
export const wantedError = ({ precision }: Pick<SpectrumDocument, 'precision'>): number =>
  precision === 'float64' ? 1e-8 : 1e-4;

/**
 * Whether one eigenvalue of a spectrum is as accurate as was wanted: all of them where the search converged, else those
 * whose estimated error is small enough.
 */
export function isAccurate(document: SpectrumDocument, { value, errorEstimate }: Eigenvalue): boolean {
  const whole = document.parts.eigenvalues;
  if (whole === 'converged' || whole === 'invariantSubspace') return true;
  return errorEstimate <= wantedError(document) * Math.abs(value);
}

/** Which eigenvalue is meant: the end of its list and its place there. */
export interface EigenvaluePlace {
  readonly end: EigenSubspace['end'];
  readonly index: number;
}

/** What a panel with room shows of every eigenvalue besides. */
export interface EigenvalueDetails {
  /** Beside each pair: its layers as a bar. */
  readonly layers: ((pair: Eigenvalue) => ReactNode) | null;
  readonly selected: EigenvaluePlace | null;
  readonly onSelect: (place: EigenvaluePlace) => void;
}

export interface EigenvalueTableProps {
  readonly document: SpectrumDocument;
  /** At most so many of either end. */
  readonly most?: number;
  /** Another spectrum beside it, rank by rank, and what the two are called. */
  readonly compared?: ComparedSpectrum | null;
  readonly details?: EigenvalueDetails | undefined;
}

interface RankedRow extends EigenvaluePlace {
  readonly name: string;
  readonly own: Eigenvalue | null;
  readonly other: Eigenvalue | null;
}

interface RankedList {
  readonly end: EigenSubspace['end'];
  /** Above the list, where there is more than one. */
  readonly title: string;
  readonly rows: readonly RankedRow[];
}

const ends: readonly (readonly [
  end: EigenSubspace['end'],
  sign: string,
  title: string,
  of: (document: SpectrumDocument) => readonly Eigenvalue[],
])[] = [
  ['top', '', 'Largest', ({ eigenvalues }) => eigenvalues],
  ['bottom', '−', 'Most negative', ({ bottom }) => bottom ?? []],
  ['magnitude', '±', 'Largest absolute value', ({ magnitude }) => magnitude ?? []],
  ['nearZero', '0 ', 'Nearest to zero', ({ nearZero }) => nearZero ?? []],
];

/** Pairs of equal rank; where one list is longer, nothing beside it. */
const listsOf = (document: SpectrumDocument, other: SpectrumDocument | null, most: number): RankedList[] =>
  ends
    .map(([end, sign, title, of]) => {
      const [own, beside] = [of(document), other ? of(other) : []];
      const count = Math.min(most, Math.max(own.length, beside.length));
      const rows = Array.from({ length: count }, (_, index) => ({
        end,
        index,
        name: `${sign}${index + 1}`,
        own: own[index] ?? null,
        other: beside[index] ?? null,
      }));
      return { end, title, rows };
    })
    .filter(({ rows }) => rows.length > 0);

/**
 * λ ± estimated error, residual, and a sign for each; largest first, then the most negative ones, then those of largest
 * absolute value. Eigenvalues that cannot be told apart are bracketed.
 */
export function EigenvalueTable({
  document,
  most = Number.POSITIVE_INFINITY,
  compared,
  details,
}: EigenvalueTableProps) {
  const other = compared?.document ?? null;
  const lists = listsOf(document, other, most);
  const layers = compared ? null : (details?.layers ?? null);
  const columns = compared ? 6 : layers ? 5 : 4;
  return (
    <table
      className={`eigenvalue-table${compared ? ' eigenvalue-table-both' : ''}${details ? ' eigenvalue-table-detailed' : ''}`}
    >
      <thead>
        <tr>
          <th scope="col" className="eigenvalue-table-rank">
            #
          </th>
          <th scope="col">λ{compared ? <span className="eigenvalue-table-of">{compared.ownName}</span> : null}</th>
          {compared ? null : <th scope="col">residual</th>}
          <th scope="col">
            <span className="visually-hidden">Accuracy</span>
          </th>
          {layers ? (
            <th scope="col" className="eigenvalue-table-layers">
              layers
            </th>
          ) : null}
          {compared ? (
            <>
              <th scope="col">
                λ<span className="eigenvalue-table-of">{compared.name}</span>
              </th>
              <th scope="col">
                <span className="visually-hidden">Accuracy of the other</span>
              </th>
              <th scope="col">difference</th>
            </>
          ) : null}
        </tr>
      </thead>
      {lists.map(({ end, title, rows }) => (
        <tbody key={end}>
          {lists.length > 1 && details ? (
            <tr className="eigenvalue-table-title">
              <th scope="rowgroup" colSpan={columns}>
                {title}
              </th>
            </tr>
          ) : null}
          {rows.map((row) => {
            const subspace = subspaceOf(document, row);
            const isChosen = details?.selected?.end === end && details.selected.index === row.index;
            return (
              <Fragment key={row.name}>
                <tr
                  className={rowClass(subspace !== null, isChosen)}
                  onClick={details && row.own ? () => details.onSelect(row) : undefined}
                >
                  <th scope="row" className="eigenvalue-table-rank">
                    {details && row.own && !compared ? (
                      <button
                        type="button"
                        aria-pressed={isChosen}
                        aria-label={`Eigenvector ${row.name}`}
                        onClick={(event) => {
                          event.stopPropagation();
                          details.onSelect(row);
                        }}
                      >
                        {row.name}
                      </button>
                    ) : (
                      row.name
                    )}
                  </th>
                  <Cells document={document} pair={row.own} withResidual={!compared} />
                  {layers ? (
                    <td className="eigenvalue-table-layers">{row.own?.mass ? layers(row.own) : null}</td>
                  ) : null}
                  {other ? (
                    <>
                      <Cells document={other} pair={row.other} />
                      <Difference {...row} />
                    </>
                  ) : null}
                </tr>
                {subspace && details && row.index === Math.min(rows.length, subspace.first + subspace.count) - 1 ? (
                  <tr className="eigenvalue-table-note">
                    <td colSpan={columns}>{subspaceSentence(subspace)}</td>
                  </tr>
                ) : null}
              </Fragment>
            );
          })}
        </tbody>
      ))}
    </table>
  );
}

const rowClass = (isSame: boolean, isChosen: boolean): string | undefined =>
  [isSame ? 'eigenvalue-table-same' : '', isChosen ? 'eigenvalue-table-chosen' : ''].filter(Boolean).join(' ') ||
  undefined;

const subspaceOf = ({ subspaces }: SpectrumDocument, { end, index }: EigenvaluePlace): EigenSubspace | null =>
  subspaces?.find((one) => one.end === end && one.count > 1 && index >= one.first && index < one.first + one.count) ??
  null;

/** What holds of eigenvalues that lie closer together than their errors. */
export const subspaceSentence = ({ first, count, complete }: EigenSubspace): string =>
  `${first + 1} to ${first + count} cannot be told apart: only the space of their ${count} vectors is determined${complete ? '' : ', and it may have more'}.`;

/** `2e−13`, `≤ 2e−13` for a bound, `≈ 2e−13` where no product has checked it. */
const residualText = ({ residual, residualIsEstimate, evidence }: Eigenvalue): string =>
  `${residualIsEstimate ? '≈ ' : evidence === 'bounded' ? '≤ ' : ''}${sizeText(residual)}`;

const residualMeaning = ({ residualIsEstimate, evidence }: Eigenvalue): string =>
  residualIsEstimate
    ? 'estimated by the search: no product has checked it'
    : evidence === 'bounded'
      ? 'bounded at 95 % by one product with a random combination of all vectors'
      : 'computed by a product with this vector';

interface CellsProps {
  readonly document: SpectrumDocument;
  readonly pair: Eigenvalue | null;
  readonly withResidual?: boolean;
}

/** What is known of one eigenvalue; one that is not as accurate as was wanted in quiet colour. */
function Cells({ document, pair, withResidual = false }: CellsProps) {
  if (pair === null) return <td colSpan={withResidual ? 3 : 2} />;
  const accurate = isAccurate(document, pair);
  const word = accurate ? 'converged' : 'not converged';
  const state = accurate ? '' : 'eigenvalue-table-open';
  const residual = residualText(pair);
  return (
    <>
      <td className={state} title={withResidual ? undefined : `residual ${residual}`}>
        <CompactCertified value={pair.value} uncertainty={pair.errorEstimate ?? pair.errorBound} />
      </td>
      {withResidual ? (
        <td className={`eigenvalue-table-residual numeral ${state}`} title={residualMeaning(pair)}>
          {residual}
        </td>
      ) : null}
      <td className={`eigenvalue-table-sign ${state}`} title={word}>
        <Icon name={accurate ? 'check' : 'open'} size={12} />
        <span className="visually-hidden">{word}</span>
      </td>
    </>
  );
}

/** The other less the own value. The two errors add: nothing says that they have opposite signs. */
function Difference({ own, other }: Pick<RankedRow, 'own' | 'other'>) {
  if (own === null || other === null) return <td />;
  const difference = other.value - own.value;
  const error = (own.errorEstimate ?? own.errorBound) + (other.errorEstimate ?? other.errorBound);
  const isWithin = Math.abs(difference) <= error;
  return (
    <td
      className={isWithin ? 'eigenvalue-table-open' : ''}
      title={isWithin ? 'within the errors of the two' : 'larger than the errors of the two together'}
    >
      <CompactCertified value={difference} uncertainty={error} />
    </td>
  );
}
