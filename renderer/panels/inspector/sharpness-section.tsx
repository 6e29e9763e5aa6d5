import type { Status } from '../../../core/linalg/result.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
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

/** What each end of a search says of the value; nothing where the word says all. */
const meanings: Partial<Readonly<Record<Status, string>>> = {
  converged: 'The wanted accuracy was reached: some eigenvalue lies within ± of this value.',
  invariantSubspace: 'The search has seen all that its start can show: this eigenvalue is exact.',
  stagnated: 'The floor of this precision is reached: some eigenvalue lies within ± of this value; float64 shows more.',
  budgetSpent: 'The products ended before the wanted accuracy: a lower bound within ± of an eigenvalue.',
  notFinite: 'A value that is not a number appeared: look for NaN and infinity in the parameters and the data.',
  notSymmetric: 'The operator is not symmetric within its precision: check the model.',
};

const ConvergenceBadge = ({ eigenvalue: { status } }: { readonly eigenvalue: MeasuredEigenvalue }) => (
  <StatusBadge status={status} advice={meanings[status]} />
);
