import { type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { BatchKey, Linearization, Outputs, ValueAndGradient } from '../../objective/objective.ts';
import type { ExampleBatch } from './examples.ts';
import { linearizedLoss, linearizedOutputs, lossAndGradient } from './linearized-part.ts';
import { addInto, maskSeedOf, type Setting, scaleOf } from './objective-setting.ts';
import type { PartOfLoss } from './plan/loss-programs.ts';
import type { PointLinearization, PointTheta } from './plan/point-linearization.ts';

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

/** The model's outputs on a part of the data, linearised; made when first asked for. */
interface PartOutputs {
  readonly at: PointLinearization;
  readonly start: number;
  readonly count: number;
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
  const losses: PointLinearization[] = [];
  const outputs: PartOutputs[] = [];
  let disposed = false;
  const free = () => {
    disposed = true;
    for (const one of losses.splice(0)) one.dispose();
    for (const one of outputs.splice(0)) one.at.dispose();
    for (const weight of at.blocks) weight.dispose();
  };
  const ensureAlive = () => {
    if (disposed) throw new Error('This linearisation was disposed.');
  };

  async function partOutputs(): Promise<readonly PartOutputs[]> {
    ensureAlive();
    if (outputs.length > 0) return outputs;
    let start = 0;
    await forEachPart(setting, batch, async (part) => {
      outputs.push({ at: linearizedOutputs(setting, part, at), start, count: part.part.count });
      start += part.part.count;
    });
    return outputs;
  }

  const summed = async (parts: readonly PointLinearization[], name: string, v: V): Promise<V> => {
    const direct = home.onHost && parts.every(({ productOnHost }) => productOnHost);
    return direct ? sumOnHost(setting, parts, name, v) : sumOfTensors(setting, parts, name, v);
  };

  try {
    let loss = 0;
    let gradients: Tensor[] = [];
    await forEachPart(setting, batch, async (part) => {
      const found = linearizedLoss(setting, part, at);
      losses.push(found.at);
      gradients = addInto(gradients, found.gradients);
      loss += await found.loss();
    });
    const gradientAt = await home.join(gradients);
    return {
      loss,
      gradient: gradientAt,
      exact: true,
      async hessianProduct(v) {
        ensureAlive();
        return summed(losses, 'hessian', v);
      },
      async gaussNewtonProduct(v) {
        const parts = await partOutputs();
        return summed(
          parts.map((part) => part.at),
          'gaussNewton',
          v,
        );
      },
      async jacobianProduct(v) {
        const parts = await partOutputs();
        const vs = home.split(v);
        const columns = functional.outputWidth;
        const rows: Outputs = { rows: count, columns, data: new Float64Array(count * columns) };
        try {
          for (const part of parts) {
            const [product] = part.at.product('jacobian', vs) as [Tensor];
            rows.data.set(await product.data(), part.start * columns);
            product.dispose();
          }
        } finally {
          for (const block of vs) block.dispose();
        }
        return rows;
      },
      async jacobianTransposeProduct(u) {
        const parts = await partOutputs();
        if (u.rows !== count || u.columns !== functional.outputWidth)
          throw new RangeError(`Outputs of ${u.rows} × ${u.columns} for ${count} × ${functional.outputWidth}.`);
        let sums: Tensor[] = [];
        for (const part of parts) {
          const block = u.data.subarray(part.start * u.columns, (part.start + part.count) * u.columns);
          const cotangent = tensor2d(Float32Array.from(block), [part.count, u.columns]);
          sums = addInto(sums, part.at.product('jacobianTranspose', [cotangent]));
          cotangent.dispose();
        }
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

async function forEachPart<V>(
  setting: Setting<V>,
  batch: BatchKey | undefined,
  body: (part: PartOfLoss) => Promise<void>,
): Promise<void> {
  const scale = scaleOf(setting, batch?.length ?? setting.examples.count);
  const seed = maskSeedOf(batch);
  await setting.examples.forEachPart(batch, (part: ExampleBatch, index) => body({ part, index, scale, seed }));
}

function pointTheta<V>({ home }: Setting<V>, theta: V, { lasting = false } = {}): PointTheta {
  const blocks = home.split(theta);
  if (!home.onHost) return { blocks };
  // What is looked at again later must not change with the caller's vector.
  return { blocks, host: lasting ? home.onHost(theta).slice() : home.onHost(theta) };
}

function sumOnHost<V>({ home }: Setting<V>, parts: readonly PointLinearization[], name: string, v: V): Promise<V> {
  const { space, onHost } = home;
  const view = onHost as (v: V) => HostVector;
  let total = space.zeros();
  parts.forEach((part, index) => {
    const product = index === 0 ? total : space.zeros();
    part.productOnHost?.(name, view(v), view(product));
    if (index === 0) return;
    total = space.addScaled(total, 1, product);
    space.release(product);
  });
  return Promise.resolve(total);
}

async function sumOfTensors<V>(
  { home }: Setting<V>,
  parts: readonly PointLinearization[],
  name: string,
  v: V,
): Promise<V> {
  const vs = home.split(v);
  let sums: Tensor[] = [];
  try {
    for (const part of parts) sums = addInto(sums, part.product(name, vs));
    return await home.join(sums);
  } finally {
    for (const block of vs) block.dispose();
  }
}
