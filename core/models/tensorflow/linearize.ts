import { mul, type Tensor, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { BatchKey, Linearization, Outputs, ValueAndGradient } from '../../objective/objective.ts';
import { outputCurvatureProduct } from './loss-terms.ts';
import { addInto, lossSeen, maskSeedOf, partLoss, type Seen, type Setting, scaleOf } from './objective-setting.ts';
import { linearizeOutputs, type OutputsLinearization } from './second-order/linearize-outputs.ts';
import { linearizeTape, type TapeLinearization, tapeGradient } from './second-order/linearize-tape.ts';

/** Loss and ∇L at θ; nothing of the tape is held afterwards. */
export async function gradient<V>(
  setting: Setting<V>,
  theta: V,
  batch: BatchKey | undefined,
): Promise<ValueAndGradient<V>> {
  const { examples, home } = setting;
  const scale = scaleOf(setting, batch?.length ?? examples.count);
  const seed = maskSeedOf(batch);
  const weights = home.split(theta);
  let loss = 0;
  let sums: Tensor[] = [];
  try {
    await examples.forEachPart(batch, async (part, index) => {
      const seen: Seen = {};
      const { value, gradients } = tapeGradient(partLoss(setting, part, index, scale, seed, seen), weights);
      value.dispose();
      sums = addInto(sums, gradients);
      loss += await lossSeen(seen, scale);
    });
    const joined = sums;
    sums = [];
    return { loss, gradient: await home.join(joined) };
  } finally {
    for (const tensor of [...weights, ...sums]) tensor.dispose();
  }
}

/** The model's outputs, part by part, with their Jacobian; recorded when first asked for. */
interface RecordedOutputs {
  readonly tape: OutputsLinearization;
  readonly start: number;
  readonly count: number;
}

/**
 * L, ∇L and the tapes from which products follow, one tape a part. The tapes of the outputs (for Gauss–Newton and
 * Jacobian products) are recorded when first needed, at the same θ: one more forward and backward pass.
 */
export async function linearize<V>(
  setting: Setting<V>,
  theta: V,
  batch: BatchKey | undefined,
): Promise<Linearization<V>> {
  const { examples, functional, home } = setting;
  const count = batch?.length ?? examples.count;
  const scale = scaleOf(setting, count);
  const seed = maskSeedOf(batch);
  const weights = home.split(theta);
  const tapes: TapeLinearization[] = [];
  const outputTapes: RecordedOutputs[] = [];
  const free = () => {
    for (const tape of tapes.splice(0)) tape.dispose();
    for (const { tape } of outputTapes.splice(0)) tape.dispose();
    for (const weight of weights.splice(0)) weight.dispose();
  };
  const ensureAlive = () => {
    if (tapes.length === 0) throw new Error('This linearisation was disposed.');
  };

  async function recordedOutputs(): Promise<readonly RecordedOutputs[]> {
    ensureAlive();
    if (outputTapes.length > 0) return outputTapes;
    let start = 0;
    await examples.forEachPart(batch, async (part) => {
      const f = (...at: Tensor[]) => functional.outputs(at, part.inputs, setting.mode, seed);
      outputTapes.push({ tape: linearizeOutputs(f, weights), start, count: part.count });
      start += part.count;
    });
    return outputTapes;
  }

  /** Σ over parts of what `product` makes of v's blocks. */
  async function summed(v: V | null, product: (vs: readonly Tensor[]) => Tensor[][]): Promise<V> {
    const vs = v === null ? [] : home.split(v);
    try {
      return await home.join(tidy(() => product(vs).reduce(addInto, [])));
    } finally {
      for (const block of vs) block.dispose();
    }
  }

  try {
    let loss = 0;
    await examples.forEachPart(batch, async (part, index) => {
      const seen: Seen = {};
      tapes.push(linearizeTape(partLoss(setting, part, index, scale, seed, seen), weights));
      loss += await lossSeen(seen, scale);
    });
    const gradientAt = await summed(null, () => tapes.map(({ gradients }) => gradients.map((block) => block.clone())));
    return {
      loss,
      gradient: gradientAt,
      exact: true,
      async hessianProduct(v) {
        ensureAlive();
        return summed(v, (vs) => tapes.map((tape) => tape.hessianProduct(vs)));
      },
      async gaussNewtonProduct(v) {
        const recorded = await recordedOutputs();
        return summed(v, (vs) =>
          recorded.map(({ tape }) => {
            const curved = outputCurvatureProduct(
              setting.loss,
              tape.outputs as Tensor2D,
              tape.jacobianProduct(vs) as Tensor2D,
            );
            return tape.jacobianTransposeProduct(mul(curved, scale));
          }),
        );
      },
      async jacobianProduct(v) {
        const recorded = await recordedOutputs();
        const vs = home.split(v);
        const columns = functional.outputWidth;
        const rows: Outputs = { rows: count, columns, data: new Float64Array(count * columns) };
        for (const { tape, start } of recorded) {
          const product = tape.jacobianProduct(vs);
          rows.data.set(await product.data(), start * columns);
          product.dispose();
        }
        for (const block of vs) block.dispose();
        return rows;
      },
      async jacobianTransposeProduct(u) {
        const recorded = await recordedOutputs();
        if (u.rows !== count || u.columns !== functional.outputWidth)
          throw new RangeError(`Outputs of ${u.rows} × ${u.columns} for ${count} × ${functional.outputWidth}.`);
        return summed(null, () =>
          recorded.map(({ tape, start, count: rows }) => {
            const block = u.data.subarray(start * u.columns, (start + rows) * u.columns);
            return tape.jacobianTransposeProduct(tensor2d(Float32Array.from(block), [rows, u.columns]));
          }),
        );
      },
      dispose() {
        if (tapes.length > 0) home.space.release(gradientAt);
        free();
      },
    };
  } catch (error) {
    free();
    throw error;
  }
}
