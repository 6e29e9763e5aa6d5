/** Thin spaces between groups of three digits before the point, and a true minus. */
function spaced(text: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? ['', '', text, ''];
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return `${sign ? '−' : ''}${grouped}${rest}`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
export const superscript = (n: number): string =>
  `${n < 0 ? '⁻' : ''}${[...String(Math.abs(n))].map((digit) => superscripts[Number(digit)]).join('')}`;

const subscripts = '₀₁₂₃₄₅₆₇₈₉';
export const subscript = (n: number): string => [...String(n)].map((digit) => subscripts[Number(digit)]).join('');

/** `digits` significant digits, without trailing zeros; powers of ten beyond 10⁻⁴ and 10⁶. */
export function numberText(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return spaced(String(Number(value.toPrecision(digits))));
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const short = String(Number(mantissa));
  return short === '1' ? `10${superscript(Number(exponent))}` : `${spaced(short)} × 10${superscript(Number(exponent))}`;
}

export interface CertifiedText {
  readonly value: string;
  /** Without the sign ±; null where no uncertainty is known. */
  readonly uncertainty: string | null;
}

/** More digits of a value tell a reader nothing, however small the uncertainty. */
const mostDigits = 7;

/** The value with digits to where its uncertainty begins, seven at most; the uncertainty rounded up to two digits. */
export function certifiedText(value: number, uncertainty: number | null): CertifiedText {
  if (!Number.isFinite(value) || uncertainty === null || !Number.isFinite(uncertainty) || uncertainty < 0)
    return { value: numberText(value), uncertainty: null };
  if (uncertainty === 0) return { value: numberText(value, mostDigits), uncertainty: '0' };
  const unit = 10 ** (Math.floor(Math.log10(uncertainty)) - 1);
  const upwards = Math.ceil(Number((uncertainty / unit).toPrecision(12))) * unit;
  const place = Math.round(Math.log10(unit));
  const lead = value === 0 ? place : Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.max(place, lead - mostDigits + 1);
  const size = Math.max(Math.abs(value), upwards);
  const plain = size < 1e6 && size >= 1e-4;
  const fixed =
    decimals < 0 ? value.toFixed(Math.min(20, -decimals)) : String(Math.round(value / 10 ** decimals) * 10 ** decimals);
  return {
    value: plain ? spaced(fixed) : numberText(value, Math.min(mostDigits, Math.max(2, lead - place + 1))),
    uncertainty: numberText(upwards, 2),
  };
}

/** `0.0152` → `1.5 %`; two significant digits. */
export const percentText = (share: number): string => `${numberText(100 * share, Math.abs(share) >= 1 ? 3 : 2)} %`;
