import type { AnalysisDescriptor, Cost } from '../../../core/analyses/analysis-descriptor.ts';
import { durationText } from '../jobs/job-text.ts';
import { costText } from './cost-text.ts';

export interface CostLinesProps {
  readonly cost: Cost;
  /** At the measured speed; null while that is being measured. */
  readonly seconds: number | null;
}

/** What the analysis will spend, before it starts. */
export function CostLines({ cost, seconds }: CostLinesProps) {
  return (
    <p className="analysis-dialog-cost">
      <b>About {costText(cost)}</b>
      <span>
        {seconds === null ? 'The speed is being measured …' : `${durationText(seconds)} at the speed measured here`}
      </span>
    </p>
  );
}

export function References({ descriptor }: { readonly descriptor: AnalysisDescriptor }) {
  return (
    <details className="analysis-dialog-references">
      <summary>References</summary>
      <ul>
        {descriptor.references.map(({ authors, year, title }) => (
          <li key={title}>
            {authors} ({year}): {title}.
          </li>
        ))}
      </ul>
    </details>
  );
}
