/**
 * Floats narrower than 32 bits with `fraction` fraction bits and `exponent` exponent bits (IEEE 754 layout):
 * float16 is (10, 5), bfloat16 is (7, 8).
 */
export interface SmallFloat {
  readonly fraction: number;
  readonly exponent: number;
}

export const float16: SmallFloat = { fraction: 10, exponent: 5 };
export const bfloat16: SmallFloat = { fraction: 7, exponent: 8 };

const scratch = new DataView(new ArrayBuffer(8));

/** ⌊log₂ a⌋ of a positive normal float64. */
function exponentOf(a: number): number {
  scratch.setFloat64(0, a);
  return ((scratch.getUint16(0) >> 4) & 0x7ff) - 1023;
}

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** The exact value of a bit pattern. */
function patternValue(bits: number, { fraction, exponent }: SmallFloat): number {
  const sign = bits >> (fraction + exponent) === 1 ? -1 : 1;
  const power = (bits >> fraction) & (2 ** exponent - 1);
  const rest = bits & (2 ** fraction - 1);
  const bias = 2 ** (exponent - 1) - 1;
  if (power === 2 ** exponent - 1) return rest === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (power === 0) return sign * rest * 2 ** (1 - bias - fraction);
  return sign * (2 ** fraction + rest) * 2 ** (power - bias - fraction);
}

const tables = new Map<SmallFloat, Float64Array>();

/** The exact values of all 65,536 patterns: computing each anew takes a hundred times as long as looking it up. */
export function smallFloatValues(kind: SmallFloat): Float64Array {
  const known = tables.get(kind);
  if (known !== undefined) return known;
  const table = Float64Array.from({ length: 65_536 }, (_, bits) => patternValue(bits, kind));
  tables.set(kind, table);
  return table;
}

/** 2^e for |e| ≤ 200, exact. */
const powers = Float64Array.from({ length: 401 }, (_, i) => 2 ** (i - 200));

/** The bit pattern nearest to a number, ties to even; beyond the largest finite value it is infinity. */
export function encodeSmallFloat(value: number, { fraction, exponent }: SmallFloat): number {
  const bias = (1 << (exponent - 1)) - 1;
  const infinity = ((1 << exponent) - 1) << fraction;
  if (Number.isNaN(value)) return infinity + (1 << (fraction - 1));
  const sign = value < 0 || Object.is(value, -0) ? 1 << (fraction + exponent) : 0;
  const a = Math.abs(value);
  if (a === Number.POSITIVE_INFINITY) return sign + infinity;
  // Below the smallest normal number the spacing stays that of the smallest binade; a carry lands on the next pattern.
  const power = a === 0 ? 1 - bias : Math.max(exponentOf(a), 1 - bias);
  if (power > bias) return sign + infinity;
  const units = roundHalfEven(a * powers[fraction - power + 200]!);
  return sign + Math.min((power + bias - 1) * (1 << fraction) + units, infinity);
}
