import { type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { BatchKey, Linearization, Outputs, ValueAndGradient } from '../../objective/objective.ts';
import { blockSum, chosenBlocks } from './block-products.ts';
import { linearizedBlocks, linearizedLoss, linearizedOutputs, lossAndGradient } from './linearized-part.ts';
import { addInto, type Setting } from './objective-setting.ts';
import { forEachPart, linearizeParts, type PartLinearizations } from './part-linearizations.ts';
import type { PointTheta } from './plan/point-linearization.ts';

/** Loss and ∇L at θ; nothing of the point is held afterwards. */
export async function gradient<V>(
  setting: Setting<V>,
  theta: V,
  batch: BatchKey | undefined,
): Promise<ValueAndGradient<V>> {
  const { home } = setting;
  const at = pointTheta(setting, theta);
  let loss = 0;
  let sums: Tensor[] = [];
  try {
    await forEachPart(setting, batch, async (part) => {
      const found = lossAndGradient(setting, part, at);
      sums = addInto(sums, found.gradients);
      loss += await found.loss();
    });
    const joined = sums;
    sums = [];
    return { loss, gradient: await home.join(joined) };
  } finally {
    for (const tensor of [...at.blocks, ...sums]) tensor.dispose();
  }
}

/**
 * L, ∇L and what products follow from, one linearisation a part of the data. Those of the outputs (for Gauss–Newton and
 * Jacobian products) are made when first needed, at the same θ: one more forward pass.
 */
export async function linearize<V>(
  setting: Setting<V>,
  theta: V,
  batch: BatchKey | undefined,
): Promise<Linearization<V>> {
  const { functional, home } = setting;
  const count = batch?.length ?? setting.examples.count;
  const at = pointTheta(setting, theta, { lasting: true });
  let losses: PartLinearizations | null = null;
  let outputs: PartLinearizations | null = null;
  const ofBlocks = new Map<string, PartLinearizations>();
  let disposed = false;
  const free = () => {
    disposed = true;
    losses?.dispose();
    outputs?.dispose();
    for (const parts of ofBlocks.values()) parts.dispose();
    for (const weight of at.blocks) weight.dispose();
  };

  async function partOutputs(): Promise<PartLinearizations> {
    if (disposed) throw new Error('This linearisation was disposed.');
    outputs ??= await linearizeParts(setting, batch, async (part) => linearizedOutputs(setting, part, at));
    return outputs;
  }

  try {
    let loss = 0;
    let gradients: Tensor[] = [];
    const parts = await linearizeParts(setting, batch, async (part, first) => {
      const found = linearizedLoss(setting, part, at);
      if (first) {
        gradients = addInto(gradients, found.gradients);
        loss += await found.loss();
      } else found.giveUp();
      return found.at;
    });
    losses = parts;
    const gradientAt = await home.join(gradients);
    return {
      loss,
      gradient: gradientAt,
      exact: true,
      async hessianProduct(v) {
        if (disposed) throw new Error('This linearisation was disposed.');
        return summed(setting, parts, 'hessian', v);
      },
      async blockHessianProduct(names, v) {
        if (disposed) throw new Error('This linearisation was disposed.');
        const chosen = chosenBlocks(functional.variables, names, v.length);
        const key = names.join();
        const parts =
          ofBlocks.get(key) ??
          (await linearizeParts(setting, batch, async (part) =>
            linearizedBlocks(
              setting,
              part,
              at,
              chosen.map(({ index }) => index),
            ),
          ));
        ofBlocks.set(key, parts);
        return blockSum(parts, chosen, v);
      },
      gaussNewtonProduct: async (v) => summed(setting, await partOutputs(), 'gaussNewton', v),
      async jacobianProduct(v) {
        const recorded = await partOutputs();
        const vs = home.split(v);
        const columns = functional.outputWidth;
        const rows: Outputs = { rows: count, columns, data: new Float64Array(count * columns) };
        try {
          await recorded.each(async (part, start) => {
            const [product] = part.product('jacobian', vs) as [Tensor];
            rows.data.set(await product.data(), start * columns);
            product.dispose();
          });
        } finally {
          for (const block of vs) block.dispose();
        }
        return rows;
      },
      async jacobianTransposeProduct(u) {
        const recorded = await partOutputs();
        const { outputWidth } = functional;
        if (u.rows !== count || u.columns !== outputWidth)
          throw new RangeError(`Outputs of ${u.rows} × ${u.columns} for ${count} × ${outputWidth}.`);
        let sums: Tensor[] = [];
        await recorded.each(async (part, start) => {
          const block = u.data.subarray(start * u.columns, (start + part.examples) * u.columns);
          const cotangent = tensor2d(Float32Array.from(block), [part.examples, u.columns]);
          sums = addInto(sums, part.product('jacobianTranspose', [cotangent]));
          cotangent.dispose();
        });
        return home.join(sums);
      },
      dispose() {
        if (!disposed) home.space.release(gradientAt);
        free();
      },
    };
  } catch (error) {
    free();
    throw error;
  }
}

function pointTheta<V>({ home }: Setting<V>, theta: V, { lasting = false } = {}): PointTheta {
  const blocks = home.split(theta);
  if (!home.onHost) return { blocks };
  // What is looked at again later must not change with the caller's vector.
  return { blocks, host: lasting ? home.onHost(theta).slice() : home.onHost(theta) };
}

/** Σ over parts of a product, from host to host where the engine can. */
async function summed<V>(setting: Setting<V>, parts: PartLinearizations, name: string, v: V): Promise<V> {
  const { onHost, space } = setting.home;
  if (!onHost || !parts.first?.productOnHost) return sumOfTensors(setting, parts, name, v);
  const from = onHost(v);
  let total: V | null = null;
  try {
    await parts.each(async (part) => {
      const product = space.zeros();
      part.productOnHost?.(name, from, onHost(product) as HostVector);
      if (total === null) total = product;
      else {
        total = space.addScaled(total, 1, product);
        space.release(product);
      }
    });
  } catch (problem) {
    if (total !== null) space.release(total);
    throw problem;
  }
  return total ?? space.zeros();
}

async function sumOfTensors<V>({ home }: Setting<V>, parts: PartLinearizations, name: string, v: V): Promise<V> {
  const vs = home.split(v);
  let sums: Tensor[] = [];
  try {
    await parts.each(async (part) => {
      sums = addInto(sums, part.product(name, vs));
    });
    const joined = sums;
    sums = [];
    return await home.join(joined);
  } finally {
    for (const block of [...vs, ...sums]) block.dispose();
  }
}
