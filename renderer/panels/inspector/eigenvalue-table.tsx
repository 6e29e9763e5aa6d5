import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
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
}

/** λ ± estimated error, residual, and a sign for each; largest first, then the most negative ones. */
export function EigenvalueTable({ document, most = Number.POSITIVE_INFINITY }: EigenvalueTableProps) {
  const rows = [
    ...document.eigenvalues.slice(0, most).map((pair, i) => ({ name: String(i + 1), pair })),
    ...document.bottom.slice(0, most).map((pair, i) => ({ name: `−${i + 1}`, pair })),
  ];
  return (
    <table className="eigenvalue-table">
      <thead>
        <tr>
          <th scope="col" className="eigenvalue-table-rank">
            #
          </th>
          <th scope="col">λ</th>
          <th scope="col">residual</th>
          <th scope="col" aria-label="Accuracy" />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, pair }) => (
          <Row key={name} name={name} pair={pair} accurate={isAccurate(document, pair)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  name,
  pair,
  accurate,
}: {
  readonly name: string;
  readonly pair: Eigenvalue;
  readonly accurate: boolean;
}) {
  const word = accurate ? 'converged' : 'not converged';
  return (
    <tr className={accurate ? '' : 'eigenvalue-table-open'}>
      <th scope="row" className="eigenvalue-table-rank">
        {name}
      </th>
      <td>
        <CompactCertified value={pair.value} uncertainty={pair.errorEstimate ?? pair.errorBound} />
      </td>
      <td className="eigenvalue-table-residual numeral">
        {pair.residualIsEstimate ? '≈ ' : ''}
        {sizeText(pair.residual)}
      </td>
      <td className="eigenvalue-table-sign" title={word}>
        <Icon name={accurate ? 'check' : 'open'} size={12} />
        <span className="visually-hidden">{word}</span>
      </td>
    </tr>
  );
}
