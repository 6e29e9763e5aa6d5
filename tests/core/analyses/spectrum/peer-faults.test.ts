import { expect, test } from 'vitest';
import { runSpectrum } from '../../../../core/analyses/spectrum/run.ts';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { tridiagonalEigen } from '../../../../core/linalg/dense/tridiagonal-eigen.ts';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { densityMassBelow } from '../../../../core/linalg/quadrature/density-masses.ts';
import { stochasticLanczosDensity } from '../../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import {
  type PlantedSpectrum,
  plantedMatrix,
  plantedOperator,
  plantedProduct,
  plantedSpectrum,
} from '../../../../core/linalg/random-matrices/planted-spectrum.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { checkObjective } from '../../../../core/objective/checked.ts';
import { miniBatched } from '../../../../core/objective/mini-batched.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { randomDataset } from '../../../support/dense-chain.ts';
import { hessianLikeSpectrum } from '../../../support/test-matrices.ts';
import { dot, norm, shifted } from '../../../support/vectors.ts';

/**
 * Faults that were found in other programs for spectra, each made again in a few lines so that its wrong number is seen,
 * beside the number here.
 */
const context = (seed = 1) => ({ rng: randomFromSeed(seed) });
const planted = (values: ArrayLike<number>) => plantedSpectrum(values, randomFromSeed(5));
const operatorOf = (spectrum: PlantedSpectrum) =>
  plantedOperator(hostFloat64Space(spectrum.eigenvalues.length), spectrum);
const quadratic = (values: ArrayLike<number>) => quadraticObjective(plantedMatrix(planted(values)));
const origin = (objective: Objective<Float64Array>) => new Float64Array(objective.space.dim);
const unit = (n: number, seed: number) => randomFromSeed(seed).fill(new Float64Array(n), 'sphere');
const scaled = (x: Float64Array, a: number) => x.map((entry) => a * entry);

/** The three-term recurrence as it stands in textbooks. */
function lanczosByTheBook(spectrum: PlantedSpectrum, start: Float64Array, steps: number) {
  const basis = [start];
  const alpha: number[] = [];
  const beta: number[] = [];
  for (let j = 0; j < steps; j++) {
    let w = plantedProduct(spectrum, basis[j]!);
    alpha.push(dot(w, basis[j]!));
    w = shifted(w, -alpha[j]!, basis[j]!);
    if (j > 0) w = shifted(w, -beta[j - 1]!, basis[j - 1]!);
    beta.push(norm(w));
    basis.push(scaled(w, 1 / beta[j]!));
  }
  return { basis, alpha: Float64Array.from(alpha), beta: Float64Array.from(beta) };
}

/** One Lanczos run with all its vectors kept orthogonal, and its β before and after that. */
function orthogonalLanczos(spectrum: PlantedSpectrum, start: Float64Array, steps: number) {
  const basis = [start];
  const [alpha, before, after]: number[][] = [[], [], []];
  for (let j = 0; j < steps; j++) {
    let w = plantedProduct(spectrum, basis[j]!);
    alpha!.push(dot(w, basis[j]!));
    w = shifted(w, -alpha![j]!, basis[j]!);
    if (j > 0) w = shifted(w, -after![j - 1]!, basis[j - 1]!);
    before!.push(norm(w));
    for (let pass = 0; pass < 2; pass++) for (const v of basis) w = shifted(w, -dot(w, v), v);
    after!.push(norm(w));
    basis.push(scaled(w, 1 / after![j]!));
  }
  return { alpha: Float64Array.from(alpha!), before: before!, after: Float64Array.from(after!) };
}

test('λ₁ nine times: without reorthogonalisation the largest eigenvalue is found again and again', async () => {
  const values = hessianLikeSpectrum(400);
  const spectrum = planted(values);
  const { alpha, beta } = lanczosByTheBook(spectrum, unit(400, 1), 200);
  const ghosts = tridiagonalEigen(alpha, beta).values.filter((value) => Math.abs(value - 2.2) < 1e-8);
  expect(ghosts.length).toBeGreaterThan(2);

  const { value } = await lanczos(operatorOf(spectrum), { top: 20, eigenvalueTol: 1e-10, rng: randomFromSeed(1) });
  const truth = [...values].sort((a, b) => b - a);
  value.top.forEach((pair, i) => {
    expect(Math.abs(pair.value - truth[i]!)).toBeLessThan(1e-8);
  });
  const density = await stochasticLanczosDensity(operatorOf(spectrum), {
    probes: 1,
    steps: 200,
    rng: randomFromSeed(1),
  });
  const { nodes } = density.value.quadratures[0]!;
  expect(nodes.filter((node) => Math.abs(node - 2.2) < 1e-8).length).toBe(1);
});

function classifier(): { objective: Objective<Float64Array>; theta: Float64Array } {
  const model = mlpFromWidths([4, 6, 3], 'tanh');
  const data = randomDataset(25, 4, 3, 'classes', 11);
  const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
  return { objective, theta: randomFromSeed(3).fill(new Float64Array(model.layout.dim), 'normal') };
}

/** λ₁ of a weighted sum of the Hessians of consecutive batches of ten. */
async function topOfBatches(weight: (examples: number) => number): Promise<number> {
  const { objective, theta } = classifier();
  const { batches } = miniBatched(objective, 10);
  const terms = await Promise.all(batches.map((batch) => objective.linearize(theta, batch)));
  const { space } = objective;
  const operator: LinearOperator<Float64Array> = {
    space,
    symmetric: true,
    positiveSemidefinite: false,
    async apply(v) {
      let sum = space.zeros();
      for (const [i, term] of terms.entries()) {
        const product = await term.hessianProduct(v);
        sum = space.addScaled(sum, weight(batches[i]!.length), product);
        space.release(product);
      }
      return sum;
    },
  };
  const { value } = await lanczos(operator, { eigenvalueTol: 1e-10, rng: randomFromSeed(1) });
  for (const term of terms) term.dispose();
  return value.top[0]!.value;
}

test('batch sums: products that are added up over the batches grow with their number', async () => {
  const { objective, theta } = classifier();
  const { value } = await runSpectrum(objective, theta, { top: 1 }, context());
  const truth = value.eigenvalues[0]!.value;
  expect((await topOfBatches(() => 1)) / truth).toBeGreaterThan(2.5);
  for (const size of [1, 5, 10, 25]) {
    const batched = await runSpectrum(miniBatched(objective, size), theta, { top: 1 }, context());
    expect(Math.abs(batched.value.eigenvalues[0]!.value / truth - 1)).toBeLessThan(1e-8);
  }
});

test('unweighted ragged batches: the mean over batches counts the examples of a short last one double', async () => {
  const { objective, theta } = classifier();
  const { value } = await runSpectrum(objective, theta, { top: 1 }, context());
  const truth = value.eigenvalues[0]!.value;
  expect(miniBatched(objective, 10).batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
  expect(Math.abs((await topOfBatches(() => 1 / 3)) / truth - 1)).toBeGreaterThan(0.01);
  expect(Math.abs((await topOfBatches((examples) => examples / 25)) / truth - 1)).toBeLessThan(1e-8);
  const ours = await runSpectrum(miniBatched(objective, 10), theta, { top: 1 }, context());
  expect(Math.abs(ours.value.eigenvalues[0]!.value / truth - 1)).toBeLessThan(1e-8);
});

test('NaN returned silently: weights that are not numbers end as a status, without products', async () => {
  const { objective, theta } = classifier();
  const broken = theta.slice();
  broken[7] = Number.NaN;
  const everything = { top: 3, bottom: 1, density: true, trace: true };
  const { value, status, stats } = await runSpectrum(objective, broken, everything, context());
  expect(status).toBe('notFinite');
  expect(value.eigenvalues).toEqual([]);
  expect(value.trace).toBeNull();
  expect(value.density).toBeNull();
  expect(stats.products).toBe(0);
});

test('NaN returned silently: one that appears in a later product ends the work as a status as well', async () => {
  const inner = operatorOf(planted(hessianLikeSpectrum(60)));
  let products = 0;
  const operator: LinearOperator<Float64Array> = {
    ...inner,
    async apply(v) {
      const product = await inner.apply(v);
      if (++products === 9) product[3] = Number.NaN;
      return product;
    },
  };
  const { value, status } = await lanczos(operator, { top: 3, rng: randomFromSeed(1) });
  expect(status).toBe('notFinite');
  for (const pair of [...value.top, ...value.bottom]) {
    expect(Number.isFinite(pair.value)).toBe(true);
    expect(pair.residualIsEstimate).toBe(true);
  }
});

/** Power iteration with deflation, stopped where two iterates differ by less than the tolerance. */
function powerIteration(spectrum: PlantedSpectrum, count: number, tolerance: number, maximum: number) {
  const n = spectrum.eigenvalues.length;
  const found: { returned: number; last: number; vector: Float64Array }[] = [];
  for (let k = 0; k < count; k++) {
    let v: Float64Array = unit(n, 100 + k);
    let returned = Number.NaN;
    let last = Number.NaN;
    for (let i = 0; i < maximum; i++) {
      for (const { vector } of found) v = shifted(v, -dot(v, vector), vector);
      v = scaled(v, 1 / norm(v));
      const product = plantedProduct(spectrum, v);
      last = dot(product, v);
      v = scaled(product, 1 / norm(product));
      if (Math.abs(returned - last) < tolerance * Math.abs(returned)) break;
      returned = last;
    }
    found.push({ returned, last, vector: v });
  }
  return found;
}

test('|λ| order only: with −3 in the spectrum power iteration never says that 2.2 is the largest', async () => {
  const values = [-3, ...hessianLikeSpectrum(100)];
  expect(powerIteration(planted(values), 1, 1e-8, 2000)[0]!.returned).toBeCloseTo(-3, 6);
  const { value } = await runSpectrum(
    quadratic(values),
    new Float64Array(101),
    { top: 2, bottom: 1, residualTol: 1e-8 },
    context(),
  );
  expect(value.eigenvalues.map((pair) => pair.value)).toEqual([expect.closeTo(2.2, 8), expect.closeTo(2.1, 8)]);
  expect(value.bottom[0]!.value).toBeCloseTo(-3, 8);
});

test('unsorted lists: deflation gives eigenvalues in the order of its luck', async () => {
  const values = [...hessianLikeSpectrum(100).slice(0, 90), 1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.09];
  const theirs = powerIteration(planted(values), 10, 1e-3, 100).map(({ returned }) => returned);
  expect(theirs).not.toEqual([...theirs].sort((a, b) => b - a));
  const { value } = await runSpectrum(quadratic(values), new Float64Array(100), { top: 10, bottom: 5 }, context());
  const ours = value.eigenvalues.map((pair) => pair.value);
  expect(ours).toEqual([...ours].sort((a, b) => b - a));
  ours.forEach((one, i) => {
    expect(Math.abs(one - (1.09 - 0.01 * i))).toBeLessThan(1e-6);
  });
  const lowest = value.bottom.map((pair) => pair.value);
  expect(lowest).toEqual([...lowest].sort((a, b) => a - b));
});

test("previous iterate's λ returned: where two iterates agree the value may be far from any eigenvalue", async () => {
  const values = Float64Array.from({ length: 300 }, (_, i) => 2 * (i / 299) ** 0.2);
  const theirs = powerIteration(planted(values), 1, 1e-2, 100)[0]!;
  expect(theirs.returned).not.toBe(theirs.last);
  expect(2 - theirs.returned).toBeGreaterThan(5e-2);
  expect(2 - theirs.returned).toBeGreaterThan(2 - theirs.last);

  const spectrum = planted(values);
  const { value } = await lanczos(operatorOf(spectrum), {
    residualTol: 1e-2,
    eigenvectors: true,
    rng: randomFromSeed(1),
  });
  const [pair] = value.top;
  const vector = pair!.vector!;
  const product = plantedProduct(spectrum, vector);
  expect(Math.abs(pair!.value - dot(vector, product))).toBeLessThan(1e-12);
  expect(norm(shifted(product, -pair!.value, vector))).toBeLessThanOrEqual(pair!.residual * (1 + 1e-9) + 1e-12);
  expect(2 - pair!.value).toBeLessThanOrEqual(pair!.errorBound);
});

test('trace that stops by luck: two samples near each other are no sign of accuracy', async () => {
  const values = hessianLikeSpectrum(200);
  const truth = values.reduce((a, b) => a + b, 0);
  const spectrum = planted(values);
  let lucky = 0;
  for (let seed = 0; seed < 2000; seed++) {
    const rng = randomFromSeed(seed);
    const sample = () => {
      const z = rng.fill(new Float64Array(200), 'rademacher');
      return dot(z, plantedProduct(spectrum, z));
    };
    const [first, second] = [sample(), sample()];
    const mean = (first + second) / 2;
    if (Math.abs(mean - first) < 1e-3 * first && Math.abs(mean / truth - 1) > 0.05) lucky++;
  }
  expect(lucky).toBeGreaterThan(0);

  const objective = quadratic(values);
  for (let seed = 0; seed < 40; seed++) {
    const wanted = { top: 0, trace: true, traceTol: 0.05, traceProbes: 2000 };
    const { value, status } = await runSpectrum(objective, origin(objective), wanted, context(seed));
    expect(status).toBe('converged');
    expect(value.trace!.probes).toBeGreaterThanOrEqual(10);
    expect(value.trace!.standardError).toBeLessThanOrEqual(0.05 * value.trace!.value);
    expect(Math.abs(value.trace!.value - truth)).toBeLessThan(4 * 0.05 * value.trace!.value);
  }
});

test('a bare 0.0 for parameters without gradient: gradient and products have the length of θ', async () => {
  const model = mlpFromWidths([3, 4, 2], 'relu');
  const data: Dataset = {
    name: 'third input always zero',
    examples: 3,
    inputShape: [3],
    inputs: Float64Array.of(1, 0, 0, 0, 1, 0, 1, 1, 0),
    targets: { kind: 'classes', classes: 2, labels: Int32Array.of(0, 1, 0) },
    source: 'made here',
  };
  const theta = randomFromSeed(4).fill(new Float64Array(model.layout.dim), 'normal');
  // The third unit of the hidden layer is off for every example, the third input never on.
  const bias = model.layout.blocks[1]!;
  theta[bias.offset + 2] = -100;
  const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
  const at = await objective.linearize(theta);
  const product = await at.hessianProduct(unit(model.layout.dim, 5));
  expect(at.gradient.length).toBe(model.layout.dim);
  expect(product.length).toBe(model.layout.dim);
  // Row 2 of the first kernel belongs to the third input, column 2 to the third unit.
  const dead = [0, 1, 2, 3]
    .map((j) => 8 + j)
    .concat(
      [0, 1].map((i) => 4 * i + 2),
      bias.offset + 2,
    );
  for (const i of dead) expect([at.gradient[i], product[i]]).toEqual([0, 0]);
  expect(norm(product)).toBeGreaterThan(0);
  at.dispose();
});

test('k = 1 with two Lanczos steps: "converged" is said by a residual and not by a count of steps', async () => {
  const values = hessianLikeSpectrum(300);
  const spectrum = planted(values);
  const { alpha, beta } = lanczosByTheBook(spectrum, unit(300, 2), 2);
  expect(tridiagonalEigen(alpha, beta).values[1]!).toBeLessThan(0.9 * 2.2);

  const { value, status } = await lanczos(operatorOf(spectrum), { top: 1, rng: randomFromSeed(2) });
  expect(status).toBe('converged');
  expect(value.basisSize).toBeGreaterThan(5);
  expect(Math.abs(value.top[0]!.value - 2.2)).toBeLessThan(1e-3 * 2.2);
  const short = await lanczos(operatorOf(spectrum), { top: 1, maxProducts: 2, rng: randomFromSeed(2) });
  expect(short.status).toBe('budgetSpent');
  const [pair] = short.value.top;
  expect(pair!.errorBound).toBeGreaterThan(1e-3 * pair!.value);
  expect(Math.min(...values.map((value) => Math.abs(value - pair!.value)))).toBeLessThan(pair!.errorBound);
});

test('β before reorthogonalisation: what rounding leaves of a closed space is not taken for a coupling', async () => {
  const spectrum = planted(Float64Array.from({ length: 120 }, (_, i) => [1, 2, 4][i % 3]!));
  // Stopped by β = 0 only, the run goes on from rounding and has twelve nodes for three eigenvalues.
  const { alpha, before } = orthogonalLanczos(spectrum, unit(120, 3), 12);
  expect(before[2]!).toBeGreaterThan(0);
  expect(before[2]!).toBeLessThan(1e-13);
  const theirs = tridiagonalEigen(alpha, Float64Array.from(before)).values;
  expect(theirs.filter((node) => Math.abs(node - 4) < 1e-8).length).toBeGreaterThan(1);

  const { value } = await stochasticLanczosDensity(operatorOf(spectrum), {
    probes: 3,
    steps: 50,
    rng: randomFromSeed(1),
  });
  for (const { nodes, weights } of value.quadratures) {
    expect(Array.from(nodes)).toEqual([expect.closeTo(1, 12), expect.closeTo(2, 12), expect.closeTo(4, 12)]);
    expect(Math.abs(weights.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-14);
  }
});

test('whole eigenvector matrix squared, weights ignored: both say that nodes are equally likely', async () => {
  const values = hessianLikeSpectrum(500);
  const spectrum = planted(values);
  const truth = values.reduce((a, b) => a + b, 0) / 500;
  const { alpha, after } = orthogonalLanczos(spectrum, unit(500, 4), 60);
  const { values: nodes, vectors } = tridiagonalEigen(alpha, after, 'all');
  // Columns of an orthogonal matrix have length 1: the sum of all squares weighs every node alike.
  const sums = Array.from(nodes, (_, k) => vectors.subarray(60 * k, 60 * (k + 1)).reduce((s, x) => s + x * x, 0));
  for (const sum of sums) expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
  const unweighted = nodes.reduce((a, b) => a + b, 0) / 60;
  expect(unweighted).toBeGreaterThan(3 * truth);

  const { value } = await stochasticLanczosDensity(operatorOf(spectrum), {
    probes: 10,
    steps: 60,
    rng: randomFromSeed(2),
  });
  expect(Math.abs(value.mean.value - truth)).toBeLessThan(4 * value.mean.standardError);
  expect(value.mean.standardError).toBeLessThan(0.3 * truth);
  const cell = value.x[1]! - value.x[0]!;
  const mean = value.y.reduce((sum, y, i) => sum + y * value.x[i]! * cell, 0);
  expect(Math.abs(mean - value.mean.value)).toBeLessThan(1e-3);
  for (const { weights } of value.quadratures) {
    expect(weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
    expect(Math.abs(weights.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
  }
});

test('unweighted Ritz count: the share of negative Ritz values is not that of negative eigenvalues', async () => {
  // Nine in ten are slightly negative, the rest is spread far above.
  const values = Float64Array.from({ length: 500 }, (_, i) => (i < 450 ? -0.01 * (1 + i / 450) : (i - 449) / 10));
  const spectrum = planted(values);
  const { alpha, after } = orthogonalLanczos(spectrum, unit(500, 6), 40);
  const negative = tridiagonalEigen(alpha, after).values.filter((value) => value < 0).length / 40;
  expect(negative).toBeLessThan(0.4);
  const { value } = await stochasticLanczosDensity(operatorOf(spectrum), {
    probes: 10,
    steps: 40,
    rng: randomFromSeed(3),
  });
  const below = densityMassBelow(value, 0);
  expect(Math.abs(below.value - 0.9)).toBeLessThan(4 * below.standardError + below.resolution);
  expect(below.standardError).toBeLessThan(0.02);
});

test('determinism check: a loss that draws anew at each call is found out and not decomposed', async () => {
  const objective = quadratic(hessianLikeSpectrum(60));
  const noise = randomFromSeed(9);
  /** As dropout without a seed: every product belongs to another Hessian. */
  const random: Objective<Float64Array> = {
    ...objective,
    async linearize(theta, batch) {
      const at = await objective.linearize(theta, batch);
      return {
        ...at,
        loss: at.loss + 0.01 * noise.normal(),
        hessianProduct: async (v) => {
          const product = await at.hessianProduct(v);
          return product.map((entry) => entry * (1 + 0.1 * noise.normal()));
        },
      };
    },
  };
  const theta = unit(60, 7);
  const { status } = await runSpectrum(random, theta, { top: 3 }, context());
  expect(status).toBe('notSymmetric');
  const check = await checkObjective(random, theta, randomFromSeed(1));
  expect(check.status).not.toBe('converged');
  expect(check.value.items.find((item) => item.name === 'productRepeats')!.outcome).toBe('failed');
});

test('model left displaced: θ is what it was, after an end, a cancellation and an exception', async () => {
  const { objective, theta } = classifier();
  const before = theta.slice();
  const everything = { top: 3, bottom: 1, density: true, densityProbes: 2, densitySteps: 10, trace: true };
  await runSpectrum(objective, theta, everything, context());
  expect(theta).toEqual(before);
  await runSpectrum(objective, theta, everything, { ...context(), signal: { aborted: true } });
  expect(theta).toEqual(before);
  const failing: Objective<Float64Array> = {
    ...objective,
    async linearize(point, batch) {
      const at = await objective.linearize(point, batch);
      return { ...at, hessianProduct: () => Promise.reject(new Error('device lost')) };
    },
  };
  await expect(runSpectrum(failing, theta, everything, context())).rejects.toThrow('device lost');
  expect(theta).toEqual(before);
});

test('a small β is no error: the density of a multiple of the identity is one point', async () => {
  const { value, status } = await stochasticLanczosDensity(operatorOf(planted(new Float64Array(50).fill(3))), {
    probes: 2,
    steps: 20,
    rng: randomFromSeed(4),
  });
  expect(status).toBe('converged');
  for (const { nodes, weights } of value.quadratures) {
    expect(Array.from(nodes)).toEqual([expect.closeTo(3, 12)]);
    expect(weights[0]).toBeCloseTo(1, 14);
  }
});
