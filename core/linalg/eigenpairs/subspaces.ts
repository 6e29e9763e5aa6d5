import type { EigenpairList, InvariantSubspace } from './eigenpairs.ts';

/** A value and how far the eigenvalue may be from it. */
interface BoundedValue {
  readonly value: number;
  readonly errorBound: number;
}

interface ResidualValue extends BoundedValue {
  readonly residual: number;
}

export interface SubspaceKnowledge {
  /** Ritz values outside of the list, with their bounds. */
  readonly others: readonly BoundedValue[];
  /** The list holds every eigenvalue of the space. */
  readonly exhausted: boolean;
  /** How many copies of the eigenvalue at these places would have been seen: 1 from one start vector, b from b. */
  readonly multiplicitySeen: (indices: readonly number[]) => number;
}

/**
 * The pairs of a list in groups of eigenvalues that cannot be told apart: neighbours whose difference is at most the sum
 * of their error bounds, which hold the floor of the precision. Every pair is in one group; groups come in the order of
 * their first pair.
 *
 * `residual` is √Σ rᵢ² = ‖A Q − Q Θ‖_F ≥ ‖A Q − Q (QᵀAQ)‖_F, because QᵀAQ is the best middle for orthonormal Q. So
 * some `count` eigenvalues of A, counted with multiplicity, lie within it of the values (Kahan; Parlett 1980, 11.5).
 *
 * A group is `complete` where one copy more would have been seen and every other Ritz value is told apart from it.
 */
export function invariantSubspaces(
  list: EigenpairList,
  pairs: readonly ResidualValue[],
  knowledge: SubspaceKnowledge,
): InvariantSubspace[] {
  const byValue = pairs.map((_, i) => i).sort((i, j) => pairs[i]!.value - pairs[j]!.value);
  const groups: number[][] = [];
  for (const i of byValue) {
    const group = groups.at(-1);
    if (group?.some((j) => !toldApart(pairs[i]!, pairs[j]!))) group.push(i);
    else groups.push([i]);
  }
  return groups
    .map((group) =>
      subspace(
        list,
        group.sort((i, j) => i - j),
        pairs,
        knowledge,
      ),
    )
    .sort((a, b) => a.indices[0]! - b.indices[0]!);
}

function subspace(
  list: EigenpairList,
  indices: readonly number[],
  pairs: readonly ResidualValue[],
  { others, exhausted, multiplicitySeen }: SubspaceKnowledge,
): InvariantSubspace {
  const members = indices.map((i) => pairs[i]!);
  const values = members.map(({ value }) => value);
  const known = exhausted || others.length > 0;
  const apart = others.every((other) => members.every((member) => toldApart(other, member)));
  return {
    list,
    indices,
    count: members.length,
    value: values.reduce((sum, value) => sum + value / values.length, 0),
    spread: Math.max(...values) - Math.min(...values),
    residual: Math.hypot(...members.map(({ residual }) => residual)),
    complete: exhausted || (known && apart && members.length < multiplicitySeen(indices)),
  };
}

function toldApart(a: BoundedValue, b: BoundedValue): boolean {
  return Math.abs(a.value - b.value) > a.errorBound + b.errorBound;
}
