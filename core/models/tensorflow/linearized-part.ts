import { mul, type Scalar, type Tensor, type Tensor1D, type Tensor2D, zerosLike } from '@tensorflow/tfjs-core';
import { outputCurvatureProduct } from './loss-terms.ts';
import { lossSeen, modelKey, partLoss, type Seen, type Setting } from './objective-setting.ts';
import { lossPrograms, type PartOfLoss } from './plan/loss-programs.ts';
import { outputPrograms } from './plan/output-programs.ts';
import { atPoint, type PointLinearization, type PointTheta } from './plan/point-linearization.ts';
import type { HeldPrograms } from './plan/program-cache.ts';
import { linearizeOutputs } from './second-order/linearize-outputs.ts';
import { linearizeTape, tapeGradient } from './second-order/linearize-tape.ts';

/** The loss of a part at a point. `loss` reads it, once; the gradients are the caller's. */
export interface PartLoss {
  loss(): Promise<number>;
  readonly gradients: Tensor[];
  /** Frees both, where they are not wanted. */
  giveUp(): void;
}

/**
 * Loss and gradient of a part: by the same program at every call, so that a run that is resumed computes the same bits.
 * Where layers draw masks a program would serve one batch only; there the tape is walked, always.
 */
export function lossAndGradient<V>(setting: Setting<V>, part: PartOfLoss, theta: PointTheta): PartLoss {
  const key = keyOf(setting, 'loss', part);
  if (setting.products === 'compiled' && !setting.drawsMasks) {
    const held = setting.programs.hold(key, () => lossPrograms(setting, part, theta.blocks));
    try {
      const value = held.programs.value();
      const data = [part.part.inputs, part.part.targets];
      const results =
        theta.host && value.runFromHost ? value.runFromHost(theta.host, data) : value.run(theta.blocks, data);
      return asPartLoss(results, part, theta.blocks.length);
    } finally {
      held.release();
    }
  }
  const seen: Seen = {};
  const { value, gradients } = tapeGradient(lossOf(setting, part, seen), theta.blocks);
  value.dispose();
  return partLossOf(gradients, seen, part.scale);
}

/** Loss, gradient and what Hessian products follow from. */
export function linearizedLoss<V>(
  setting: Setting<V>,
  part: PartOfLoss,
  theta: PointTheta,
): PartLoss & { readonly at: PointLinearization } {
  if (setting.products === 'compiled') {
    const held = setting.programs.hold(keyOf(setting, 'loss', part), () => lossPrograms(setting, part, theta.blocks));
    const at = releasing(held, () => atPoint(held.programs, theta, [part.part.inputs, part.part.targets]));
    // Copies, because the linearisation keeps its own results.
    const copies = at.results.map((tensor) => tensor.clone());
    return { ...asPartLoss(copies, part, theta.blocks.length), at };
  }
  const seen: Seen = {};
  const tape = linearizeTape(lossOf(setting, part, seen), theta.blocks);
  const gradients = tape.gradients.map((block) => block.clone());
  const at: PointLinearization = {
    ...tapeSize(setting, part),
    results: [],
    product: (_, vs) => tape.hessianProduct(vs),
    dispose: () => tape.dispose(),
  };
  return { ...partLossOf(gradients, seen, part.scale), at };
}

/** Hessian products of some blocks of θ: `hessian` takes and gives these blocks alone. */
export function linearizedBlocks<V>(
  setting: Setting<V>,
  part: PartOfLoss,
  theta: PointTheta,
  blocks: readonly number[],
): PointLinearization {
  if (setting.products === 'compiled') {
    const key = `${keyOf(setting, 'blocks', part)}|${blocks.join()}`;
    const held = setting.programs.hold(key, () => lossPrograms(setting, part, theta.blocks, blocks));
    return releasing(held, () => atPoint(held.programs, theta, [part.part.inputs, part.part.targets]));
  }
  const { at, giveUp } = linearizedLoss(setting, part, theta);
  giveUp();
  return {
    ...at,
    product(name, free) {
      const zeros = theta.blocks.map((block) => zerosLike(block));
      const vs = zeros.map((zero, i) => free[blocks.indexOf(i)] ?? zero);
      const all = at.product(name, vs);
      const wanted = blocks.map((block) => all[block] as Tensor);
      for (const tensor of [...zeros, ...all]) if (!wanted.includes(tensor)) tensor.dispose();
      return wanted;
    },
  };
}

/** The outputs of a part with the products of their Jacobian: `jacobian`, `jacobianTranspose`, `gaussNewton`. */
export function linearizedOutputs<V>(setting: Setting<V>, part: PartOfLoss, theta: PointTheta): PointLinearization {
  if (setting.products === 'compiled') {
    const key = keyOf(setting, 'outputs', part);
    const held = setting.programs.hold(key, () => outputPrograms(setting, part, theta.blocks));
    return releasing(held, () => atPoint(held.programs, theta, [part.part.inputs, part.part.targets]));
  }
  const { functional, mode, loss } = setting;
  const f = (...at: Tensor[]) => functional.outputs(at, part.part.inputs, mode, part.seed);
  const tape = linearizeOutputs(f, theta.blocks);
  const products: Record<string, (free: readonly Tensor[]) => Tensor[]> = {
    jacobian: (vs) => [tape.jacobianProduct(vs)],
    jacobianTranspose: ([u]) => tape.jacobianTransposeProduct(u as Tensor),
    gaussNewton(vs) {
      const forward = tape.jacobianProduct(vs) as Tensor2D;
      const curved = outputCurvatureProduct(loss, tape.outputs as Tensor2D, forward);
      const cotangent = mul(curved, part.scale);
      const product = tape.jacobianTransposeProduct(cotangent);
      for (const tensor of [forward, curved, cotangent]) tensor.dispose();
      return product;
    },
  };
  return {
    ...tapeSize(setting, part),
    results: [],
    product: (name, free) => products[name]?.(free) ?? [],
    dispose: () => tape.dispose(),
  };
}

const lossOf = <V>(setting: Setting<V>, { part, index, scale, seed }: PartOfLoss, seen: Seen) =>
  partLoss(setting, part, index, scale, seed, seen);

/** Programs serve all parts of the same size; masks are constants of a program, so that their seed belongs to the key. */
function keyOf<V>(setting: Setting<V>, kind: string, { part, index, scale, seed }: PartOfLoss): string {
  const masks = setting.drawsMasks ? seed : 0;
  return [kind, part.count, index === 0, scale, masks, modelKey(setting)].join('|');
}

function releasing(held: HeldPrograms, make: () => PointLinearization): PointLinearization {
  try {
    const made = make();
    return {
      ...made,
      dispose() {
        made.dispose();
        held.release();
      },
    };
  } catch (error) {
    held.release();
    throw error;
  }
}

/** The results of the point's program: losses of the examples, perhaps a penalty, the blocks of the gradient. */
function asPartLoss(results: readonly Tensor[], { scale }: PartOfLoss, blocks: number): PartLoss {
  const [terms, penalty] = results.slice(0, results.length - blocks) as [Tensor1D, Scalar?];
  const seen: Seen = penalty ? { terms, penalty } : { terms };
  return partLossOf(results.slice(results.length - blocks), seen, scale);
}

function partLossOf(gradients: Tensor[], seen: Seen, scale: number): PartLoss {
  return {
    gradients,
    loss: () => lossSeen(seen, scale),
    giveUp() {
      for (const tensor of [...gradients, seen.terms, seen.penalty]) tensor?.dispose();
    },
  };
}

/** Tensors that a tape holds, per number of the forward pass: measured 4 for dense and 9 for convolutional nets. */
export const tapeCopies = 10;

const tapeSize = <V>({ functional }: Setting<V>, { part }: PartOfLoss) => ({
  examples: part.count,
  bytes: functional.activations * tapeCopies * part.count * Float32Array.BYTES_PER_ELEMENT,
});
