import { Badge } from '../../widgets/badge.tsx';
import { Certified, Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import type { MeasuredEigenvalue, StepReading } from './reading.ts';

/** The principal number: λ₁ with its residual, and what it means. */
export function SharpnessSection({ reading }: { readonly reading: StepReading }) {
  const { sharpness, edge, step } = reading;
  if (sharpness === null)
    return (
      <Section title={<SharpnessTitle />}>
        <p className="inspector-quiet">The sharpness has not been measured up to this step.</p>
      </Section>
    );
  return (
    <Section title={<SharpnessTitle kind={sharpness.kind} />} aside={<ConvergenceBadge eigenvalue={sharpness} />}>
      <p className={sharpness.converged ? 'inspector-principal' : 'inspector-principal inspector-open'}>
        <Certified value={sharpness.value} uncertainty={sharpness.uncertainty} big />
      </p>
      <p className="inspector-sentence">
        {edge}
        {sharpness.step === step ? null : (
          <span className="inspector-quiet">
            {' '}
            Measured at step <Numeral value={sharpness.step} />.
          </span>
        )}
      </p>
    </Section>
  );
}

function SharpnessTitle({ kind = 'sharpness' }: { readonly kind?: MeasuredEigenvalue['kind'] }) {
  return (
    <>
      {kind === 'preconditionedSharpness' ? 'Preconditioned sharpness ' : 'Sharpness '}
      <i className="inspector-math">λ</i>₁
    </>
  );
}

function ConvergenceBadge({ eigenvalue: { converged } }: { readonly eigenvalue: MeasuredEigenvalue }) {
  return converged ? (
    <Badge kind="ok" title="The wanted accuracy was reached: some eigenvalue lies within ± of this value.">
      converged
    </Badge>
  ) : (
    <Badge kind="warn" title="The products ended before the wanted accuracy: a lower bound within ± of an eigenvalue.">
      not converged
    </Badge>
  );
}
