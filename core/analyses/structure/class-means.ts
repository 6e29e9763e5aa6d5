import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization, Outputs } from '../../objective/objective.ts';
import type { ProbabilitiesAndLabels } from './labels.ts';

/**
 * The factors of G0, G1 and G2: each matrix is F Fᵀ with these vectors as the columns of F. They belong to the caller.
 */
export interface ClassFactors<V> {
  readonly counts: Int32Array;
  /** √w_c δ_{c,c}. */
  readonly g0: readonly V[];
  /** √(w_c (C−1)) δ_c. */
  readonly g1: readonly V[];
  /** √w_c (δ_{c,c'} − δ_c), c' ≠ c. */
  readonly g2: readonly V[];
}

/**
 * Class means of the gradients that G is made of. With δ_{i,c'} = √p_{i,c'} J_iᵀ(e_{c'} − p_i), an example's part of G is
 * Σ_{c'} δ_{i,c'} δ_{i,c'}ᵀ. Let δ_{c,c'} be the mean over the N_c examples of class c, δ_c the mean of δ_{c,c'} over
 * c' ≠ c, and w_c = N_c/N (N_c for a loss that is a sum over examples). Then
 *
 *   G = G0 + G1 + G2 + G_within,
 *   G0 = Σ_c w_c δ_{c,c} δ_{c,c}ᵀ,                         rank ≤ C
 *   G1 = (C−1) Σ_c w_c δ_c δ_cᵀ,                            rank ≤ C
 *   G2 = Σ_c w_c Σ_{c'≠c} (δ_{c,c'} − δ_c)(δ_{c,c'} − δ_c)ᵀ,  rank ≤ C(C−2)
 *   G_within = Σ_c w_c (1/N_c) Σ_{i∈c} Σ_{c'} (δ_{i,c'} − δ_{c,c'})(…)ᵀ,
 *
 * an identity, also for classes of unequal size (with equal ones w_c = 1/C, as in Papyan 2019, "Measurements of
 * three-level hierarchical structure…"; Papyan 2020 weights the means by p instead).
 *
 * Cost: C products with Jᵀ for each class that has examples, and memory of C² vectors. Null where `signal` asked to stop.
 */
export async function classFactors<V>(
  space: VectorSpace<V>,
  linearization: Linearization<V>,
  { probabilities, labels }: ProbabilitiesAndLabels,
  overExamples: 'mean' | 'sum',
  signal: { readonly aborted: boolean } | undefined,
  onProduct: (done: number, total: number) => void,
): Promise<ClassFactors<V> | null> {
  const rows = labels.length;
  const classes = probabilities.length / rows;
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  const total = classes * counts.filter((count) => count > 0).length;
  const g0: V[] = [];
  const g1: V[] = [];
  const g2: V[] = [];
  let done = 0;
  for (let c = 0; c < classes; c++) {
    const weight = overExamples === 'mean' ? counts[c]! / rows : counts[c]!;
    if (weight === 0) continue;
    const others: V[] = [];
    for (let other = 0; other < classes; other++) {
      if (signal?.aborted) {
        space.release(...g0, ...g1, ...g2, ...others);
        return null;
      }
      const u = crossClassRows(probabilities, labels, c, other, Math.sqrt(weight) / counts[c]!);
      const mean = await linearization.jacobianTransposeProduct!(u);
      onProduct(++done, total);
      if (other === c) g0.push(mean);
      else others.push(mean);
    }
    const share = new Float64Array(others.length).fill(1 / others.length);
    const mean = space.combine(others, share);
    for (const one of others) g2.push(space.addScaled(one, -1, mean));
    g1.push(space.scale(mean, Math.sqrt(classes - 1)));
  }
  return { counts, g0, g1, g2 };
}

/** u_i = scale √p_{i,c'} (e_{c'} − p_i) in the rows of class c, zero in the others: Jᵀu is scale Σ_{i∈c} δ_{i,c'}. */
function crossClassRows(
  probabilities: Float64Array,
  labels: Int32Array,
  c: number,
  other: number,
  scale: number,
): Outputs {
  const columns = probabilities.length / labels.length;
  const data = new Float64Array(probabilities.length);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== c) continue;
    const from = i * columns;
    const factor = scale * Math.sqrt(probabilities[from + other]!);
    for (let k = 0; k < columns; k++) data[from + k] = factor * ((k === other ? 1 : 0) - probabilities[from + k]!);
  }
  return { rows: labels.length, columns, data };
}
