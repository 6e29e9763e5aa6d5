import { numberText } from '../../core/figures/number-text.ts';

const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');

/**
 * A number as the window shows it. Whole numbers below 10⁹ in full, thin spaces every three digits; others with `digits`
 * significant digits, kept where they are given, without trailing zeros else; `2.1e−7` below 10⁻⁴ and from 10⁶ on.
 */
export function numeralText(value: number, digits?: number): string {
  if (!Number.isFinite(value)) return numberText(value);
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (digits === undefined && Number.isInteger(value) && size < 1e9) return sign + grouped(String(size));
  const wanted = Math.min(17, Math.max(1, digits ?? 4));
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return exponential(value, wanted, digits === undefined);
  const fixed = digits === undefined ? String(Number(size.toPrecision(wanted))) : plain(size, wanted);
  const [whole = '', rest] = fixed.split('.');
  return `${sign}${grouped(whole)}${rest === undefined ? '' : `.${rest}`}`;
}

/** `wanted` significant digits without an exponent, also where they end before the point. */
const plain = (size: number, wanted: number): string => {
  const text = size.toPrecision(wanted);
  return text.includes('e') ? String(Number(text)) : text;
};

function exponential(value: number, digits: number, trim: boolean): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  const shown = trim ? String(Number(mantissa)) : mantissa;
  return `${shown.replace('-', '−')}e${power < 0 ? '−' : ''}${Math.abs(power)}`;
}
