import { certifiedText } from '../../../core/figures/number-text.ts';
import { Certified, Numeral } from '../../widgets/numbers.tsx';
import type { Measured } from './reading.ts';

export interface MeasuredValueProps {
  readonly measured: Measured;
  /** The step that is looked at: another step of the measurement is named. */
  readonly at: number;
  /** As a percentage. */
  readonly percent?: boolean;
}

/** A value with its uncertainty, and the step that it was measured at where that is another one. */
export function MeasuredValue({ measured, at, percent = false }: MeasuredValueProps) {
  const { step, value, uncertainty } = measured;
  return (
    <>
      {percent ? (
        <Percent value={value} uncertainty={uncertainty} />
      ) : uncertainty === null ? (
        <Numeral value={value} digits={4} />
      ) : (
        <Certified value={value} uncertainty={uncertainty} />
      )}
      {step === at ? null : (
        <span className="inspector-step" title={`Measured at step ${step}`}>
          at <Numeral value={step} />
        </span>
      )}
    </>
  );
}

function Percent({ value, uncertainty }: { readonly value: number; readonly uncertainty: number | null }) {
  const text = certifiedText(100 * value, uncertainty === null ? null : 100 * uncertainty);
  return (
    <span className="numeral">
      {text.value}
      <span className="certified-error">{text.uncertainty === null ? ' %' : ` ± ${text.uncertainty} %`}</span>
    </span>
  );
}
