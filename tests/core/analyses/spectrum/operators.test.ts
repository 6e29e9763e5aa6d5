import { describe, expect, it } from 'vitest';
import type { SpectrumParameters } from '../../../../core/analyses/spectrum/descriptor.ts';
import { exactSpectrumAt } from '../../../../core/analyses/spectrum/exact.ts';
import { runSpectrum } from '../../../../core/analyses/spectrum/run.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { curvatureKinds } from '../../../../core/objective/curvature/curvature-kinds.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(12);
const examples = 24;
const objective = mlpObjective(mlpFromWidths([16, 5, 3], 'tanh'), {
  data: {
    name: 'drawn',
    examples,
    inputShape: [16],
    inputs: rng.fill(new Float64Array(examples * 16), 'normal'),
    targets: {
      kind: 'classes',
      classes: 3,
      labels: Int32Array.from({ length: examples }, () => rng.integer(3)),
    },
    source: 'drawn here',
  },
  loss: 'softmaxCrossEntropy',
});
const { dim } = objective.space;
const theta = rng.fill(new Float64Array(dim), 'normal').map((x) => 0.5 * x);
const preconditioner = Float64Array.from({ length: dim }, () => 0.2 + rng.uniform());
const context = { rng: randomFromSeed(5), preconditioner };
const [kernel, bias] = objective.layout.blocks.map(({ name }) => name) as [string, string];

const run = (given: Partial<SpectrumParameters>) => runSpectrum(objective, theta, given, context);
const exact = async (given: Pick<SpectrumParameters, 'operator'> & { blocks?: readonly string[] }) => {
  const matrix = { blocks: null, samples: given.operator === 'fisherMonteCarlo' ? 1 : null, ...given };
  const { value } = await exactSpectrumAt(objective, theta, matrix, context);
  return Array.from(value.eigenvalues);
};

describe.each(curvatureKinds)('%s', (operator) => {
  it.each(['lanczos', 'blockLanczos', 'lobpcg', 'dense'] as const)('by %s is the dense truth', async (method) => {
    const truth = await exact({ operator });
    const { value, status } = await run({
      operator,
      method,
      top: 3,
      bottom: 2,
      magnitude: 2,
      eigenvalueTol: 1e-7,
      // One start vector sees one copy of the many zeros of a matrix of low rank.
      verifyMultiplicity: true,
      maxProducts: 4000,
    });
    expect(status).toMatch(/converged|invariantSubspace/);
    expect(value.order).toBe(operator === 'ntk' ? 3 * examples : dim);
    const descending = [...truth].reverse();
    const byMagnitude = [...truth].sort((a, b) => Math.abs(b) - Math.abs(a));
    const rounding = 1e-9 * Math.abs(byMagnitude[0]!);
    const holds = (list: typeof value.eigenvalues, wanted: readonly number[]) =>
      list.forEach((pair, i) => {
        expect(Math.abs(pair.value - wanted[i]!)).toBeLessThanOrEqual(pair.errorBound + rounding);
      });
    holds(value.eigenvalues, descending);
    holds(value.bottom, truth);
    holds(
      value.magnitude.map((pair) => ({ ...pair, value: Math.abs(pair.value) })),
      byMagnitude.map(Math.abs),
    );
    expect(value.operatorFormula).not.toBe('');
  });

  it('has a trace, shares and sums with intervals', async () => {
    const truth = await exact({ operator });
    const { value } = await run({
      operator,
      top: 3,
      density: true,
      densityProbes: 12,
      densitySteps: 80,
      trace: true,
      traceMethod: 'xtrace',
      traceProbes: 20,
      damping: 1,
    });
    const n = truth.length;
    const sum = truth.reduce((a, b) => a + b, 0);
    // Five standard errors and not the 95 % of the interval: this is one draw.
    const near = (
      estimate: { value: number; standardError: number; low95: number; high95: number },
      wanted: number,
    ) => {
      const half = Math.max(estimate.high95 - estimate.value, estimate.value - estimate.low95);
      expect(Math.abs(estimate.value - wanted)).toBeLessThanOrEqual(2.5 * half + 1e-9 * Math.abs(wanted) + 1e-12);
      expect(estimate.low95).toBeLessThanOrEqual(estimate.high95);
    };
    near(value.trace!, sum);
    const { masses, deflated } = value.density!;
    expect(deflated).toHaveLength(3);
    near(masses!.below, truth.filter((x) => x < -masses!.delta).length / n);
    near(masses!.above, truth.filter((x) => x > masses!.delta).length / n);
    near(
      value.effectiveDimension!,
      truth.filter((x) => x > 0).reduce((total, x) => total + x / (x + 1), 0),
    );
    if (truth[0]! > -1)
      near(
        value.logDeterminant!,
        truth.reduce((total, x) => total + Math.log(1 + x), 0),
      );
    else expect(value.notices.map(({ code }) => code)).toContain('noLogDeterminant');
  });
});

describe('parts of θ', () => {
  it('a block is a diagonal block, by the name of a block or of its layer', async () => {
    const truth = await exact({ operator: 'hessian', blocks: [kernel] });
    const { value } = await run({ blocks: kernel, top: 2 });
    expect(value.blocks).toEqual([kernel]);
    expect(value.order).toBe(80);
    expect(value.eigenvalues[0]!.value).toBeCloseTo(truth.at(-1)!, 9);
    const layer = objective.layout.blocks[0]!.layer;
    expect((await run({ blocks: layer, top: 1 })).value.blocks).toEqual([kernel, bias]);
    await expect(run({ blocks: 'nonsense', top: 1 })).rejects.toThrow(/no layer and no block/);
  });

  it('the table has the trace and the largest eigenvalue of each block, and adds to the trace', async () => {
    const { value } = await run({ top: 0, layers: true, layerProbes: 400 });
    for (const { block, trace, top } of value.layers!) {
      const truth = await exact({ operator: 'hessian', blocks: [block] });
      const sum = truth.reduce((a, b) => a + b, 0);
      expect(Math.abs(trace.value - sum)).toBeLessThan(4 * trace.standardError + 1e-12);
      expect(Math.abs(top!.value - truth.at(-1)!)).toBeLessThanOrEqual(1e-3 * Math.abs(truth.at(-1)!));
    }
  });

  it('eigenvectors are told by their share in blocks, as images and whole', async () => {
    const { value } = await run({ top: 2, eigenvectors: true });
    const [first] = value.eigenvalues;
    expect(first!.mass!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(value.images).toMatchObject({ block: kernel, shape: [4, 4, 1] });
    const { overall, units } = value.images!.vectors[0]!;
    // 5 units: Σ over pixels of the mean square times 5 is the share of the kernel.
    expect(5 * overall.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(first!.mass![0]!, 12);
    expect(units.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(first!.mass![0]!, 12);
    const [v] = value.vectors!;
    const linearization = await objective.linearize(theta);
    const product = await linearization.hessianProduct(v!);
    const residual = Math.hypot(...product.map((x, i) => x - first!.value * v![i]!));
    expect(residual).toBeLessThanOrEqual(first!.errorBound + 1e-12);
    linearization.dispose();
  });
});

it('the eigenvalues nearest to zero come from the dense matrix, and from nothing else', async () => {
  const truth = await exact({ operator: 'hessian' });
  const byDistance = [...truth].sort((a, b) => Math.abs(a) - Math.abs(b));
  const { value } = await run({ method: 'dense', top: 0, nearZero: 6, eigenvectors: true });
  expect(value.nearZero).toHaveLength(6);
  value.nearZero!.forEach((pair, i) => {
    expect(Math.abs(Math.abs(pair.value) - Math.abs(byDistance[i]!))).toBeLessThanOrEqual(pair.errorBound + 1e-12);
    expect(pair.mass!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
  });
  await expect(run({ nearZero: 2 })).rejects.toThrow(/cannot be told honestly by the method lanczos/);
});

it('without a preconditioner, or for a search to be resumed by a block method, it is bad input', async () => {
  const bare = { rng: randomFromSeed(1) };
  await expect(runSpectrum(objective, theta, { operator: 'preconditioned' }, bare)).rejects.toThrow(BadInput);
  const search = { from: null, onState: async () => {} };
  await expect(runSpectrum(objective, theta, { method: 'lobpcg' }, { ...bare, search })).rejects.toThrow(/lanczos/);
});
