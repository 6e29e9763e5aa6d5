import type { IndependentTangents, SymmetryKind } from '../../objective/symmetry/tangents.ts';
import { type DenseHessian, inEigenbasis } from './dense-hessian.ts';
import type { IndexCounts, ZeroModes } from './saddle.ts';

/** Squared cosine with the null space above which a tangent lies in it. */
const inside = 0.99;

/**
 * How many of the null eigenvalues are there because a symmetry moves θ without changing L: the tangents that lie in the
 * span of the eigenvectors with |λ| up to the tolerance. A direction that two symmetries share is counted for the one
 * that is first among the tangents. Where ∇L is not zero tangents are no null vectors, and few are explained.
 * Cost: no products.
 */
export function zeroModes(
  hessian: DenseHessian,
  index: IndexCounts,
  { tangents, basis }: IndependentTangents,
): ZeroModes {
  const by = new Map<SymmetryKind, number>();
  basis.forEach((unit, k) => {
    const share = inEigenbasis(hessian, unit).reduce(
      (sum, x, i) => (Math.abs(hessian.eigenvalues[i]!) <= index.tolerance ? sum + x * x : sum),
      0,
    );
    const { kind } = tangents[k]!;
    if (share >= inside) by.set(kind, (by.get(kind) ?? 0) + 1);
  });
  const explained = Math.min(
    index.null,
    [...by.values()].reduce((sum, directions) => sum + directions, 0),
  );
  return {
    count: index.null,
    explained,
    by: [...by].map(([symmetry, directions]) => ({ symmetry, directions })),
  };
}
