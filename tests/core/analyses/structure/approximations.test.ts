import { describe, expect, it } from 'vitest';
import { diagonalBlocks, frobeniusDistance } from '../../../../core/analyses/structure/block-matrix.ts';
import { solvePositiveDefinite } from '../../../../core/analyses/structure/cholesky.ts';
import { kfacFactors, kronecker } from '../../../../core/analyses/structure/kfac.ts';
import { readKfacExample } from '../../../../core/analyses/structure/kfac-example.ts';
import { kfacLayers } from '../../../../core/analyses/structure/kfac-layers.ts';
import { runStructure } from '../../../../core/analyses/structure/run.ts';
import type { ApproximationName, ApproximationQuality } from '../../../../core/analyses/structure/structure.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import { matrixVector } from '../../../../core/linalg/matrix-operator.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromSpecification } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { parameterLayout } from '../../../../core/objective/parameter-layout.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import { relativeError } from '../../../support/vectors.ts';
import { randomClasses, smallNetwork } from './small-networks.ts';

const context = (seed = 1) => ({ rng: randomFromSeed(seed) });
const approximations = { part: 'approximations' } as const;
const find = (
  list: readonly ApproximationQuality[],
  name: ApproximationName,
  of: ApproximationQuality['of'] = 'gaussNewton',
) => list.find((one) => one.name === name && one.of === of)!;

describe('K-FAC', () => {
  it.each([
    ['mean', 'halfSquaredError'],
    ['sum', 'halfSquaredError'],
    ['mean', 'meanSquaredError'],
  ] as const)('is G exactly for one linear layer: the %s of %s', async (overExamples, loss) => {
    const { objective, theta } = smallNetwork([4, 3], { loss, overExamples });
    const { value, status } = await runStructure(objective, theta, approximations, context());
    expect(status).toBe('converged');
    const kfac = find(value.approximations!.qualities, 'kfac');
    expect(kfac.frobeniusError).toBeLessThan(1e-13);
    expect(Math.abs(kfac.traceError)).toBeLessThan(1e-13);
    expect(kfac.largestRatio).toBeCloseTo(1, 12);
    expect(kfac.stepCosine).toBeCloseTo(1, 12);
    // H = G there, so that it is as good for H.
    expect(find(value.approximations!.qualities, 'kfac', 'hessian').frobeniusError).toBeLessThan(1e-13);
  });

  it('is G exactly for softmax regression where all inputs are one', async () => {
    const random = randomClasses(6, 4, 3);
    const data = { ...random, inputs: Float64Array.from({ length: 24 }, (_, at) => [1, -2, 0.5, 3][at % 4]!) };
    const { objective, theta } = smallNetwork([4, 3], { data });
    const { value } = await runStructure(objective, theta, approximations, context());
    expect(find(value.approximations!.qualities, 'kfac').frobeniusError).toBeLessThan(1e-13);
  });

  it('has the factors of the definition, computed layer by layer, on a tanh network', async () => {
    const { objective, theta, data } = smallNetwork([3, 4, 2]);
    const n = data.examples;
    const keys = Int32Array.from({ length: n }, (_, i) => i);
    const { outputs } = await objective.evaluate(theta, { outputs: true });
    const kfac = await kfacFactors(objective, theta, outputs!, keys, undefined, () => {});
    if (typeof kfac === 'string') throw new Error(kfac);
    const [w1, b1, w2] = [theta.subarray(0, 12), theta.subarray(12, 16), theta.subarray(16, 24)];
    const [a1, a2] = [new Float64Array(16), new Float64Array(25)];
    const [g1, g2] = [new Float64Array(16), new Float64Array(4)];
    for (let i = 0; i < n; i++) {
      const x = [...data.inputs.subarray(3 * i, 3 * i + 3), 1];
      const h = Array.from({ length: 4 }, (_, u) =>
        Math.tanh(b1[u]! + w1[u]! * x[0]! + w1[4 + u]! * x[1]! + w1[8 + u]! * x[2]!),
      );
      const [f0, f1] = [outputs!.data[2 * i]!, outputs!.data[2 * i + 1]!];
      const p = [1 / (1 + Math.exp(f1 - f0)), 1 / (1 + Math.exp(f0 - f1))];
      for (let at = 0; at < 16; at++) a1[at]! += (x[at >> 2]! * x[at & 3]!) / n;
      const hs = [...h, 1];
      for (let at = 0; at < 25; at++) a2[at]! += (hs[Math.floor(at / 5)]! * hs[at % 5]!) / n;
      // Over labels y of the model: g = p − e_y behind the last layer, W₂ᵀ of it times 1 − h² behind the first.
      for (const y of [0, 1]) {
        const r = [p[0]! - (y === 0 ? 1 : 0), p[1]! - (y === 1 ? 1 : 0)];
        const s = h.map((one, u) => (1 - one * one) * (w2[2 * u]! * r[0]! + w2[2 * u + 1]! * r[1]!));
        for (let at = 0; at < 4; at++) g2[at]! += (p[y]! * r[at >> 1]! * r[at & 1]!) / n;
        for (let at = 0; at < 16; at++) g1[at]! += (p[y]! * s[at >> 2]! * s[at & 3]!) / n;
      }
    }
    expect(relativeError(kfac.factors[0]!.inputs.data, a1)).toBeLessThan(1e-13);
    expect(relativeError(kfac.factors[1]!.inputs.data, a2)).toBeLessThan(1e-13);
    expect(relativeError(kfac.factors[0]!.outputs.data, g1)).toBeLessThan(1e-12);
    expect(relativeError(kfac.factors[1]!.outputs.data, g2)).toBeLessThan(1e-12);
  });

  it('is wrong elsewhere, better than the diagonal and no better than the blocks of layers', async () => {
    const { objective, theta } = smallNetwork([4, 6, 5, 3], { examples: 60 });
    const { value } = await runStructure(objective, theta, approximations, context());
    const { qualities, kfac } = value.approximations!;
    const error = (name: ApproximationName) => find(qualities, name).frobeniusError;
    expect(error('kfac')).toBeGreaterThan(0.01);
    expect(error('kfac')).toBeLessThan(error('diagonal'));
    expect(error('layers')).toBeLessThan(error('kfac'));
    expect(error('layers')).toBeLessThanOrEqual(error('blocks'));
    expect(error('blocks')).toBeLessThanOrEqual(error('diagonal'));
    expect(kfac).toEqual({ examples: 60, layers: ['dense_1', 'dense_2', 'dense_3'], notCovered: [] });
    for (const name of ['diagonal', 'blocks', 'layers'] as const)
      expect(Math.abs(find(qualities, name).traceError)).toBeLessThan(1e-12);
  });

  it('of a sample of the examples says so', async () => {
    const { objective, theta } = smallNetwork([4, 3], { examples: 20 });
    const given = { ...approximations, kfacExamples: 8 };
    const { value } = await runStructure(objective, theta, given, context());
    expect(value.approximations!.kfac!.examples).toBe(8);
    expect(value.notices.join()).toContain('8 of 20 examples');
  });

  it('leaves layers without a bias out by name; their block of G stands in', async () => {
    const layers = [
      { type: 'dense', options: { units: 5, activation: 'tanh', useBias: false } },
      { type: 'dense', options: { units: 3 } },
    ] as const;
    const model = mlpFromSpecification({ layers }, [4])!;
    const objective = mlpObjective(model, { data: randomClasses(20, 4, 3), loss: 'softmaxCrossEntropy' });
    const theta = randomFromSeed(1).fill(new Float64Array(objective.space.dim), 'normal');
    const { value } = await runStructure(objective, theta, approximations, context());
    expect(value.approximations!.kfac!.layers).toEqual(['dense_2']);
    expect(value.approximations!.kfac!.notCovered.map(({ layer }) => layer)).toEqual(['dense_1']);
    expect(value.notices.join()).toContain('does not cover dense_1: without a bias');
  });

  it('of a layer that no output sees says so', async () => {
    const { objective, theta } = smallNetwork([4, 5, 3], { activation: 'relu', examples: 10 });
    // All units of the first layer are dead.
    theta.fill(-100, 20, 25);
    const { value } = await runStructure(objective, theta, approximations, context());
    expect(value.notices.join()).toContain('K-FAC of dense_1: no output sees it on 10 of 10 examples');
    expect(find(value.approximations!.qualities, 'kfac').frobeniusError).toBeLessThan(1);
  });

  it('is left out where single examples do not add up to the batch', async () => {
    const { objective, theta } = smallNetwork([4, 3]);
    // What a batch of one example sees is another function, as with batch normalisation.
    const dependent = {
      ...objective,
      linearize: (at: Float64Array, key?: Int32Array) =>
        objective.linearize(
          key?.length === 1 ? at.map((x) => 1.1 * x) : at,
          key?.map((i) => (key.length === 1 ? 0 : i)),
        ),
    };
    const { value } = await runStructure(dependent, theta, approximations, context());
    expect(value.approximations!.kfac).toBeNull();
    expect(value.notices.join()).toContain('do not add up to the batch');
  });
});

describe('approximations of a quadratic', () => {
  it('[[a, b], [b, c]] and its diagonal, by hand', async () => {
    const [a, b, c, sigma] = [3, 1, 2, 0.5];
    const objective = quadraticObjective({ rows: 2, columns: 2, data: Float64Array.of(a, b, b, c) });
    const theta = Float64Array.of(1, -2);
    const { value } = await runStructure(objective, theta, { ...approximations, damping: sigma }, context());
    const { qualities, kfac } = value.approximations!;
    const diagonal = find(qualities, 'diagonal', 'hessian');
    expect(kfac).toBeNull();
    expect(diagonal.frobeniusError).toBeCloseTo(Math.sqrt((2 * b * b) / (a * a + 2 * b * b + c * c)), 14);
    const top = (a + c) / 2 + Math.sqrt(((a - c) / 2) ** 2 + b * b);
    expect(diagonal.largestRatio).toBeCloseTo(a / top, 12);
    // The leading eigenvector is (b, λ − a) before scaling.
    expect(diagonal.topCosine.value).toBeCloseTo(b / Math.hypot(b, top - a), 8);
    const g = [a * 1 + b * -2, b * 1 + c * -2] as const;
    const x = [g[0] / (a + sigma), g[1] / (c + sigma)] as const;
    const y = [(c + sigma) * g[0] - b * g[1], (a + sigma) * g[1] - b * g[0]] as const;
    const cosine = (x[0] * y[0] + x[1] * y[1]) / (Math.hypot(...x) * Math.hypot(...y));
    expect(diagonal.stepCosine).toBeCloseTo(cosine, 12);
  });

  it('steps are not compared where a matrix is not positive definite', async () => {
    const objective = quadraticObjective(withSpectrum([5, 1, -3], 2));
    const { value } = await runStructure(objective, Float64Array.of(1, 2, 3), approximations, context());
    for (const { stepCosine } of value.approximations!.qualities) expect(stepCosine).toBeNull();
    expect(value.notices.join()).toContain('not positive definite');
    const damped = await runStructure(
      objective,
      Float64Array.of(1, 2, 3),
      { ...approximations, damping: 4 },
      context(),
    );
    expect(damped.value.approximations!.qualities[0]!.stepCosine).not.toBeNull();
  });

  it('asked for above 3,000 parameters they are refused; among all parts they are left out', async () => {
    const objective = quadraticObjective(Float64Array.from({ length: 3001 }, (_, i) => 1 / (1 + i)));
    const theta = new Float64Array(3001).fill(1);
    await expect(runStructure(objective, theta, approximations, context())).rejects.toThrow(BadInput);
    const { value } = await runStructure(objective, theta, { residualTol: 1e-2, noiseDraws: 2 }, context());
    expect(value.approximations).toBeNull();
    expect(value.notices.join()).toContain('3001 parameters are above 3000');
  });
});

describe('what a single example tells of a layer', () => {
  const blocks = parameterLayout([
    { name: 'kernel', layer: 'd', role: 'kernel', shape: [2, 2], filterAxis: 1 },
    { name: 'bias', layer: 'd', role: 'bias', shape: [2], filterAxis: null },
  ]).blocks;
  const layer = { layer: 'd', kernel: blocks[0]!, bias: blocks[1]! };

  it('is a and g where the kernel is a gᵀ, and nothing where it is a sum of two places', () => {
    const [a, g] = [
      [3, -1],
      [0.5, 2],
    ] as const;
    const row = Float64Array.of(a[0] * g[0], a[0] * g[1], a[1] * g[0], a[1] * g[1], g[0], g[1]);
    const found = readKfacExample(layer, [row], 1e-12)!;
    expect(Array.from(found.inputs!)).toEqual([3, -1, 1]);
    expect(Array.from(found.gradients[0]!)).toEqual([0.5, 2]);
    // A second place with the inputs (1, 1) and g = (1, 0).
    const tied = row.map((entry, i) => entry + [1, 0, 1, 0, 1, 0][i]!);
    expect(readKfacExample(layer, [tied], 1e-12)).toBeNull();
    expect(readKfacExample(layer, [new Float64Array(6)], 1e-12)!.inputs).toBeNull();
  });

  it('convolutions are not covered', () => {
    const layout = parameterLayout([
      { name: 'c/kernel', layer: 'c', role: 'kernel', shape: [3, 3, 1, 2], filterAxis: 3 },
      { name: 'c/bias', layer: 'c', role: 'bias', shape: [2], filterAxis: null },
    ]);
    expect(kfacLayers(layout)).toEqual({
      covered: [],
      notCovered: [{ layer: 'c', reason: 'it is not a dense layer' }],
    });
  });
});

describe('small dense algebra', () => {
  it('Cholesky solves to rounding and refuses what is not positive definite', () => {
    const matrix = withSpectrum([9, 5, 2, 1, 0.1, 0.01], 4);
    const b = Float64Array.of(1, 2, 3, 4, 5, 6);
    const x = solvePositiveDefinite(matrix, 0.5, b)!;
    const back = matrixVector(matrix, x).map((entry, i) => entry + 0.5 * x[i]!);
    expect(relativeError(back, b)).toBeLessThan(1e-13);
    expect(solvePositiveDefinite(withSpectrum([9, -1], 4), 0.5, Float64Array.of(1, 1))).toBeNull();
  });

  it('a Kronecker product has A_{ij} B_{uv} at ((i, u), (j, v)); distances count what lies outside the blocks', () => {
    const a = { rows: 2, columns: 2, data: Float64Array.of(1, 2, 3, 4) };
    const b = { rows: 2, columns: 2, data: Float64Array.of(5, 6, 7, 8) };
    const product = kronecker(a, b);
    expect(product.data[(0 * 2 + 1) * 4 + (1 * 2 + 0)]).toBe(2 * 7);
    expect(product.data[(1 * 2 + 0) * 4 + (0 * 2 + 1)]).toBe(3 * 6);
    const halves = diagonalBlocks(product, [
      { offset: 0, size: 2 },
      { offset: 2, size: 2 },
    ]);
    const outside = [2, 3].map((factor) => factor ** 2 * (25 + 36 + 49 + 64)).reduce((x, y) => x + y);
    expect(frobeniusDistance(halves, product)).toBeCloseTo(Math.sqrt(outside), 12);
  });
});
