import { BadInput } from '../bad-input.ts';
import type { VectorSpace } from '../linalg/vector-space.ts';
import { refuseCoupledBatches } from './coupled-examples.ts';
import { joinEvaluations, joinRows } from './joined-evaluation.ts';
import { joinPointEvaluations } from './joined-point-evaluations.ts';
import { consecutiveBatches } from './mini-batched-keys.ts';
import type { BatchKey, Evaluation, Linearization, Objective, Outputs, PointEvaluations } from './objective.ts';

/** A loss over one batch as a term of the loss over all: weight × value, gradient and products alike. */
interface Term {
  readonly batch: BatchKey;
  readonly weight: number;
}

/**
 * The same L(θ), evaluated by accumulating over consecutive batches, so that memory is bounded by the batch and not by
 * the examples. For the mean convention L = Σ_b (n_b/N) L_b. For the sum L = Σ_b L_b − (B − 1) P, where the penalty P of
 * the layers, which every L_b includes, is 2 L_{i} − L_{i,i} with one example i taken once and twice. Not for
 * layers that couple the examples of a batch (batch normalisation in training mode): there L is no sum over batches, and
 * several are refused with BadInput where the layer graph says so.
 *
 * Cost: that of the whole (for sums, three examples more). A linearization keeps those of the first `held` batches and
 * makes the others anew for each product, which then costs a gradient more for their examples: with `held` 0, the least
 * memory, a product costs a product and a gradient. `dispose` ends the objective inside.
 */
export function miniBatched<V>(objective: Objective<V>, batchSize: number, held = 0): Objective<V> {
  const { space, layout, graph, convention, engine, examples } = objective;
  const everyExample = Int32Array.from({ length: examples }, (_, i) => i);
  const batches = consecutiveBatches(everyExample, batchSize);
  if (batches.length > 1 && convention.overExamples === 'none') {
    throw new BadInput('This loss is not a sum over examples.', 'Evaluate it as a whole, without mini-batches.');
  }
  if (batches.length > 1) refuseCoupledBatches(graph, 'mini-batches');
  const split = (batch: BatchKey | undefined) => (batch ? consecutiveBatches(batch, batchSize) : batches);
  const termsOf = (batch: BatchKey | undefined) => weighted(split(batch), convention.overExamples);

  async function gradient(theta: V, batch?: BatchKey) {
    let loss = 0;
    const sum = await weightedSum(space, termsOf(batch), async (term) => {
      const part = await objective.gradient(theta, term.batch);
      loss += term.weight * part.loss;
      return part.gradient;
    });
    return { loss, gradient: sum };
  }

  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches,
    async evaluate(theta, ask = {}) {
      const parts: Evaluation[] = [];
      let loss = 0;
      const pieces = split(ask.batch);
      for (const [index, { batch, weight }] of weighted(pieces, convention.overExamples).entries()) {
        const part = await objective.evaluate(theta, { ...ask, batch, perExample: true });
        loss += weight * part.loss;
        if (index < pieces.length) parts.push(part);
      }
      return joinEvaluations(parts, loss, convention.overExamples === 'sum', ask.perExample === true);
    },
    gradient,
    async losses(origin, directions, coefficients, batch) {
      const sum = new Float64Array(coefficients.rows);
      for (const term of termsOf(batch)) {
        const part = await objective.losses(origin, directions, coefficients, term.batch);
        for (let i = 0; i < sum.length; i++) sum[i]! += term.weight * part[i]!;
      }
      return sum;
    },
    ...(objective.evaluations && {
      async evaluations(origin, directions, coefficients, ask, batch) {
        const terms = termsOf(batch);
        const parts: PointEvaluations[] = [];
        for (const term of terms)
          parts.push(await objective.evaluations!(origin, directions, coefficients, ask, term.batch));
        return joinPointEvaluations(
          parts,
          terms.map((term) => ({ weight: term.weight, count: term.batch.length })),
          split(batch).length,
          convention.overExamples === 'sum',
        );
      },
    }),
    linearize: (theta, batch) => linearizeInBatches(objective, theta, split(batch), termsOf(batch), held),
    ...(objective.withData && {
      withData: (data) => miniBatched(objective.withData!(data), batchSize, held),
    }),
    dispose: () => objective.dispose(),
  };
}

/** The batches with their weights; for sums of several batches, followed by the two terms that take the penalty away. */
function weighted(batches: readonly BatchKey[], over: 'mean' | 'sum' | 'none'): Term[] {
  const count = batches.reduce((sum, batch) => sum + batch.length, 0);
  const terms = batches.map((batch) => ({ batch, weight: over === 'mean' ? batch.length / count : 1 }));
  const surplus = batches.length - 1;
  if (over !== 'sum' || surplus < 1) return terms;
  const example = batches[0]![0]!;
  return [
    ...terms,
    { batch: Int32Array.of(example), weight: -2 * surplus },
    { batch: Int32Array.of(example, example), weight: surplus },
  ];
}

/** Σ weight × vector, each made and freed in its turn; where one cannot be made, nothing stays. */
async function weightedSum<V, T extends { readonly weight: number }>(
  space: VectorSpace<V>,
  terms: readonly T[],
  vectorOf: (term: T, index: number) => Promise<V>,
): Promise<V> {
  let sum = space.zeros();
  try {
    for (const [index, term] of terms.entries()) {
      const part = await vectorOf(term, index);
      sum = space.addScaled(sum, term.weight, part);
      space.release(part);
    }
    return sum;
  } catch (problem) {
    space.release(sum);
    throw problem;
  }
}

async function linearizeInBatches<V>(
  objective: Objective<V>,
  theta: V,
  batches: readonly BatchKey[],
  terms: readonly Term[],
  held: number,
): Promise<Linearization<V>> {
  const { space } = objective;
  const point = space.copy(theta);
  const kept: Linearization<V>[] = [];
  let gradient = space.zeros();
  let loss = 0;
  let sample: Linearization<V> | undefined;
  const free = () => {
    space.release(point, gradient);
    for (const part of kept) part.dispose();
  };
  try {
    for (const { batch, weight } of terms) {
      const part = await objective.linearize(point, batch);
      loss += weight * part.loss;
      gradient = space.addScaled(gradient, weight, part.gradient);
      if (!sample || !part.exact) sample = part;
      if (kept.length < held) kept.push(part);
      else part.dispose();
    }
  } catch (problem) {
    free();
    throw problem;
  }

  async function atBatch<T>(index: number, work: (part: Linearization<V>) => Promise<T>): Promise<T> {
    const there = kept[index];
    if (there) return work(there);
    const part = await objective.linearize(point, terms[index]!.batch);
    try {
      return await work(part);
    } finally {
      part.dispose();
    }
  }

  const sumOfProducts = (product: (part: Linearization<V>) => Promise<V>): Promise<V> =>
    weightedSum(space, terms, (_, index) => atBatch(index, product));

  async function hessianColumns(from: number, to: number): Promise<Float64Array> {
    const sum = new Float64Array((to - from) * space.dim);
    for (const [index, part] of kept.entries()) {
      const columns = await part.hessianColumns!(from, to);
      const { weight } = terms[index]!;
      for (let i = 0; i < sum.length; i++) sum[i]! += weight * columns[i]!;
    }
    return sum;
  }

  async function jacobianProduct(v: V): Promise<Outputs> {
    const parts: Outputs[] = [];
    for (const index of batches.keys()) parts.push(await atBatch(index, (part) => part.jacobianProduct!(v)));
    return joinRows(parts);
  }

  async function jacobianTransposeProduct(u: Outputs): Promise<V> {
    let from = 0;
    const pieces = batches.map(({ length }) => ({ length, weight: 1 }));
    return weightedSum(space, pieces, ({ length }, index) => {
      const data = u.data.subarray(from * u.columns, (from + length) * u.columns);
      const rows = { rows: length, columns: u.columns, data };
      from += length;
      return atBatch(index, (linearization) => linearization.jacobianTransposeProduct!(rows));
    });
  }

  return {
    loss,
    gradient,
    exact: sample?.exact ?? true,
    ...(sample?.inexactReason !== undefined && { inexactReason: sample.inexactReason }),
    hessianProduct: (v) => sumOfProducts((part) => part.hessianProduct(v)),
    // Made anew at every call, a linearization would pay for its columns again.
    ...(kept.length === terms.length && sample?.hessianColumns && { hessianColumns }),
    ...(sample?.gaussNewtonProduct && {
      gaussNewtonProduct: (v: V) => sumOfProducts((part) => part.gaussNewtonProduct!(v)),
    }),
    ...(sample?.jacobianProduct && { jacobianProduct }),
    ...(sample?.jacobianTransposeProduct && { jacobianTransposeProduct }),
    dispose: free,
  };
}
