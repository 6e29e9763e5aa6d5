import { type ReactNode, useCallback } from 'react';
import type { ClassStructure, EstimatedTrace } from '../../../core/analyses/structure/structure.ts';
import { classStructureFigure } from '../../../core/experiment/curvature-figures.ts';
import type { StructureDocument } from '../../../core/experiment/result-documents.ts';
import { percentText } from '../../../core/figures/number-text.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import type { Status } from '../../../core/linalg/result.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Certified, Numeral } from '../../widgets/numbers.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { Section } from '../../widgets/section.tsx';
import { CompactCertified } from '../inspector/compact-certified.tsx';
import { DocumentFigure } from './document-figure.tsx';
import { Formula } from './formula.tsx';
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
            <PartRows key={name} name={name} formula={formula}>
              <td>
                <CompactCertified value={trace} uncertainty={floor * eigenvalues.length} />
              </td>
              <td className="numeral">{percentText(trace / traceOfG.value)}</td>
              <td className="numeral">
                {eigenvalues
                  .slice(0, mostShown)
                  .map((value) => numeralText(value, 3))
                  .join(', ')}
              </td>
            </PartRows>
          ))}
          <PartRows name="within" formula={within.formula}>
            <TraceCell trace={within.trace} />
            <td className="numeral">{percentText(within.trace.value / traceOfG.value)}</td>
            <td>
              {within.largest ? (
                <CompactCertified value={within.largest.value} uncertainty={within.largest.errorEstimate} />
              ) : (
                <Numeral value={null} />
              )}
            </td>
          </PartRows>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">G</th>
            <TraceCell trace={traceOfG} />
            <td />
            <td>
              {classes.gaussNewton[0] ? (
                <CompactCertified
                  value={classes.gaussNewton[0].value}
                  uncertainty={classes.gaussNewton[0].errorEstimate}
                />
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

interface PartRowsProps {
  readonly name: string;
  readonly formula: string;
  readonly children: ReactNode;
}

/** Its numbers, and below them in the whole width what it is. */
function PartRows({ name, formula, children }: PartRowsProps) {
  return (
    <>
      <tr className="curvature-upper">
        <th scope="row">{name}</th>
        {children}
      </tr>
      <tr>
        <td colSpan={4} className="curvature-definition">
          <Formula formula={formula} />
        </td>
      </tr>
    </>
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
