import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Objective } from '../../objective/objective.ts';
import type { GradientShare } from './structure.ts';
import { shareIn, sineBound, type TopSubspace, type TopSubspaceOptions, topSubspace } from './top-subspace.ts';

/** A subset of the examples with the top subspace of its own Hessian. */
export interface HalfSubspace<V> {
  readonly gradient: V;
  readonly top: TopSubspace<V>;
}

/**
 * Two random halves of the examples, each with its own gradient and top subspace, which belong to the caller. Cost: two
 * gradients and two searches on half of the data: about one search on all of it.
 */
export async function halfSubspaces<V>(
  objective: Objective<V>,
  theta: V,
  options: TopSubspaceOptions,
): Promise<readonly [HalfSubspace<V>, HalfSubspace<V>]> {
  const { space, examples } = objective;
  const order = options.rng.split('halves').permutation(examples);
  const middle = Math.floor(examples / 2);
  const half = async (key: Int32Array, name: string): Promise<HalfSubspace<V>> => {
    const linearization = await objective.linearize(theta, key.slice().sort());
    try {
      const operator = hessianOperator(space, linearization);
      const top = await topSubspace(operator, { ...options, rng: options.rng.split(name) });
      return { gradient: space.copy(linearization.gradient), top };
    } finally {
      linearization.dispose();
    }
  };
  const first = await half(order.subarray(0, middle), 'first half');
  try {
    return [first, await half(order.subarray(middle), 'second half')];
  } catch (problem) {
    releaseHalf(objective, first);
    throw problem;
  }
}

export function releaseHalf<V>({ space }: Pick<Objective<V>, 'space'>, { gradient, top }: HalfSubspace<V>): void {
  space.release(gradient, ...top.vectors);
}

/**
 * ‖P_k ∇L‖²/‖∇L‖² in the top subspace of H (Gur-Ari, Roberts, Dyer 2018), with the Davis–Kahan bound of what the
 * residuals can change of it; and over the data from two halves: each gradient in its own half's subspace, which is what
 * the whole data's share is a sample of, and in the other's, which shares no example with it. Null where fewer than k
 * vectors were found.
 */
export async function gradientShare<V>(
  { space }: Pick<Objective<V>, 'space'>,
  gradient: V,
  top: TopSubspace<V>,
  halves: readonly [HalfSubspace<V>, HalfSubspace<V>] | null,
  k: number,
): Promise<GradientShare | null> {
  const share = (g: V, { values, vectors }: TopSubspace<V>) =>
    shareIn(space, vectors.slice(0, k), g, sineBound(values, k, space.dim));
  if (top.vectors.length < k || halves?.some((half) => half.top.vectors.length < k)) return null;
  const result = { k, byChance: k / space.dim, share: await share(gradient, top) };
  if (halves === null) return { ...result, halves: null };
  const [a, b] = halves;
  const own = [await share(a.gradient, a.top), await share(b.gradient, b.top)] as const;
  const crossed = [await share(a.gradient, b.top), await share(b.gradient, a.top)] as const;
  const standardError = Math.abs(own[0].value - own[1].value) / 2;
  return { ...result, halves: { own, crossed, standardError } };
}
