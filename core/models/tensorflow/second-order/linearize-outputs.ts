import { keep, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { transposeApply } from './linearize-tape.ts';
import { record } from './recording.ts';
import { connectingNodes, walkBack } from './tape.ts';

/** A tensor-valued function at one point, with the two products of its Jacobian J = ∂z/∂x. */
export interface OutputsLinearization {
  /** z = f(x); owned by the linearisation. */
  readonly outputs: Tensor;
  /** J v, of the shape of z, for v of the shapes of xs. The caller disposes the result. */
  jacobianProduct(vs: readonly Tensor[]): Tensor;
  /** Jᵀ u, of the shapes of xs, for u of the shape of z. The caller disposes the result. */
  jacobianTransposeProduct(u: Tensor): Tensor[];
  dispose(): void;
}

/**
 * Records z = f(x) and u ↦ Jᵀu, which is linear in u, so that its own transpose is J: forward derivatives without a
 * second set of rules. Each product costs about one backward pass. The Gauss–Newton product is Jᵀ(A(J v)) with the
 * loss' second derivative A with respect to z, which `linearizeTape` of the loss alone gives.
 *
 * Throws and frees as `linearizeTape` does. Pearlmutter and Siskind (2008) for the transposition.
 */
export function linearizeOutputs(f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[]): OutputsLinearization {
  const { value: recorded, saved } = record((recorder) => {
    const z = f(...xs);
    const backward = connectingNodes(recorder.tape(), xs, [z]);
    // The cotangent's value does not matter, because Jᵀu is linear in it.
    const u = zerosLike(z);
    const cotangents = walkBack(backward, [[z, u]]);
    const pulled = xs.map((x) => cotangents.get(backward.idOf(x)) ?? zerosLike(x));
    const forward = connectingNodes(recorder.tape(), [u], pulled);
    return { z, u, backward, forward, pulled, outputs: keep(z.clone()) };
  });
  const { z, u, backward, forward, pulled, outputs } = recorded;
  const needed = new Set([...backward.nodes, ...forward.nodes].flatMap((node) => node.saved));
  for (const tensor of saved) if (!needed.has(tensor)) tensor.dispose();
  return {
    outputs,
    jacobianProduct: (vs) => transposeApply(forward, pulled, vs, [u])[0]!,
    jacobianTransposeProduct: (cotangent) => transposeApply(backward, [z], [cotangent], xs),
    dispose() {
      for (const tensor of [...needed, outputs]) tensor.dispose();
    },
  };
}
