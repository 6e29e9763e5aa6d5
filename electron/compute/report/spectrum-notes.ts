import type { ProbedEstimate } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { certifiedText, numberText, percentText } from '../../../core/figures/number-text.ts';
import type { SpectrumNotes } from '../../../core/figures/report.ts';

const half = ({ low95, high95 }: ProbedEstimate): number => (high95 - low95) / 2;

/** `228.2 [225.7, 230.7]`; a single probe has no interval, and an interval need not be symmetric. */
function estimateText(estimate: ProbedEstimate, scale = 1, unit = ''): string {
  const size = scale * half(estimate);
  const digits = (number: number) => certifiedText(scale * number, size).value;
  const interval = Number.isFinite(size) ? ` [${digits(estimate.low95)}, ${digits(estimate.high95)}]` : '';
  return `${digits(estimate.value)}${unit}${interval}`;
}

const traceMethods = { hutchinson: 'Hutchinson', 'hutch++': 'Hutch++', xtrace: 'XTrace' } as const;

/** What a report says of a spectrum besides figures and eigenvalues. */
export function spectrumNotes(document: SpectrumDocument): SpectrumNotes {
  const { trace, logDeterminant, effectiveDimension, density, layers, notices, subspaces } = document;
  const sums: (readonly [string, string, string])[] = [];
  if (trace)
    sums.push(['Trace', estimateText(trace), `${traceMethods[trace.method] ?? 'Hutchinson'}, ${trace.probes} probes`]);
  if (logDeterminant)
    sums.push(['ln det(A + σI)', estimateText(logDeterminant), `σ = ${numberText(logDeterminant.shift, 3)}`]);
  if (effectiveDimension)
    sums.push([
      'Effective dimension',
      estimateText(effectiveDimension),
      `Σ λ/(λ + σ) over λ > 0, σ = ${numberText(effectiveDimension.shift, 3)}`,
    ]);
  if (density?.masses) {
    const { delta, below, near, above } = density.masses;
    const δ = numberText(delta, 2);
    const how = 'share of the eigenvalues, from the probes of the density';
    sums.push(
      [`λ < −${δ}`, estimateText(below, 100, ' %'), how],
      [`|λ| ≤ ${δ}`, estimateText(near, 100, ' %'), how],
      [`λ > ${δ}`, estimateText(above, 100, ' %'), how],
    );
  }
  const total = (layers ?? []).reduce((sum, { trace: own }) => sum + own.value, 0);
  return {
    notices: notices ?? [],
    subspaces: (subspaces ?? [])
      .filter(({ count }) => count > 1)
      .map(
        ({ end, first, count, complete }) =>
          `${{ top: 'Of the largest', bottom: 'Of the most negative', magnitude: 'Of those of largest absolute value', nearZero: 'Of those nearest to zero' }[end]}, ${first + 1} to ${first + count} cannot be told apart: only the space of their ${count} vectors is determined${complete ? '' : ', and it may have more'}.`,
      ),
    sums,
    layers: (layers ?? []).map(({ block, size, trace: own, top }) => ({
      block,
      size,
      trace: { value: own.value, half: half(own) },
      share: total === 0 ? '–' : percentText(own.value / total),
      top: top && { value: top.value, residual: top.residual, errorEstimate: top.errorEstimate },
    })),
  };
}
