import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import type { ComparedSpectrum } from '../../../core/experiment/run-figures.ts';
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

export interface EigenvalueTableProps {
  readonly document: SpectrumDocument;
  /** At most so many of either end. */
  readonly most?: number;
  /** Another spectrum beside it, rank by rank, and what the two are called. */
  readonly compared?: ComparedSpectrum | null;
}

interface RankedRow {
  readonly name: string;
  readonly own: Eigenvalue | null;
  readonly other: Eigenvalue | null;
}

/** Pairs of equal rank; where one list is longer, nothing beside it. */
function ranked(own: readonly Eigenvalue[], other: readonly Eigenvalue[], sign: string, most: number): RankedRow[] {
  const count = Math.min(most, Math.max(own.length, other.length));
  return Array.from({ length: count }, (_, i) => ({
    name: `${sign}${i + 1}`,
    own: own[i] ?? null,
    other: other[i] ?? null,
  }));
}

/** λ ± estimated error, residual, and a sign for each; largest first, then the most negative ones. */
export function EigenvalueTable({ document, most = Number.POSITIVE_INFINITY, compared }: EigenvalueTableProps) {
  const other = compared?.document ?? null;
  const rows = [
    ...ranked(document.eigenvalues, other?.eigenvalues ?? [], '', most),
    ...ranked(document.bottom, other?.bottom ?? [], '−', most),
  ];
  return (
    <table className={`eigenvalue-table${compared ? ' eigenvalue-table-both' : ''}`}>
      <thead>
        <tr>
          <th scope="col" className="eigenvalue-table-rank">
            #
          </th>
          <th scope="col">λ{compared ? <span className="eigenvalue-table-of">{compared.ownName}</span> : null}</th>
          {compared ? null : <th scope="col">residual</th>}
          <th scope="col" aria-label="Accuracy" />
          {compared ? (
            <>
              <th scope="col">
                λ<span className="eigenvalue-table-of">{compared.name}</span>
              </th>
              <th scope="col" aria-label="Accuracy of the other" />
            </>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, own, other: beside }) => (
          <tr key={name}>
            <th scope="row" className="eigenvalue-table-rank">
              {name}
            </th>
            <Cells document={document} pair={own} withResidual={!compared} />
            {other ? <Cells document={other} pair={beside} /> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

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
  const residual = `${pair.residualIsEstimate ? '≈ ' : ''}${sizeText(pair.residual)}`;
  return (
    <>
      <td className={state} title={withResidual ? undefined : `residual ${residual}`}>
        <CompactCertified value={pair.value} uncertainty={pair.errorEstimate ?? pair.errorBound} />
      </td>
      {withResidual ? <td className={`eigenvalue-table-residual numeral ${state}`}>{residual}</td> : null}
      <td className={`eigenvalue-table-sign ${state}`} title={word}>
        <Icon name={accurate ? 'check' : 'open'} size={12} />
        <span className="visually-hidden">{word}</span>
      </td>
    </>
  );
}
