import { useCallback } from 'react';
import type { ClassStructure, EstimatedTrace } from '../../../core/analyses/structure/structure.ts';
import { classStructureFigure } from '../../../core/experiment/curvature-figures.ts';
import type { StructureDocument } from '../../../core/experiment/result-documents.ts';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import type { Status } from '../../../core/linalg/result.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Certified, Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import { DocumentFigure } from './document-figure.tsx';
import { intervalText, shareText } from './texts.ts';

export interface ClassSectionProps {
  readonly document: StructureDocument;
  readonly classes: ClassStructure;
  readonly status: Status | null;
}

/** So many of the largest eigenvalues of each part. */
const mostShown = 3;
const unknownShare = 'not certain';

/** G = G0 + G1 + G2 + the rest within classes: what each part weighs, and whether G1 makes the outliers. */
export function ClassSection({ document, classes, status }: ClassSectionProps) {
  const draw = useCallback((theme: Theme) => classStructureFigure(document, theme), [document]);
  const { parts, within, traceOfG, overlapWithHessian, overlapWithGaussNewton } = classes;
  return (
    <Section
      title={`Class structure of G, ${classes.classes} classes`}
      aside={status ? <StatusBadge status={status} /> : undefined}
    >
      <DocumentFigure draw={draw} />
      <table className="curvature-table">
        <thead>
          <tr>
            <th scope="col">part</th>
            <th scope="col">trace</th>
            <th scope="col">of G</th>
            <th scope="col">largest eigenvalues</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ name, formula, trace, eigenvalues, floor }) => (
            <tr key={name}>
              <PartName name={name} formula={formula} />
              <td>
                <Certified value={trace} uncertainty={floor * eigenvalues.length} />
              </td>
              <td className="numeral">{percentText(trace / traceOfG.value)}</td>
              <td className="numeral">
                {eigenvalues.slice(0, mostShown).map((value) => (
                  <span key={value} className="curvature-value">
                    {numberText(value, 3)}
                  </span>
                ))}
              </td>
            </tr>
          ))}
          <tr>
            <PartName name="within" formula={within.formula} />
            <TraceCell trace={within.trace} />
            <td className="numeral">{percentText(within.trace.value / traceOfG.value)}</td>
            <td>
              {within.largest ? (
                <Certified value={within.largest.value} uncertainty={within.largest.errorEstimate} />
              ) : (
                <Numeral value={null} />
              )}
            </td>
          </tr>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">G</th>
            <TraceCell trace={traceOfG} />
            <td />
            <td>
              {classes.gaussNewton[0] ? (
                <Certified value={classes.gaussNewton[0].value} uncertainty={classes.gaussNewton[0].errorEstimate} />
              ) : null}
            </td>
          </tr>
        </tfoot>
      </table>
      <p className="curvature-quiet">
        The eigenspace of G1 lies in the leading one of H to {shareText(overlapWithHessian) ?? unknownShare}, of G to{' '}
        {shareText(overlapWithGaussNewton) ?? unknownShare}. Eigenvalues of G0, G1 and G2 are exact to rounding; ± of
        traces is one standard error over the probes.
      </p>
    </Section>
  );
}

function PartName({ name, formula }: { readonly name: string; readonly formula: string }) {
  return (
    <th scope="row">
      {name}
      <small className="curvature-math">{formula}</small>
    </th>
  );
}

function TraceCell({ trace }: { readonly trace: EstimatedTrace }) {
  return (
    <td>
      <Certified value={trace.value} uncertainty={trace.standardError} />
      <small>{intervalText(trace.low95, trace.high95)}</small>
    </td>
  );
}
