import type { LayerCurvature, ProbedEstimate } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { percentText } from '../../../core/figures/number-text.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { Section } from '../../widgets/section.tsx';
import { compactText } from '../inspector/compact-text.ts';
import './layer-table.css';

/** The intervals of 95 % as half widths: they are not always of equal length on both sides. */
const halfWidth = ({ value, low95, high95 }: ProbedEstimate): number => Math.max(high95 - value, value - low95);

/** The sum of the blocks. The half widths add: the blocks share their probes, so their errors may go together. */
export function sumOfLayers(layers: readonly LayerCurvature[]) {
  return {
    value: layers.reduce((sum, { trace }) => sum + trace.value, 0),
    half: layers.reduce((sum, { trace }) => sum + halfWidth(trace), 0),
    size: layers.reduce((sum, { size }) => sum + size, 0),
  };
}

/** Curvature of each block alone: trace, largest eigenvalue, and its share of the whole. */
export function LayerSection({ document }: { readonly document: SpectrumDocument }) {
  const { layers, trace, parts } = document;
  if (!layers || layers.length === 0) return null;
  const sum = sumOfLayers(layers);
  const most = Math.max(...layers.map(({ trace: { value } }) => Math.abs(value)));
  return (
    <Section title="Blocks of parameters" aside={parts.layers ? <StatusBadge status={parts.layers} /> : undefined}>
      <div className="layer-table-wide">
        <table className="layer-table">
          <thead>
            <tr>
              <th scope="col">block</th>
              <th scope="col">trace ± 95 %</th>
              <th scope="col">share</th>
              <th scope="col">λ₁</th>
            </tr>
          </thead>
          <tbody>
            {layers.map(({ block, size, trace: own, top }) => (
              <tr key={block}>
                <th scope="row" title={block}>
                  <span className="layer-table-name">{block}</span>
                  <span className="layer-table-second">{numeralText(size)} parameters</span>
                  <span
                    className="layer-table-bar"
                    style={{ width: `${(100 * Math.abs(own.value)) / (most || 1)}%` }}
                    aria-hidden="true"
                  />
                </th>
                <TwoLines value={own.value} uncertainty={halfWidth(own)} />
                <td className="numeral">{sum.value === 0 ? '–' : percentText(own.value / sum.value)}</td>
                {top ? <TwoLines value={top.value} uncertainty={top.errorEstimate} /> : <td>–</td>}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                <span className="layer-table-name">sum</span>
                <span className="layer-table-second">{numeralText(sum.size)} parameters</span>
              </th>
              <TwoLines value={sum.value} uncertainty={sum.half} />
              <td />
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      {trace ? <p className="spectrum-panel-quiet">{agreementSentence(sum, trace)}</p> : null}
    </Section>
  );
}

/** A value over its uncertainty: two such columns have room beside the name of a block. */
function TwoLines({ value, uncertainty }: { readonly value: number; readonly uncertainty: number }) {
  const text = compactText(value, uncertainty);
  return (
    <td className="numeral">
      {text.value}
      {text.uncertainty === null ? null : <span className="layer-table-second">± {text.uncertainty}</span>}
    </td>
  );
}

/** Whether the blocks add up to the trace of the whole matrix, which other probes have estimated. */
export function agreementSentence(sum: { value: number; half: number }, trace: ProbedEstimate): string {
  const agrees = Math.abs(sum.value - trace.value) <= sum.half + halfWidth(trace);
  return agrees
    ? 'The sum agrees with the trace of the whole matrix within their intervals.'
    : 'The sum and the trace of the whole matrix differ by more than their intervals: take more probes.';
}
