import { Fragment } from 'react';
import type { SharpnessMeasure } from '../../../core/analyses/structure/structure.ts';
import type { Status } from '../../../core/linalg/result.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Certified } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import { Formula } from './formula.tsx';
import { certificateTexts, intervalText, settingsText } from './texts.ts';

export interface SharpnessSectionProps {
  readonly measures: readonly SharpnessMeasure[];
  readonly status: Status | null;
}

/** Everything that is called sharpness, each by its definition. */
export function SharpnessSection({ measures, status }: SharpnessSectionProps) {
  return (
    <Section title="Sharpness, by definition" aside={status ? <StatusBadge status={status} /> : undefined}>
      <table className="curvature-table">
        <thead>
          <tr>
            <th scope="col">definition</th>
            <th scope="col">value</th>
            <th scope="col" title="A ReLU layer times α > 0 and the next by 1/α leave it as it is">
              scale-invariant
            </th>
          </tr>
        </thead>
        <tbody>
          {measures.map(({ name, formula, value, error, certificate, interval95, scaleInvariant, settings }) => (
            <Fragment key={name}>
              <tr className="curvature-upper">
                <th scope="row">{name}</th>
                <td>
                  <Certified value={value} uncertainty={error} />
                  <small>
                    {interval95 ? intervalText(interval95[0], interval95[1]) : certificateTexts[certificate]}
                  </small>
                </td>
                <td>{scaleInvariant ? 'yes' : 'no'}</td>
              </tr>
              <tr>
                <td colSpan={3} className="curvature-definition">
                  <Formula formula={formula} />
                  {Object.keys(settings).length === 0 ? null : <span>; {settingsText(settings)}</span>}
                </td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
