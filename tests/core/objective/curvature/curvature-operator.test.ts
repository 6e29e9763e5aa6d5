import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { exampleRange } from '../../../../core/data/subset.ts';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { counted } from '../../../../core/objective/counted.ts';
import { type CurvatureKind, curvatureKinds } from '../../../../core/objective/curvature/curvature-kinds.ts';
import { type CurvatureRequest, curvatureOperator } from '../../../../core/objective/curvature/curvature-operator.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { miniBatched } from '../../../../core/objective/mini-batched.ts';
import type { BatchKey, Objective } from '../../../../core/objective/objective.ts';
import { restrictedObjective } from '../../../../core/objective/restricted.ts';
import { shardedObjective } from '../../../../core/objective/sharded.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { exampleLoss, hyperDualHessian, randomDataset, targetRows } from '../../../support/dense-chain.ts';
import { denseColumns, subMatrix } from '../../../support/dense-columns.ts';
import { add, constant, multiply, scale as scaled } from '../../../support/hyper-dual.ts';
import { largestDifference } from '../../../support/vectors.ts';
import { empiricalFisher, exactFisher, gradientCovariance, jacobianRows } from './dense-twins.ts';

const [examples, outputs] = [7, 3];
const model = mlpFromWidths([2, 4, outputs], 'tanh');
const { dim, blocks } = model.layout;
const theta = randomFromSeed(42).fill(new Float64Array(dim), 'normal');
const rng = randomFromSeed(43);
const preconditioner = randomFromSeed(44)
  .fill(new Float64Array(dim), 'uniform')
  .map((u) => 1.5 + u);

type Host = Objective<Float64Array>;

function problem(loss: LossName, overExamples: 'mean' | 'sum') {
  const data = randomDataset(examples, 2, outputs, loss === 'softmaxCrossEntropy' ? 'classes' : 'values', 41);
  const objective = mlpObjective(model, { data, loss, overExamples });
  return { data, objective, theta, scale: overExamples === 'mean' ? 1 / examples : 1 };
}

/** The matrix of a kind, after which nothing may be left in the arena but what was there. */
async function matrixOf(
  objective: Host,
  request: CurvatureRequest<Float64Array>,
  { at = theta, batch }: { readonly at?: Float64Array; readonly batch?: BatchKey } = {},
): Promise<Float64Array> {
  const before = hostArena().bytesInUse;
  const linearization = await objective.linearize(at, batch);
  const made = await curvatureOperator(
    { objective, theta: at, batch, linearization },
    { rng, samples: 2, preconditioner: preconditioner.subarray(0, at.length), ...request },
  );
  const dense = await denseColumns(made.operator);
  made.dispose();
  linearization.dispose();
  expect(hostArena().bytesInUse).toBe(before);
  return dense;
}

// What the kernels take once, before anything is counted.
beforeAll(async () => {
  const linearization = await problem('softmaxCrossEntropy', 'mean').objective.linearize(theta);
  hostFloat64Space(dim).release(await linearization.hessianProduct(theta));
  linearization.dispose();
});

const losses = ['softmaxCrossEntropy', 'meanSquaredError', 'halfSquaredError'] as const;
const conventions = losses.flatMap((loss) => (['mean', 'sum'] as const).map((over) => [loss, over] as const));

describe.each(conventions)('%s, %s over the examples, against sums over single examples', (loss, over) => {
  const of = problem(loss, over);

  test('exact Fisher: the expectation over the model’s own targets', async () => {
    expect(largestDifference(await matrixOf(of.objective, { kind: 'fisher' }), await exactFisher(of))).toBeLessThan(
      1e-12,
    );
  });

  test('empirical Fisher and gradient covariance', async () => {
    const empirical = await matrixOf(of.objective, { kind: 'fisherEmpirical' });
    expect(largestDifference(empirical, await empiricalFisher(of))).toBeLessThan(1e-12);
    const covariance = await matrixOf(of.objective, { kind: 'gradientCovariance' });
    expect(largestDifference(covariance, await gradientCovariance(of))).toBeLessThan(1e-12);
  });

  test('I2: H, and H − G as the curvature of the network with the slopes held fixed', async () => {
    const rows = targetRows(of.data);
    const hessian = hyperDualHessian(model, theta, of.data, (f, i) => scaled(of.scale, exampleLoss(loss, f, rows[i]!)));
    expect(largestDifference(await matrixOf(of.objective, { kind: 'hessian' }), hessian)).toBeLessThan(1e-13);
    const slopes = (await of.objective.evaluate(theta, { outputGradients: true })).outputGradients!.data;
    const network = hyperDualHessian(model, theta, of.data, (f, i) =>
      f.map((value, c) => multiply(constant(of.scale * slopes[i * outputs + c]!), value)).reduce(add),
    );
    expect(largestDifference(await matrixOf(of.objective, { kind: 'residual' }), network)).toBeLessThan(1e-12);
    expect(Math.max(...network.map(Math.abs))).toBeGreaterThan(0.01);
  });

  if (loss !== 'softmaxCrossEntropy') {
    test('tangent kernel: JJᵀ/N, of blocks that of their columns, and blocks add up', async () => {
      const rows = await jacobianRows(of);
      const kernelOf = (columns: readonly number[]) =>
        Float64Array.from(rows.flatMap((a) => rows.map((b) => columns.reduce((sum, k) => sum + a[k]! * b[k]!, 0)))).map(
          (entry) => entry / examples,
        );
      const every = Array.from({ length: dim }, (_, k) => k);
      const whole = await matrixOf(of.objective, { kind: 'ntk' });
      expect(largestDifference(whole, kernelOf(every))).toBeLessThan(1e-12);
      const sum = new Float64Array(whole.length);
      for (const { name, offset, size } of blocks) {
        const part = await matrixOf(of.objective, { kind: 'ntk', blocks: [name] });
        expect(largestDifference(part, kernelOf(every.slice(offset, offset + size)))).toBeLessThan(1e-12);
        part.forEach((entry, at) => {
          sum[at]! += entry;
        });
      }
      expect(largestDifference(sum, whole)).toBeLessThan(1e-13);
    });
  }

  test('preconditioned: P^{-1/2} H P^{-1/2}', async () => {
    const hessian = await matrixOf(of.objective, { kind: 'hessian' });
    const root = (k: number) => Math.sqrt(preconditioner[k]!);
    const expected = hessian.map((entry, at) => entry / root(Math.floor(at / dim)) / root(at % dim));
    expect(largestDifference(await matrixOf(of.objective, { kind: 'preconditioned' }), expected)).toBeLessThan(1e-13);
  });

  test.each(curvatureKinds)('%s: what is said of it is true, and blocks are its sub-matrices', async (kind) => {
    const linearization = await of.objective.linearize(theta);
    const point = { objective: of.objective, theta, linearization };
    const { operator } = await curvatureOperator(point, { kind, rng, preconditioner });
    const dense = await denseColumns(operator);
    linearization.dispose();
    const n = operator.space.dim;
    expect(n).toBe(kind === 'ntk' ? examples * outputs : dim);
    const transposed = dense.map((_, at) => dense[(at % n) * n + Math.floor(at / n)]!);
    const size = Math.max(...dense.map(Math.abs));
    expect(operator.symmetric).toBe(true);
    expect(largestDifference(dense, transposed)).toBeLessThan(1e-14 * size * n);
    const symmetric = dense.map((entry, at) => (entry + transposed[at]!) / 2);
    const [lowest] = symmetricEigen({ rows: n, columns: n, data: symmetric }).eigenvalues;
    if (operator.positiveSemidefinite) expect(lowest).toBeGreaterThan(-1e-13 * size * n);
    else expect(lowest).toBeLessThan(-1e-4);
    if (kind === 'ntk') return;
    for (const chosen of [[blocks[1]!, blocks[2]!], [blocks[3]!]]) {
      const kept = chosen.flatMap(({ offset, size }) => Array.from({ length: size }, (_, k) => offset + k));
      // Named in another order than they lie in.
      const names = chosen.map(({ name }) => name).reverse();
      const block = await matrixOf(of.objective, { kind, blocks: names, samples: 1, preconditioner });
      expect(largestDifference(block, subMatrix(dense, dim, kept))).toBeLessThan(1e-13);
    }
  });
});

describe('examples in pieces of unequal size are weighted by their size', () => {
  const kinds = curvatureKinds.filter((kind) => kind !== 'preconditioned');

  describe.each(conventions)('%s, %s', (loss, over) => {
    const of = problem(loss, over);

    test.each(kinds)('%s in mini-batches of 3, 3 and 1, held and made anew, on a batch of five too', async (kind) => {
      const some = Int32Array.of(6, 0, 3, 3, 1);
      for (const held of [0, 2]) {
        const batches = miniBatched(of.objective, 3, held);
        for (const batch of [undefined, some]) {
          const options = batch ? { batch } : {};
          const whole = await matrixOf(of.objective, { kind }, options);
          expect(largestDifference(await matrixOf(batches, { kind }, options), whole)).toBeLessThan(1e-12);
        }
      }
    });

    test.each(kinds)('%s in shards of 4, 1 and 2', async (kind) => {
      const { data } = of;
      const pieces = [0, 4, 5].map((from, k) => exampleRange(data, from, [4, 5, 7][k]!));
      const shards = pieces.map((piece) => mlpObjective(model, { data: piece, loss, overExamples: over }));
      const sharded = shardedObjective(shards, { penalized: false });
      for (const batch of [undefined, Int32Array.of(6, 0, 4, 4, 1)]) {
        const options = batch ? { batch } : {};
        const whole = await matrixOf(of.objective, { kind }, options);
        expect(largestDifference(await matrixOf(sharded, { kind }, options), whole)).toBeLessThan(1e-12);
      }
      sharded.dispose();
    });
  });

  test('neither the unweighted mean over batches nor their sum is that matrix', async () => {
    const { objective } = problem('softmaxCrossEntropy', 'mean');
    const whole = await matrixOf(objective, { kind: 'fisherEmpirical' });
    const parts: Float64Array[] = [];
    for (const batch of objective.batches.flatMap((all) => [all.slice(0, 3), all.slice(3, 6), all.slice(6)]))
      parts.push(await matrixOf(objective, { kind: 'fisherEmpirical' }, { batch }));
    const sum = whole.map((_, at) => parts.reduce((total, part) => total + part[at]!, 0));
    const weighted = whole.map((_, at) => (3 * parts[0]![at]! + 3 * parts[1]![at]! + parts[2]![at]!) / 7);
    expect(largestDifference(weighted, whole)).toBeLessThan(1e-13);
    expect(largestDifference(sum, whole)).toBeGreaterThan(0.1);
    expect(
      largestDifference(
        sum.map((entry) => entry / 3),
        whole,
      ),
    ).toBeGreaterThan(0.01);
  });
});

describe('restricted to blocks, the objective has the same matrices as the blocks of the whole', () => {
  test.each(curvatureKinds.filter((kind) => kind !== 'preconditioned'))('%s', async (kind) => {
    const { objective } = problem('softmaxCrossEntropy', 'mean');
    const names = [blocks[0]!.name, blocks[3]!.name];
    const restricted = await restrictedObjective(objective, names, theta, hostFloat64Space);
    const kept = [blocks[0]!, blocks[3]!].flatMap(({ offset, size }) => [...theta.subarray(offset, offset + size)]);
    const ofRestricted = await matrixOf(restricted, { kind }, { at: Float64Array.from(kept) });
    expect(largestDifference(ofRestricted, await matrixOf(objective, { kind, blocks: names }))).toBeLessThan(1e-13);
  });
});

test('the nonzero eigenvalues of the tangent kernel are the 30 of JᵀJ/N, the other 42 of it vanish', async () => {
  const wide = mlpFromWidths([4, 10, 2], 'tanh');
  const data = randomDataset(15, 4, 2, 'values', 21);
  const at = randomFromSeed(22).fill(new Float64Array(wide.layout.dim), 'normal');
  const objective = mlpObjective(wide, { data, loss: 'halfSquaredError' });
  const eigenvaluesOf = async (kind: CurvatureKind) => {
    const dense = await matrixOf(objective, { kind }, { at });
    const n = Math.sqrt(dense.length);
    return symmetricEigen({ rows: n, columns: n, data: dense }).eigenvalues.slice().reverse();
  };
  const [ofKernel, ofG] = [await eigenvaluesOf('ntk'), await eigenvaluesOf('gaussNewton')];
  expect([ofKernel.length, ofG.length]).toEqual([30, 72]);
  expect(largestDifference(ofKernel, ofG.slice(0, 30))).toBeLessThan(1e-12);
  expect(largestDifference(ofG.slice(30), new Float64Array(42))).toBeLessThan(1e-12);
  expect(ofKernel[29]).toBeGreaterThan(1e-9);
});

describe('Fisher matrices with drawn labels', () => {
  const v = randomFromSeed(8).fill(new Float64Array(dim), 'sphere');

  /** vᵀ F_S v over seeds, with its mean and variance by counting: y ∼ p(·|f) for every example. */
  async function drawn(loss: LossName, samples: number, seeds: number) {
    const { objective, scale } = problem(loss, 'mean');
    const linearization = await objective.linearize(theta);
    const along = await linearization.jacobianProduct!(v);
    const { outputs: f } = await objective.evaluate(theta, { outputs: true });
    let [mean, variance] = [0, 0];
    for (let i = 0; i < examples; i++) {
      const w = along.data.subarray(i * outputs, (i + 1) * outputs);
      const square = w.reduce((sum, one) => sum + one * one, 0);
      const a = loss === 'halfSquaredError' ? 1 : 2 / outputs;
      let [first, second] = [a * square, 3 * (a * square) ** 2];
      if (loss === 'softmaxCrossEntropy') {
        const exponentials = f!.data.slice(i * outputs, (i + 1) * outputs).map(Math.exp);
        const p = exponentials.map((one) => one / exponentials.reduce((sum, other) => sum + other, 0));
        const centre = p.reduce((sum, one, c) => sum + one * w[c]!, 0);
        first = p.reduce((sum, one, c) => sum + one * (centre - w[c]!) ** 2, 0);
        second = p.reduce((sum, one, c) => sum + one * (centre - w[c]!) ** 4, 0);
      }
      mean += scale * first;
      variance += (scale ** 2 * (second - first ** 2)) / samples;
    }
    const quotients: number[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const request = { kind: 'fisherMonteCarlo', samples, rng: randomFromSeed(seed) } as const;
      const { operator } = await curvatureOperator({ objective, theta, linearization }, request);
      const product = await operator.apply(v);
      quotients.push(product.reduce((sum, one, k) => sum + one * v[k]!, 0));
      objective.space.release(product);
    }
    linearization.dispose();
    return { quotients, mean, variance };
  }

  test.each(losses.flatMap((loss) => [1, 4].map((samples) => [loss, samples] as const)))(
    '%s, %i labels an example: unbiased, with the spread that counting gives',
    async (loss, samples) => {
      const seeds = 400;
      const { quotients, mean, variance } = await drawn(loss, samples, seeds);
      const average = quotients.reduce((sum, one) => sum + one, 0) / seeds;
      const spread = quotients.reduce((sum, one) => sum + (one - average) ** 2, 0) / (seeds - 1);
      expect(Math.abs(average - mean)).toBeLessThan(3.5 * Math.sqrt(variance / seeds));
      expect(spread / variance).toBeGreaterThan(0.7);
      expect(spread / variance).toBeLessThan(1.4);
    },
  );

  test('with many labels it is the exact Fisher matrix, to its standard error', async () => {
    const { objective } = problem('softmaxCrossEntropy', 'mean');
    const exact = await matrixOf(objective, { kind: 'fisher' });
    const [some, many] = [
      await matrixOf(objective, { kind: 'fisherMonteCarlo', samples: 20 }),
      await matrixOf(objective, { kind: 'fisherMonteCarlo', samples: 20_000 }),
    ];
    const [far, near] = [largestDifference(some, exact), largestDifference(many, exact)];
    expect(near).toBeLessThan(0.01);
    expect(far / near).toBeGreaterThan(8); // √1000 is 32
  });

  test('one stream gives one matrix, whatever was drawn before and however the examples are batched', async () => {
    const { objective } = problem('softmaxCrossEntropy', 'mean');
    const stream = randomFromSeed(77);
    const state = stream.state();
    const first = await matrixOf(objective, { kind: 'fisherMonteCarlo', rng: stream });
    expect(stream.state()).toEqual(state);
    stream.normal();
    expect(await matrixOf(objective, { kind: 'fisherMonteCarlo', rng: stream })).toEqual(first);
    const other = await matrixOf(objective, { kind: 'fisherMonteCarlo', rng: randomFromSeed(78) });
    expect(largestDifference(other, first)).toBeGreaterThan(1e-3);
  });
});

describe('what is said and what is refused', () => {
  test.each(curvatureKinds)('%s costs the products that are stated', async (kind) => {
    const objective = counted(problem('halfSquaredError', 'mean').objective);
    const linearization = await objective.linearize(theta);
    const made = await curvatureOperator({ objective, theta, linearization }, { kind, rng, preconditioner });
    const { space } = made.operator;
    const v = space.random(rng, 'sphere');
    objective.reset();
    space.release(await made.operator.apply(v), v);
    expect(objective.counts.products).toBe(made.productsPerApply);
    expect(objective.counts.gradients + objective.counts.losses).toBe(0);
    linearization.dispose();
  });

  test('formulas follow the convention of the loss', async () => {
    for (const [over, formula] of [
      ['mean', 'H − G = (1/N) Σᵢ Σ_c (∂ℓᵢ/∂f_c) ∇²f_ic'],
      ['sum', 'H − G = Σᵢ Σ_c (∂ℓᵢ/∂f_c) ∇²f_ic'],
    ] as const) {
      const { objective } = problem('halfSquaredError', over);
      const linearization = await objective.linearize(theta);
      const names = [blocks[2]!.name, blocks[0]!.name];
      const made = await curvatureOperator({ objective, theta, linearization }, { kind: 'residual', blocks: names });
      expect(made).toMatchObject({ formula, name: 'Hessian less Gauss–Newton', productsPerApply: 2 });
      expect(made.blocks).toEqual([blocks[0]!.name, blocks[2]!.name]);
      linearization.dispose();
    }
  });

  test('a function of θ alone has a Hessian and nothing else', async () => {
    const objective = quadraticObjective(Float64Array.of(3, -1));
    const point = { objective, theta: Float64Array.of(1, 2), linearization: await objective.linearize(theta) };
    const { operator } = await curvatureOperator(point, { kind: 'hessian' });
    expect(largestDifference(await denseColumns(operator), [3, 0, 0, -1])).toBe(0);
    for (const kind of curvatureKinds.filter((one) => one !== 'hessian' && one !== 'preconditioned'))
      await expect(curvatureOperator(point, { kind, rng }), kind).rejects.toThrow(BadInput);
  });

  test('unknown blocks, preconditioners that are not positive, missing ones and streams', async () => {
    const { objective } = problem('softmaxCrossEntropy', 'mean');
    const point = { objective, theta, linearization: await objective.linearize(theta) };
    const asked = (request: CurvatureRequest<Float64Array>) => curvatureOperator(point, request);
    await expect(asked({ kind: 'fisher', blocks: ['dense_9/kernel'] })).rejects.toThrow(/no block .* dense_9\/kernel/);
    await expect(asked({ kind: 'hessian', blocks: [] })).rejects.toThrow(BadInput);
    await expect(asked({ kind: 'preconditioned' })).rejects.toThrow(/no preconditioner/);
    const short = preconditioner.slice(1);
    await expect(asked({ kind: 'preconditioned', preconditioner: short })).rejects.toThrow(BadInput);
    for (const wrong of [0, -1, Number.NaN]) {
      const entries = preconditioner.slice();
      entries[3] = wrong;
      await expect(asked({ kind: 'preconditioned', preconditioner: entries })).rejects.toThrow(BadInput);
    }
    await expect(asked({ kind: 'fisherMonteCarlo' })).rejects.toThrow(RangeError);
    await expect(asked({ kind: 'fisherMonteCarlo', rng, samples: 0 })).rejects.toThrow(RangeError);
    point.linearization.dispose();
  });
});
