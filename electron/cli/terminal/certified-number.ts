/**
 * A value and its uncertainty with the digits that mean something: the uncertainty to two digits, the value to the same
 * place. `certified(2.2112766, 3e-5)` is `2.211277 ± 3.0e-5`.
 */
export function certified(value: number, uncertainty: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (!(uncertainty > 0) || !Number.isFinite(uncertainty)) return value.toPrecision(6);
  const place = Math.floor(Math.log10(uncertainty)) - 1;
  const digits = Math.min(16, Math.max(2, Math.floor(Math.log10(Math.abs(value) || uncertainty)) - place + 1));
  const plain = uncertainty >= 0.01 && uncertainty < 1e5;
  return `${value.toPrecision(digits)} ± ${plain ? Number(uncertainty.toPrecision(2)) : uncertainty.toExponential(1)}`;
}
