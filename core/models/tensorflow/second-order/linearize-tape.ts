import { keep, onesLike, type Scalar, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import { record } from './recording.ts';
import { connectingNodes, type TapePath, walkBack } from './tape.ts';

/** A scalar function at one point, with as many exact Hessian products as are asked for. */
export interface TapeLinearization {
  /** f(x), a scalar; owned by the linearisation, like `gradients`. */
  readonly value: Scalar;
  /** ∂f/∂x_i, zeros where f does not depend on x_i. */
  readonly gradients: readonly Tensor[];
  /** Operations on the whole tape, and those that one product walks. */
  readonly nodes: { readonly recorded: number; readonly walked: number };
  /**
   * H v for v of the shapes of xs, by reverse over reverse: Σ_i (∂/∂x)(∂f/∂x_i · v_i). The caller disposes the result.
   * Cost: about one gradient for dense nets, 1.75 gradients for convolutional ones.
   */
  hessianProduct(vs: readonly Tensor[]): Tensor[];
  dispose(): void;
}

/**
 * Records f and its gradient on one tape, so that every later Hessian product is a single backward walk of the
 * gradient's part of it: no new forward or first backward pass. `installSecondOrder` must have been called.
 * Never uses nested `tf.grad`, which gives wrong numbers without throwing.
 *
 * Throws `BadInput` naming the operation where a derivative rule is missing; frees everything when it throws.
 * Pearlmutter (1994), Fast exact multiplication by the Hessian; Christianson (1992) for reverse over reverse.
 */
export function linearizeTape(f: (...xs: Tensor[]) => Scalar, xs: readonly Tensor[]): TapeLinearization {
  const { value: recorded, saved } = record((recorder) => {
    const y = scalarOf(f, xs);
    const ends = gradientsOf(connectingNodes(recorder.tape(), xs, [y]), y, xs);
    const path = connectingNodes(recorder.tape(), xs, ends);
    return { path, ends, recorded: recorder.tape().length, ...keptCopies(y, ends) };
  });
  const { path, ends, value, gradients } = recorded;
  const needed = new Set(path.nodes.flatMap((node) => node.saved));
  for (const tensor of saved) if (!needed.has(tensor)) tensor.dispose();
  return {
    value,
    gradients,
    nodes: { recorded: recorded.recorded, walked: path.nodes.length },
    hessianProduct: (vs) => transposeApply(path, ends, vs, xs),
    dispose() {
      for (const tensor of [...needed, value, ...gradients]) tensor.dispose();
    },
  };
}

/** f(x) and its gradient alone; nothing of the tape is held. The caller disposes what is returned. */
export function tapeGradient(
  f: (...xs: Tensor[]) => Scalar,
  xs: readonly Tensor[],
): { value: Scalar; gradients: Tensor[] } {
  const { value, saved } = record((recorder) => {
    const y = scalarOf(f, xs);
    const path = connectingNodes(recorder.tape(), xs, [y]);
    return recorder.unrecorded(() => keptCopies(y, gradientsOf(path, y, xs)));
  });
  for (const tensor of saved) tensor.dispose();
  return value;
}

/** The transpose of the recorded linear dependence of `ends` on `xs`, applied to cotangents `vs` of the ends. */
export function transposeApply(
  path: TapePath,
  ends: readonly Tensor[],
  vs: readonly Tensor[],
  xs: readonly Tensor[],
): Tensor[] {
  if (vs.length !== ends.length) throw new Error(`${ends.length} tensors are needed, ${vs.length} were given.`);
  return tidy(() => {
    const cotangents = walkBack(
      path,
      ends.map((end, i) => [end, vs[i]!] as const),
    );
    return xs.map((x) => {
      const found = cotangents.get(path.idOf(x));
      // Copied, because a result may be one of the caller's own vectors, or the same for two parameters.
      return found === undefined ? zerosLike(x) : found.clone();
    });
  });
}

function gradientsOf(path: TapePath, y: Tensor, xs: readonly Tensor[]): Tensor[] {
  const cotangents = walkBack(path, [[y, onesLike(y)]]);
  return xs.map((x) => cotangents.get(path.idOf(x)) ?? zerosLike(x));
}

function scalarOf(f: (...xs: Tensor[]) => Scalar, xs: readonly Tensor[]): Scalar {
  const y = f(...xs);
  if (y.size !== 1) throw new Error(`A scalar function is needed, but the function gave shape [${y.shape}].`);
  return y;
}

function keptCopies(y: Scalar, gradients: readonly Tensor[]): { value: Scalar; gradients: Tensor[] } {
  return { value: keep(y.clone()), gradients: gradients.map((gradient) => keep(gradient.clone())) };
}
