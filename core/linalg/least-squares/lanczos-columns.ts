import { orthogonalize } from '../eigenpairs/orthogonalize.ts';
import type { LinearOperator } from '../linear-operator.ts';

/** A column (β, α, β₊) of the tridiagonal T with A V = V₊T. */
export interface LanczosColumn {
  readonly beta: number;
  readonly alpha: number;
  readonly betaNext: number;
}

export interface LanczosColumns<V> {
  /** vₖ, which stays its own. */
  current(): V;
  /** The column of vₖ; null where it is not finite. Cost: one product. */
  column(): Promise<LanczosColumn | null>;
  /** On to vₖ₊₁; β₊ is not zero. */
  advance(): void;
  release(): void;
}

/** Lanczos from b of a length that is given, by the three-term recurrence; with `reorthogonalize` all vⱼ are kept. */
export function lanczosColumns<V>(
  { space, apply }: LinearOperator<V>,
  b: V,
  length: number,
  reorthogonalize: boolean,
): LanczosColumns<V> {
  const kept: V[] = [];
  let before: V | null = null;
  let v = space.scale(space.copy(b), 1 / length);
  let next: V | null = null;
  let [beta, betaNext] = [0, 0];
  return {
    current: () => v,
    async column() {
      let rest: V = await apply(v);
      if (before !== null) rest = space.addScaled(rest, -beta, before);
      const alpha = (await space.dots([v], rest))[0]!;
      rest = space.addScaled(rest, -alpha, v);
      if (reorthogonalize) {
        kept.push(space.copy(v));
        rest = (await orthogonalize(space, kept, rest)).vector;
      }
      next = rest;
      betaNext = Math.sqrt((await space.dots([rest], rest))[0]!);
      return Number.isFinite(alpha + betaNext) ? { beta, alpha, betaNext } : null;
    },
    advance() {
      if (before !== null) space.release(before);
      before = v;
      v = space.scale(next!, 1 / betaNext);
      next = null;
      beta = betaNext;
    },
    release() {
      space.release(v, ...kept);
      if (before !== null) space.release(before);
      if (next !== null) space.release(next);
    },
  };
}
