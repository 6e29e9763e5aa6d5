import { html, type Markup } from './html.ts';
import { certifiedText, numberText } from './number-text.ts';

export interface ReportCriticalPoint {
  readonly number: number;
  readonly loss: number;
  /** Negative, null and positive eigenvalues; null where they were not counted. */
  readonly index: {
    readonly negative: number;
    readonly null: number;
    readonly positive: number;
    /** Of the first, where it is an estimate. */
    readonly standardError: number | null;
  } | null;
  readonly gradientNormSquared: number;
  /** r; null where it means nothing. */
  readonly residual: number | null;
  readonly lowest: { readonly value: number; readonly errorBound: number } | null;
  /** What is said of it, in words: `certified`, `gradient-flat` … */
  readonly kind: string;
  readonly certified: boolean;
  readonly precision: 'float32' | 'float64';
}

/** One search for critical points, in a report. */
export interface CriticalPointTable {
  /** `Newton-MR, 60 starts from random points`. */
  readonly name: string;
  /** How many are certified. */
  readonly sentence: string;
  readonly rows: readonly ReportCriticalPoint[];
  /** How many more points there are than rows. */
  readonly omitted: number;
  readonly command: string;
}

/** A section a search: the sentence that says how few are certified, then the points. */
export const criticalPointsSection = (
  table: CriticalPointTable,
  place: number,
): Markup => html`<section aria-labelledby="critical-points-${place}">
<h2 id="critical-points-${place}">Critical points: ${table.name}</h2>
<p class="meaning">${table.sentence}</p>
${table.rows.length === 0 ? '' : pointTable(table.rows)}
${table.omitted > 0 ? html`<p class="meaning">${numberText(table.omitted, 15)} more ${table.omitted === 1 ? 'point is' : 'points are'} in the stored result.</p>` : ''}
<p class="command"><span>Made by</span> <code class="line">${table.command}</code></p>
</section>`;

const pointTable = (rows: readonly ReportCriticalPoint[]): Markup => html`<table class="numeric">
<thead><tr><th scope="col">Point</th><th scope="col">Loss</th><th scope="col">Negative</th><th scope="col">Null</th><th scope="col">Positive</th><th scope="col">‖∇L‖²</th><th scope="col">r</th><th scope="col">λ min</th><th scope="col">Verdict</th></tr></thead>
<tbody>${rows.map(row)}</tbody>
</table>`;

function row(point: ReportCriticalPoint): Markup {
  const { number, loss, index, gradientNormSquared, residual, lowest, kind, certified, precision } = point;
  const lowestText = lowest && certifiedText(lowest.value, lowest.errorBound);
  const negative =
    index === null
      ? '–'
      : index.standardError === null
        ? String(index.negative)
        : `≈ ${numberText(index.negative, 3)} ± ${numberText(index.standardError, 2)}`;
  const count = (which: 'null' | 'positive') =>
    index === null ? '–' : `${index.standardError === null ? '' : '≈ '}${numberText(index[which], 6)}`;
  return html`<tr><th scope="row">${number}</th><td>${numberText(loss, 6)}</td><td>${negative}</td><td>${count('null')}</td><td>${count('positive')}</td><td class="quiet">${numberText(gradientNormSquared, 2)}</td><td class="quiet">${residual === null ? '–' : numberText(residual, 2)}</td><td>${lowestText === null ? '–' : lowestText.value}${lowestText?.uncertainty ? html` <span class="quiet">± ${lowestText.uncertainty}</span>` : ''}</td><td>${certified ? '✓ ' : ''}${kind}${precision === 'float32' ? ' (float32)' : ''}</td></tr>`;
}
