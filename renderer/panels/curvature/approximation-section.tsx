import { Fragment, useState } from 'react';
import type {
  ApproximationName,
  ApproximationQuality,
  Approximations,
  SubspaceShare,
} from '../../../core/analyses/structure/structure.ts';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import type { Status } from '../../../core/linalg/result.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Certified, Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import { Segmented } from '../../widgets/segmented.tsx';

const names: Readonly<Record<ApproximationName, string>> = {
  diagonal: 'diagonal',
  blocks: 'tensors',
  layers: 'layers',
  kfac: 'K-FAC',
};

const matrices = [
  { id: 'gaussNewton', title: 'of G' },
  { id: 'hessian', title: 'of H' },
] as const;

export interface ApproximationSectionProps {
  readonly approximations: Approximations;
  readonly status: Status | null;
}

/** Diagonal, block-diagonal and Kronecker-factored matrices against the dense one that they stand for. */
export function ApproximationSection({ approximations, status }: ApproximationSectionProps) {
  const { qualities, damping, asymmetry, kfac } = approximations;
  const [wanted, setWanted] = useState<ApproximationQuality['of']>('gaussNewton');
  const there = matrices.filter(({ id }) => qualities.some(({ of }) => of === id));
  const shown = there.find(({ id }) => id === wanted) ?? there[0];
  if (shown === undefined) return null;
  return (
    <Section
      title="Against the dense matrix"
      aside={
        <span className="curvature-aside">
          {status ? <StatusBadge status={status} /> : null}
          {there.length > 1 ? (
            <Segmented label="Approximations of" value={shown.id} options={there} onChange={setWanted} />
          ) : null}
        </span>
      }
    >
      <table className="curvature-table">
        <thead>
          <tr>
            <th scope="col">approximation</th>
            <th scope="col">‖A−M‖/‖M‖</th>
            <th scope="col">λ₁(A)/λ₁(M)</th>
            <th scope="col">cos v₁</th>
            <th scope="col">cos of steps</th>
          </tr>
        </thead>
        <tbody>
          {qualities
            .filter(({ of }) => of === shown.id)
            .map(({ name, definition, frobeniusError, largestRatio, topCosine, stepCosine }) => (
              <Fragment key={name}>
                <tr className="curvature-upper">
                  <th scope="row">{names[name]}</th>
                  <td className="numeral">{percentText(frobeniusError)}</td>
                  <td>
                    <Numeral value={largestRatio} digits={4} />
                  </td>
                  <td>
                    <Cosine share={topCosine} />
                  </td>
                  <td>
                    <Numeral value={stepCosine} digits={4} />
                  </td>
                </tr>
                <tr>
                  <td colSpan={5} className="curvature-definition">
                    {definition}
                  </td>
                </tr>
              </Fragment>
            ))}
        </tbody>
      </table>
      <p className="curvature-quiet">
        Cosines without ± are certain to their last digit. The dense matrix is symmetric to {numberText(asymmetry, 2)}.
        Steps (A + σI)⁻¹∇L with σ = {numberText(damping, 3)}.
        {kfac ? ` K-FAC of ${kfac.layers.join(', ') || 'no layer'} over ${numberText(kfac.examples)} examples.` : ''}
        {kfac?.notCovered.map(({ layer, reason }) => ` Without ${layer}: ${reason}`).join('')}
      </p>
    </Section>
  );
}

/** Below this an error does not reach the last of four digits. */
const unseen = 5e-5;

function Cosine({ share: { value, error } }: { readonly share: SubspaceShare }) {
  if (!(error < 1)) return <small>no gap</small>;
  return error < unseen ? <Numeral value={value} digits={4} /> : <Certified value={value} uncertainty={error} />;
}
