import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { rankStatistics } from '../../../core/figures/rank-statistics.ts';
import { Numeral } from '../../widgets/numbers.tsx';
import { CompactCertified } from '../inspector/compact-certified.tsx';

/** The eigenvalues of several seeds or runs, rank by rank. */
export function SeedsTable({ documents }: { readonly documents: readonly SpectrumDocument[] }) {
  const rows = rankStatistics(documents.map(({ eigenvalues }) => eigenvalues.map(({ value }) => value)));
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
