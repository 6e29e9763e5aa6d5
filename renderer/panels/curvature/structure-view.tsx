import type { StructureDocument } from '../../../core/experiment/result-documents.ts';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { Section } from '../../widgets/section.tsx';
import { ApproximationSection } from './approximation-section.tsx';
import { ClassSection } from './class-section.tsx';
import { Formula } from './formula.tsx';
import { HowComputed } from './how-computed.tsx';
import { SharpnessSection } from './sharpness-section.tsx';
import { shareText } from './texts.ts';
import '../spectrum/notices.css';

/** What the curvature is made of: classes, the subspace of the gradient, blocks of layers; and every sharpness. */
export function StructureView({ document }: { readonly document: StructureDocument }) {
  const { classes, approximations, sharpness, notices, inexactReason, parts } = document;
  const told = [
    ...(inexactReason === null ? [] : [`Products are differences of gradients: ${inexactReason}`]),
    ...notices,
  ];
  return (
    <>
      {told.length === 0 ? null : (
        <ul className="notices" aria-label="To be read with these numbers">
          {told.map((notice) => (
            <li key={notice}>
              <Icon name="info" size={14} />
              <p>{notice}</p>
            </li>
          ))}
        </ul>
      )}
      <div className="curvature-columns">
        <div>
          {classes === null ? null : <ClassSection document={document} classes={classes} status={parts.classes} />}
          <GradientSection document={document} />
        </div>
        <div>
          {sharpness === null ? null : <SharpnessSection measures={sharpness} status={parts.sharpness} />}
          {approximations === null ? null : (
            <ApproximationSection approximations={approximations} status={parts.approximations} />
          )}
          <HowComputed document={document} />
        </div>
      </div>
    </>
  );
}

const noGap = 'not certain: no gap below it';

/** ‖P_k ∇L‖²/‖∇L‖², of all examples and of two halves. */
function GradientSection({ document }: { readonly document: StructureDocument }) {
  const { gradientShares, gradientNorm, parts } = document;
  if (gradientShares === null || gradientShares.length === 0) return null;
  return (
    <Section
      title="Gradient in the top subspace of H"
      aside={parts.gradient ? <StatusBadge status={parts.gradient} /> : undefined}
    >
      <table className="curvature-table">
        <thead>
          <tr>
            <th scope="col">dimension</th>
            <th scope="col">
              <Formula formula="‖P_k ∇L‖²/‖∇L‖²" />
            </th>
            <th scope="col">halves</th>
            <th scope="col">crossed</th>
            <th scope="col">by chance</th>
          </tr>
        </thead>
        <tbody>
          {gradientShares.map(({ k, byChance, share, halves }) => (
            <tr key={k}>
              <th scope="row">k = {k}</th>
              <td className="numeral">
                {shareText(share) ?? percentText(share.value)}
                {shareText(share) === null ? <small>{noGap}</small> : null}
              </td>
              <td className="numeral">
                {halves ? halves.own.map(({ value }) => percentText(value)).join(', ') : '–'}
                {halves ? <small>± {percentText(halves.standardError)}</small> : null}
              </td>
              <td className="numeral">
                {halves ? halves.crossed.map(({ value }) => percentText(value)).join(', ') : '–'}
              </td>
              <td className="numeral">{percentText(byChance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="curvature-quiet">
        ‖∇L‖ = {numberText(gradientNorm)}. Crossed: the gradient of one half of the examples in the subspace of the
        other; ± is the standard error of the mean of two halves, one degree of freedom.
      </p>
    </Section>
  );
}
