/** ⟨a, b⟩ of vectors in ordinary memory. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** ‖a‖, also where the squares would vanish or overflow. */
export function norm(a: Float64Array): number {
  const plain = Math.sqrt(dot(a, a));
  if (plain > 1e-140 && plain < 1e140) return plain;
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return largest;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** ‖a − b‖ */
export const distance = (a: Float64Array, b: Float64Array): number => norm(a.map((x, i) => x - b[i]!));
