import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../../../core/models/closed-form/activations.ts';
import { deepLinearObjective } from '../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import { deepLinearModel } from '../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { surfaceObjective, surfaces } from '../../../../core/models/closed-form/surfaces.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(23);
const norm = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));
const unit = (dim: number) => rng.fill(new Float64Array(dim), 'sphere');

async function productsAt(objective: Objective<Float64Array>, theta: Float64Array, v: Float64Array) {
  const linearization = await objective.linearize(theta);
  const product = Float64Array.from(await linearization.hessianProduct(v));
  linearization.dispose();
  return product;
}

/** The largest ‖(H(a) − H(b)) v‖ / ℓ‖a − b‖ seen over random a, b of the ball; v by three power steps. */
async function worstShare(objective: Objective<Float64Array>, theta: Float64Array, radius: number): Promise<number> {
  const { hessianLipschitz } = objective.derivativeBounds!(theta, radius)!;
  let worst = 0;
  for (let trial = 0; trial < 12; trial++) {
    const [a, b] = [1, 2].map(() => {
      const way = unit(theta.length);
      const size = radius * rng.uniform();
      return theta.map((x, i) => x + size * way[i]!);
    });
    let v = unit(theta.length);
    const distance = norm(a!.map((x, i) => x - b![i]!));
    for (let power = 0; power < 4; power++) {
      const [at, bt] = [await productsAt(objective, a!, v), await productsAt(objective, b!, v)];
      const difference = at.map((x, i) => x - bt[i]!);
      const size = norm(difference);
      worst = Math.max(worst, size / (hessianLipschitz * distance));
      if (size === 0) break;
      v = difference.map((x) => x / size);
    }
  }
  return worst;
}

function network(activation: ActivationName, loss: LossName) {
  const description = mlpFromWidths([3, 3, 2, 2], activation);
  const targets =
    loss === 'softmaxCrossEntropy'
      ? { kind: 'classes' as const, classes: 2, labels: Int32Array.from({ length: 8 }, (_, i) => i % 2) }
      : { kind: 'values' as const, width: 2, values: rng.fill(new Float32Array(16), 'normal') };
  const inputs = rng.fill(new Float32Array(24), 'normal');
  const data = { name: 'drawn', examples: 8, inputShape: [3], inputs, targets, source: 'drawn' };
  return mlpObjective(description, { data, loss });
}

describe('bounds of the third derivatives', () => {
  test('of networks hold for every smooth activation and loss, and are not given for kinks', async () => {
    for (const activation of ['tanh', 'sigmoid', 'softplus', 'swish', 'linear'] as const) {
      for (const loss of ['halfSquaredError', 'meanSquaredError', 'softmaxCrossEntropy'] as const) {
        const objective = network(activation, loss);
        const theta = rng.fill(new Float64Array(objective.space.dim), 'normal');
        for (const radius of [1e-3, 1]) {
          const worst = await worstShare(objective, theta, radius);
          expect(worst, `${activation} ${loss}`).toBeLessThanOrEqual(1);
          // Loose, but a bound of something: not off by more than 10⁶.
          expect(worst).toBeGreaterThan(1e-6);
        }
      }
    }
    const relu = network('relu', 'halfSquaredError');
    expect(relu.derivativeBounds!(relu.space.zeros(), 1)).toBeNull();
  });

  test('of deep linear networks hold; of one unit between two numbers they are at most three times too large', async () => {
    for (const hidden of [[3], [2, 3], [2, 2, 2]]) {
      const objective = deepLinearObjective(deepLinearModel({ singularValues: [3, 2, 1], hidden }, null));
      const theta = rng.fill(new Float64Array(objective.space.dim), 'normal');
      for (const radius of [1e-3, 1]) expect(await worstShare(objective, theta, radius)).toBeLessThanOrEqual(1);
    }
    const scalar = deepLinearObjective(deepLinearModel({ singularValues: [2], hidden: 1 }, null));
    const worst = await worstShare(scalar, Float64Array.of(1.5, 1), 1e-3);
    expect(worst).toBeLessThanOrEqual(1);
    expect(worst).toBeGreaterThan(0.3);
  });

  test('of surfaces hold all over their windows', async () => {
    for (const [name, { domain }] of Object.entries(surfaces)) {
      const objective = surfaceObjective(name);
      expect(objective.derivativeBounds!(Float64Array.of(0, 0), 0), name).not.toBeNull();
      for (let trial = 0; trial < 6; trial++) {
        const within = ([low, high]: readonly [number, number]) => low + (high - low) * rng.uniform();
        const theta = Float64Array.of(within(domain.x), within(domain.y));
        for (const radius of [1e-2, 0.5]) {
          const { hessianLipschitz } = objective.derivativeBounds!(theta, radius)!;
          const worst = hessianLipschitz === 0 ? 0 : await worstShare(objective, theta, radius);
          expect(worst, name).toBeLessThanOrEqual(1);
        }
      }
    }
  });
});

describe('bounds of rounding', () => {
  test('hold for the gradient of networks: the sum over the examples in another order differs by less', async () => {
    for (const activation of ['tanh', 'softplus'] as const) {
      for (const loss of ['halfSquaredError', 'softmaxCrossEntropy'] as const) {
        const objective = network(activation, loss);
        const theta = rng.fill(new Float64Array(objective.space.dim), 'normal');
        const { gradientRounding, hessianRounding } = objective.derivativeBounds!(theta, 0)!;
        const whole = (await objective.gradient(theta)).gradient;
        const summed = new Float64Array(theta.length);
        for (let i = 7; i >= 0; i--) {
          const { gradient } = await objective.gradient(theta, Int32Array.of(i));
          gradient.forEach((x, j) => {
            summed[j]! += x / 8;
          });
        }
        const difference = norm(whole.map((x, j) => x - summed[j]!));
        expect(difference).toBeGreaterThan(0);
        expect(difference).toBeLessThan(gradientRounding);
        expect(gradientRounding).toBeLessThan(1e-8);
        expect(hessianRounding).toBeGreaterThan(gradientRounding / norm(theta));
      }
    }
  });

  test('hold where the gradient is zero in exact arithmetic', async () => {
    const objective = deepLinearObjective(deepLinearModel({ singularValues: [5, 3, 2], hidden: 2 }, null));
    // √5 √5 = 5 only up to rounding.
    const theta = new Float64Array(12);
    theta[0] = theta[6] = Math.sqrt(5);
    theta[3] = theta[10] = Math.sqrt(3);
    const { gradient } = await objective.gradient(theta);
    expect(norm(gradient)).toBeGreaterThan(0);
    expect(norm(gradient)).toBeLessThan(objective.derivativeBounds!(theta, 0)!.gradientRounding);
  });
});
