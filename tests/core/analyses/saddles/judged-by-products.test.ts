import { describe, expect, test } from 'vitest';
import { denseHessianAt } from '../../../../core/analyses/saddles/dense-hessian.ts';
import { judgePoint } from '../../../../core/analyses/saddles/judge.ts';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(31);
const options = { tolerance: 1e-16, denseLimit: 0, polish: false, startNorm: 1, rng };

describe('a point that is judged by products', () => {
  test('of networks has the index of the dense matrix within its stated error, and its extremes', async () => {
    for (const [widths, loss, steps] of [
      [[10, 12, 10], 'halfSquaredError', 0],
      [[10, 12, 10], 'halfSquaredError', 300],
      [[12, 16, 3], 'softmaxCrossEntropy', 500],
    ] as const) {
      const description = mlpFromWidths(widths, 'tanh');
      const [inputs, outputs] = [widths[0], widths[2]];
      const targets =
        loss === 'softmaxCrossEntropy'
          ? {
              kind: 'classes' as const,
              classes: outputs,
              labels: Int32Array.from({ length: 100 }, () => rng.integer(3)),
            }
          : { kind: 'values' as const, width: outputs, values: rng.fill(new Float32Array(100 * outputs), 'normal') };
      const drawn = rng.fill(new Float32Array(100 * inputs), 'normal');
      const data = { name: 'drawn', examples: 100, inputShape: [inputs], inputs: drawn, targets, source: 'drawn' };
      const objective = mlpObjective(description, { data, loss });
      const theta = initialTheta(description, rng);
      for (let step = 0; step < steps; step++) {
        const { gradient } = await objective.gradient(theta);
        for (let i = 0; i < theta.length; i++) theta[i]! -= 0.2 * gradient[i]!;
        objective.space.release(gradient);
      }
      const dense = await denseHessianAt(objective, theta, {});
      if (dense.status !== 'converged') throw new Error(dense.status);
      const { eigenvalues } = dense.value;
      const { value, stats } = await judgePoint(objective, theta, options);
      const { index, lowest, highest, smallest, proof, certified } = value.judged;
      const negative = eigenvalues.filter((x) => x < -index!.tolerance).length;
      expect(index!.method).toBe('quadrature');
      expect(index!.negative + index!.null + index!.positive).toBeCloseTo(theta.length, 9);
      expect(Math.abs(index!.negative - negative)).toBeLessThan(2 * index!.standardError! + 1);
      expect(index!.standardError).toBeLessThan(0.15 * theta.length);
      for (const [extreme, truth] of [
        [lowest!, eigenvalues[0]!],
        [highest!, eigenvalues.at(-1)!],
      ] as const)
        expect(Math.abs(extreme.value - truth)).toBeLessThan(extreme.errorBound);
      expect({ smallest, proof, certified }).toEqual({ smallest: null, proof: null, certified: false });
      expect(stats.products).toBeLessThanOrEqual(1041);
    }
  });

  test('of a quadratic with a kernel has the r of the closed form, dense or not', async () => {
    // L = ½ Σ λᵢ xᵢ² + bᵀx with 100 zeros among the λ: at 0 ∇L = b, and r is the share of b in the kernel.
    const eigenvalues = Float64Array.from({ length: 300 }, (_, i) =>
      i < 100 ? 0 : i < 180 ? -1 - (i % 7) : 1 + (i % 11),
    );
    for (const inside of [0.1, 1, 30]) {
      const b = Float64Array.from(eigenvalues, (value) => (value === 0 ? inside : 1) * rng.normal());
      const objective = quadraticObjective(eigenvalues, b);
      const kernel = Math.hypot(...b.subarray(0, 100)) / Math.hypot(...b);
      for (const denseLimit of [0, 1000]) {
        // At a point that is not 0, for the floor to mean something; its part in the range is taken up by b.
        const at = eigenvalues.map((value) => (value === 0 ? 1 : 0));
        const { value } = await judgePoint(objective, at, { ...options, denseLimit });
        expect(value.judged.residual).toBeCloseTo(kernel, 6);
        expect(value.judged.verdict).toBe(kernel > 0.9 ? 'gradientFlat' : 'notConverged');
        const { negative, positive, standardError } = value.judged.index!;
        expect(Math.abs(negative - 80)).toBeLessThanOrEqual(2 * (standardError ?? 0));
        expect(Math.abs(positive - 120)).toBeLessThanOrEqual(denseLimit > 0 ? 0 : 40);
      }
    }
  });

  test('is polished by products to the floor, too, where Newton’s step leads there', async () => {
    const eigenvalues = Float64Array.from({ length: 200 }, (_, i) => (i < 20 ? 0 : i % 2 ? 1 + i / 50 : -1 - i / 50));
    const objective = quadraticObjective(eigenvalues);
    const near = eigenvalues.map(() => 1 + 1e-5 * rng.normal()).map((x, i) => (eigenvalues[i] === 0 ? x : x - 1));
    const { value } = await judgePoint(objective, near, { ...options, polish: true });
    expect(value.judged).toMatchObject({ verdict: 'critical', residual: null });
    expect(value.judged.gradientNormSquared).toBeLessThan(1e-26);
    expect(value.judged.polishedBy).toBeGreaterThan(1e-5);
  });

  test('that is cancelled says so', async () => {
    const objective = quadraticObjective(Float64Array.from({ length: 50 }, (_, i) => i - 20));
    const at = new Float64Array(50).fill(1);
    for (const denseLimit of [0, 1000]) {
      const { status, value } = await judgePoint(objective, at, { ...options, denseLimit, signal: { aborted: true } });
      expect(status).toBe('cancelled');
      expect(value.judged).toMatchObject({ verdict: 'notConverged', index: null });
    }
  });
});
