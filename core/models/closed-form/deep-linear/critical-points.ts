import { type DeepLinearModel, fromSingularBases, thetaOfMatrices } from './deep-linear-model.ts';
import { zeroMatrix } from './small-products.ts';

/** One set of critical points that the symmetries of the two matrices join, by the modes that are learnt there. */
export interface ExactCriticalSet {
  /** Γ: the numbers of the modes, from 1, ascending. */
  readonly modes: readonly number[];
  /** ½ Σ_{j ∉ Γ} s_j² */
  readonly loss: number;
  readonly negative: number;
  readonly null: number;
  readonly positive: number;
  /** Of the Hessian at the balanced representative, all of them, ascending. */
  readonly eigenvalues: readonly number[];
}

/** More subsets than this are not listed. */
const mostSets = 2 ** 14;

/**
 * All critical sets of L = ½‖W₂W₁ − S‖² with h hidden units: one for every Γ of at most h modes with s > 0 (Baldi and Hornik
 * 1989), the origin (no mode) first, then by their number. At the balanced representative W₁ = diag(√s_Γ) V_Γᵀ, W₂ = U_Γ diag(√s_Γ)
 * the Hessian falls into blocks of two and one, whose eigenvalues are
 *
 * - (i, i′) in Γ²: s_i + s_i′, 0
 * - i in Γ, j not: s_i + s_j, s_i − s_j
 * - j not in Γ, unit k that is free: s_j, −s_j
 * - i in Γ, k free: 0, 0
 * - i in Γ, an input or output beyond the modes: s_i; k free, such an input or output: 0
 *
 * Index and loss are the same on all of a set, because W₁ → G W₁, W₂ → W₂ G⁻¹ joins it; for a rectangular S the number of
 * zeros may be smaller away from the representative. Modes with equal s may be mixed, and are still listed one by one.
 * Throws RangeError where there are more than 16,384 sets.
 */
export function exactCriticalPoints(
  singularValues: readonly number[],
  hidden: number,
  { inputs = singularValues.length, outputs = singularValues.length } = {},
): ExactCriticalSet[] {
  const extra = inputs + outputs - 2 * singularValues.length;
  return learntSets(singularValues, hidden).map((learnt) => {
    const eigenvalues = spectrum(singularValues, learnt, hidden - learnt.length, extra);
    const left = singularValues.filter((_, j) => !learnt.includes(j));
    return {
      modes: learnt.map((i) => i + 1),
      loss: 0.5 * left.reduce((sum, s) => sum + s * s, 0),
      negative: eigenvalues.filter((value) => value < 0).length,
      null: eigenvalues.filter((value) => value === 0).length,
      positive: eigenvalues.filter((value) => value > 0).length,
      eigenvalues,
    };
  });
}

/** How many sets there are: Σ_{r ≤ h} C(n, r) for n modes with s > 0. */
export function countCriticalSets(singularValues: readonly number[], hidden: number): number {
  const n = singularValues.filter((s) => s > 0).length;
  let [sum, term] = [0, 1];
  for (let r = 0; r <= Math.min(n, hidden); r++) {
    sum += term;
    term *= (n - r) / (r + 1);
  }
  return Math.round(sum);
}

/** θ of the balanced representative: W₁ = diag(√s_Γ) V_Γᵀ, W₂ = U_Γ diag(√s_Γ), the other units zero. */
export function criticalTheta(model: DeepLinearModel, modes: readonly number[]): Float64Array {
  const { widths, singularValues, u, v } = model;
  const [inputs, hidden, outputs] = widths;
  if (widths.length !== 3 || inputs === undefined || hidden === undefined || outputs === undefined) {
    throw new RangeError(`The critical points of ${widths.length - 1} matrices are not known in closed form.`);
  }
  if (modes.length > hidden) throw new RangeError(`${modes.length} modes do not fit in ${hidden} units.`);
  const [first, second] = [zeroMatrix(hidden, inputs), zeroMatrix(outputs, hidden)];
  modes.forEach((mode, unit) => {
    const strength = Math.sqrt(singularValues[mode - 1]!);
    first.data[unit * inputs + mode - 1] = strength;
    second.data[(mode - 1) * hidden + unit] = strength;
  });
  return thetaOfMatrices(model, [fromSingularBases(first, null, v), fromSingularBases(second, u, null)]);
}

/** Subsets of the modes with s > 0, counted from 0, of at most `most` modes: by size, then in the order of their numbers. */
function learntSets(singularValues: readonly number[], most: number): number[][] {
  const count = countCriticalSets(singularValues, most);
  if (count > mostSets) throw new RangeError(`${count} critical sets are more than the ${mostSets} that are listed.`);
  const modes = singularValues.flatMap((s, j) => (s > 0 ? [j] : []));
  const sets: number[][] = [[]];
  let grown = sets;
  for (let size = 1; size <= most && grown.length > 0; size++) {
    grown = grown.flatMap((set) => modes.filter((j) => j > (set.at(-1) ?? -1)).map((j) => [...set, j]));
    sets.push(...grown);
  }
  return sets;
}

function spectrum(
  singularValues: readonly number[],
  learnt: readonly number[],
  free: number,
  extra: number,
): readonly number[] {
  const values: number[] = [];
  const inside = learnt.map((i) => singularValues[i]!);
  const outside = singularValues.filter((_, j) => !learnt.includes(j));
  for (const a of inside) {
    for (const b of inside) values.push(a + b, 0);
    for (const b of outside) values.push(a + b, a - b);
    for (let k = 0; k < free; k++) values.push(0, 0);
    for (let k = 0; k < extra; k++) values.push(a);
  }
  for (let k = 0; k < free; k++) {
    // 0 − s, so that s = 0 gives no negative zero.
    for (const b of outside) values.push(b, 0 - b);
    for (let e = 0; e < extra; e++) values.push(0);
  }
  return values.sort((a, b) => a - b);
}
