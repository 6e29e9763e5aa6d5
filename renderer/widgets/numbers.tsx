import { certifiedText } from '../../core/figures/number-text.ts';
import { numeralText } from './numeral-text.ts';
import './numbers.css';

export interface NumeralProps {
  readonly value: number | null | undefined;
  /** Significant digits; a whole number is shown in full without it. */
  readonly digits?: number | undefined;
}

/** A number in figures of equal width; a dash where there is none. */
export function Numeral({ value, digits }: NumeralProps) {
  if (value === null || value === undefined) return <span className="numeral numeral-none">–</span>;
  return <span className="numeral">{numeralText(value, digits)}</span>;
}

/** A whole number that changes often: it lays out nothing around it as long as it keeps its length. */
export function SteadyNumeral({ value }: { readonly value: number }) {
  const text = numeralText(value);
  return (
    <span className="numeral numeral-steady" style={{ width: `${text.length}ch` }}>
      {text}
    </span>
  );
}

export interface CertifiedProps {
  readonly value: number;
  /** One standard error or a bound; null where none is known: the number is then shown as not certified. */
  readonly uncertainty: number | null;
  /** As the principal number of its panel. */
  readonly big?: boolean | undefined;
}

/** `40.6 ± 0.2`: digits end where the error begins. */
export function Certified({ value, uncertainty, big }: CertifiedProps) {
  const text = certifiedText(value, uncertainty);
  return (
    <span
      className={`numeral certified${big ? ' certified-big' : ''}${text.uncertainty === null ? ' certified-none' : ''}`}
    >
      {text.value}
      {text.uncertainty === null ? null : <small className="certified-error"> ± {text.uncertainty}</small>}
    </span>
  );
}
