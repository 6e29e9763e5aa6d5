import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { Numeral } from '../../widgets/numbers.tsx';
import { CompactCertified } from '../inspector/compact-certified.tsx';

export interface RankStatistics {
  readonly rank: number;
  readonly mean: number;
  /** Standard deviation of one spectrum, n − 1 in the denominator. */
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

/** λₖ over several spectra, for the ranks that all of them have. */
export function rankStatistics(documents: readonly SpectrumDocument[]): readonly RankStatistics[] {
  const ranks = Math.min(...documents.map(({ eigenvalues }) => eigenvalues.length));
  return Array.from({ length: ranks }, (_, k) => {
    const values = documents.map(({ eigenvalues }) => eigenvalues[k]!.value);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      rank: k + 1,
      mean,
      deviation: Math.sqrt(squares / (values.length - 1)),
      low: Math.min(...values),
      high: Math.max(...values),
    };
  });
}

/** The eigenvalues of several seeds or runs, rank by rank. */
export function SeedsTable({ documents }: { readonly documents: readonly SpectrumDocument[] }) {
  const rows = rankStatistics(documents);
  if (rows.length === 0) return <p className="spectrum-panel-quiet">One of them has no eigenvalues.</p>;
  return (
    <>
      <table className="eigenvalue-table">
        <thead>
          <tr>
            <th scope="col" className="eigenvalue-table-rank">
              #
            </th>
            <th scope="col">mean ± deviation</th>
            <th scope="col">lowest</th>
            <th scope="col">highest</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ rank, mean, deviation, low, high }) => (
            <tr key={rank}>
              <th scope="row" className="eigenvalue-table-rank">
                {rank}
              </th>
              <td>
                <CompactCertified value={mean} uncertainty={deviation} />
              </td>
              <td>
                <Numeral value={low} digits={5} />
              </td>
              <td>
                <Numeral value={high} digits={5} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="spectrum-panel-quiet">
        ± is the standard deviation from one spectrum to the next, over {documents.length}; it contains the errors of
        each.
      </p>
    </>
  );
}
