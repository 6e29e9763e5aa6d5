import { describe, expect, test } from 'vitest';
import { indexCounts } from '../../../../core/analyses/saddles/index-counts.ts';
import { judgePoint } from '../../../../core/analyses/saddles/judge.ts';
import { gradientFloor } from '../../../../core/analyses/saddles/residual.ts';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromSpecification } from '../../../../core/models/closed-form/mlp-description.ts';
import { surfaceObjective } from '../../../../core/models/closed-form/surfaces.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(3);
const options = { tolerance: 1e-16, denseLimit: 1500, polish: true, startNorm: 1, rng };

describe('polishing', () => {
  test('brings a regular critical point to the floor with two matrices, and leaves the given θ as it was', async () => {
    const objective = surfaceObjective('himmelblau');
    const theta = objective.space.fromHost(Float64Array.of(3 + 1e-4, 2 - 1e-4));
    const { value, stats } = await judgePoint(objective, theta, options);
    expect(Array.from(theta)).toEqual([3 + 1e-4, 2 - 1e-4]);
    expect(Math.hypot(value.theta[0]! - 3, value.theta[1]! - 2)).toBeLessThan(1e-14);
    expect(value.judged.polishedBy).toBeCloseTo(Math.SQRT2 * 1e-4, 12);
    expect(value.judged).toMatchObject({ residual: null, certified: true });
    expect(stats.products).toBe(4);
    expect(stats.losses).toBe(0);
    const asItIs = await judgePoint(objective, theta, { ...options, polish: false });
    expect(asItIs.value.judged).toMatchObject({ verdict: 'notConverged', certified: false, polishedBy: 0 });
    expect(Array.from(asItIs.value.theta)).toEqual(Array.from(theta));
    expect(asItIs.stats).toMatchObject({ products: 2, gradients: 1 });
  });

  test('never raises ‖∇L‖ and never leaves a tenth of the size of θ, wherever it begins', async () => {
    for (const name of ['rosenbrock', 'beale', 'rastrigin', 'monkeySaddle', 'himmelblau']) {
      const objective = surfaceObjective(name);
      for (let trial = 0; trial < 20; trial++) {
        const theta = Float64Array.of(2 * rng.normal(), 2 * rng.normal());
        const before = (await objective.gradient(theta)).gradient;
        const { judged } = (await judgePoint(objective, theta, options)).value;
        expect(judged.gradientNormSquared).toBeLessThanOrEqual((before[0]! ** 2 + before[1]! ** 2) * (1 + 1e-12));
        expect(judged.polishedBy).toBeLessThanOrEqual(0.1 * Math.max(1, Math.hypot(...theta)) * (1 + 1e-12));
      }
    }
  });
});

describe('precision', () => {
  test('decides the floor of ‖∇L‖: some 1e-12 |θ|²λ² in float32, 3e-30 in float64', () => {
    expect(gradientFloor('float32', 2, 3) ** 2 / 36).toBeCloseTo(9.1e-13, 14);
    expect(gradientFloor('float64', 2, 3) ** 2 / 36 / 3.2e-30).toBeCloseTo(1, 1);
    expect(gradientFloor('float64', 2, 0)).toBe(0);
  });

  test('decides which eigenvalues are null, and so does the error of the products where it is larger', () => {
    const eigenvalues = Float64Array.of(-1, -1e-3, -3e-5, 1e-9, 2e-6, 1);
    const counts = (precision: 'float64' | 'float32', errorBound: number) => {
      const { negative, null: nothing, positive } = indexCounts({ eigenvalues, scale: 1, errorBound }, precision);
      return [negative, nothing, positive];
    };
    expect(counts('float64', 1e-15)).toEqual([3, 1, 2]);
    expect(counts('float32', 1e-6)).toEqual([2, 3, 1]);
    expect(counts('float64', 1e-2)).toEqual([1, 4, 1]);
  });

  test('of float32 gives the spectrum of the float64 twin up to its error bound, and never a proof', async () => {
    await useBackend('cpu');
    const layers = [
      { type: 'dense', options: { units: 3, activation: 'tanh' } },
      { type: 'dense', options: { units: 2 } },
    ];
    const data = {
      name: 'drawn',
      examples: 12,
      inputShape: [2],
      inputs: rng.fill(new Float32Array(24), 'normal'),
      targets: { kind: 'classes' as const, classes: 2, labels: Int32Array.from({ length: 12 }, (_, i) => i % 2) },
      source: 'drawn',
    };
    const closed = mlpFromSpecification({ layers }, [2])!;
    const exact = mlpObjective(closed, { data, loss: 'softmaxCrossEntropy' });
    const model = modelFromSpecification({ layers }, [2], randomFromSeed(7));
    const single = tensorflowObjective({ model, data, loss: 'softmaxCrossEntropy', space: 'host' });
    const theta = initialTheta(closed, randomFromSeed(7)).map(Math.fround);
    const at = single.space.fromHost(theta);
    const [rough, fine] = [
      (await judgePoint(single, at, { ...options, polish: false })).value.judged,
      (await judgePoint(exact, theta, { ...options, polish: false })).value.judged,
    ];
    expect(rough).toMatchObject({ precision: 'float32', proof: null, certified: false });
    expect(fine.precision).toBe('float64');
    expect(rough.eigenvalues).toHaveLength(theta.length);
    rough.eigenvalues!.forEach((value, i) => {
      expect(Math.abs(value - fine.eigenvalues![i]!)).toBeLessThan(rough.lowest!.errorBound + fine.lowest!.errorBound);
    });
    expect(rough.index!.tolerance).toBeGreaterThanOrEqual(0.99e-4 * rough.highest!.value);
    // The four translations of the logits are flat everywhere, but at a point with a slope others need not be.
    expect(rough.zeroModes).toEqual({ count: 4, explained: 4, by: [{ symmetry: 'translation', directions: 4 }] });
    single.space.release(at);
    single.dispose();
    model.dispose();
  });
});
