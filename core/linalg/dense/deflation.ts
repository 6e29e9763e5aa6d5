/** The columns in which a row of eigenvectors can differ from zero: of the upper half, of both, of the lower half. */
export const upper = 0;
export const both = 1;
export const lower = 2;

export interface Deflated {
  /** Rows that take part in the secular equation, ascending in d. */
  readonly kept: readonly number[];
  /** Rows whose eigenpair is that of the whole already. */
  readonly deflated: readonly number[];
}

/**
 * What of diag(d) + ρ z zᵀ needs no secular equation (Dongarra and Sorensen 1987; LAPACK `dlaed2`): components with
 * ρ |zᵢ| below 8 u times the size of the matrix, and one of each pair of values so close that a rotation which empties
 * its component changes the matrix no more than that. The rotations are applied to d, z and, by `rotate`, to the
 * eigenvectors; `halves` keeps where they are not zero.
 *
 * @param order row numbers by ascending d
 */
export function deflate(
  d: Float64Array,
  z: Float64Array,
  rho: number,
  order: readonly number[],
  halves: Uint8Array,
  rotate: (row: number, other: number, c: number, s: number) => void,
): Deflated {
  let largest = rho;
  for (const row of order) largest = Math.max(largest, Math.abs(d[row]!));
  const negligible = 4 * Number.EPSILON * largest;
  const kept: number[] = [];
  const deflated: number[] = [];
  let before = -1;
  for (const row of order) {
    if (rho * Math.abs(z[row]!) <= negligible) {
      deflated.push(row);
      continue;
    }
    if (before >= 0) {
      const length = Math.hypot(z[row]!, z[before]!);
      const c = z[row]! / length;
      const s = -z[before]! / length;
      if (Math.abs((d[row]! - d[before]!) * c * s) <= negligible) {
        z[row] = length;
        z[before] = 0;
        if (halves[row] !== halves[before]) halves[row] = both;
        rotate(before, row, c, s);
        const [x, y] = [d[before]!, d[row]!];
        d[before] = x * c * c + y * s * s;
        d[row] = x * s * s + y * c * c;
        deflated.push(before);
      } else kept.push(before);
    }
    before = row;
  }
  if (before >= 0) kept.push(before);
  return { kept, deflated };
}
