import { type CertifiedText, certifiedText } from '../../../core/figures/number-text.ts';

/** `2e−5`: a residual or an error, of which only the size counts; rounded up to one digit. */
export function sizeText(size: number): string {
  if (size === 0) return '0';
  if (!Number.isFinite(size)) return '–';
  const exponent = Math.floor(Math.log10(size));
  const digit = Math.ceil(Number((size / 10 ** exponent).toPrecision(6)));
  const [shown, power] = digit === 10 ? [1, exponent + 1] : [digit, exponent];
  return `${shown}e${power < 0 ? '−' : ''}${Math.abs(power)}`;
}

/** A certified number for a narrow column: errors below a thousandth as `6e−5`. */
export function compactText(value: number, uncertainty: number | null): CertifiedText {
  if (uncertainty === null || !(uncertainty > 0 && uncertainty < 1e-3)) return certifiedText(value, uncertainty);
  // One digit of the error is shown, not two: the digits of the value end a place earlier.
  return { value: certifiedText(value, 10 * uncertainty).value, uncertainty: sizeText(uncertainty) };
}
