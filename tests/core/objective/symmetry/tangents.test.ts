import { describe, expect, test } from 'vitest';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { independentTangents, symmetryTangents } from '../../../../core/objective/symmetry/tangents.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(9);
const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const norm = (a: Float64Array) => Math.sqrt(inner(a, a));

function network(
  widths: readonly number[],
  activation: 'linear' | 'tanh' | 'relu',
  loss: 'halfSquaredError' | 'softmaxCrossEntropy',
) {
  const description = mlpFromWidths(widths, activation);
  const [inputs, outputs] = [widths[0]!, widths.at(-1)!];
  const targets =
    loss === 'softmaxCrossEntropy'
      ? { kind: 'classes' as const, classes: outputs, labels: Int32Array.from({ length: 20 }, (_, i) => i % outputs) }
      : { kind: 'values' as const, width: outputs, values: rng.fill(new Float32Array(20 * outputs), 'normal') };
  const drawn = rng.fill(new Float32Array(20 * inputs), 'normal');
  const data = { name: 'drawn', examples: 20, inputShape: [inputs], inputs: drawn, targets, source: 'drawn' };
  const theta = initialTheta(description, rng).map((x) => x + 0.1 * rng.normal());
  return { objective: mlpObjective(description, { data, loss }), theta };
}

describe('tangents of symmetries', () => {
  test('of two linear layers are those of GL(h), along which the loss does not change', async () => {
    const { objective, theta } = network([4, 3, 2], 'linear', 'halfSquaredError');
    const tangents = symmetryTangents(objective, theta);
    expect(tangents.filter(({ kind }) => kind === 'linear mixing')).toHaveLength(9);
    const { gradient } = await objective.gradient(theta);
    for (const { vector } of tangents) {
      expect(Math.abs(inner(gradient, vector))).toBeLessThan(1e-14 * norm(gradient) * norm(vector));
      // Negative control: the same change of the first layer alone.
      const half = vector.map((x, i) => (i < 15 ? x : 0));
      expect(Math.abs(inner(gradient, half))).toBeGreaterThan(1e-6 * norm(gradient) * norm(vector));
    }
  });

  test('are the derivative of W₁ → G W₁, b₁ → G b₁, W₂ → W₂ G⁻¹, under which the loss stays as it is', async () => {
    const { objective, theta } = network([4, 3, 2], 'linear', 'halfSquaredError');
    // Of E at (to, from) the finite change is G = 1 + s E with G⁻¹ = 1 − s E, where to ≠ from: it is linear in s.
    const { loss } = await objective.evaluate(theta);
    const mixings = symmetryTangents(objective, theta).filter(({ kind }) => kind === 'linear mixing');
    for (const [at, { vector }] of mixings.entries()) {
      if (Math.floor(at / 3) === at % 3) continue;
      const moved = theta.map((x, i) => x + 0.7 * vector[i]!);
      expect((await objective.evaluate(moved)).loss).toBeCloseTo(loss, 13);
    }
    expect(symmetryTangents(objective, theta)).toHaveLength(9 + 3);
  });

  test('of linear units hold their rescalings, so that only h² are independent; with logits the translations besides', () => {
    const squared = network([4, 3, 2], 'linear', 'halfSquaredError');
    const chosen = independentTangents(symmetryTangents(squared.objective, squared.theta));
    expect(chosen.tangents.map(({ kind }) => kind)).toEqual(Array(9).fill('linear mixing'));
    const logits = network([4, 3, 2], 'linear', 'softmaxCrossEntropy');
    expect(independentTangents(symmetryTangents(logits.objective, logits.theta)).basis).toHaveLength(9 + 1 + 3);
    const tanh = network([4, 3, 2], 'tanh', 'softmaxCrossEntropy');
    expect(symmetryTangents(tanh.objective, tanh.theta).map(({ kind }) => kind)).toEqual(Array(4).fill('translation'));
    const relu = network([4, 3, 2], 'relu', 'halfSquaredError');
    expect(symmetryTangents(relu.objective, relu.theta).map(({ kind }) => kind)).toEqual(Array(3).fill('rescaling'));
  });

  test('are what the basis and its coefficients say', () => {
    const { objective, theta } = network([4, 3, 3, 2], 'linear', 'halfSquaredError');
    const { tangents, basis, coefficients } = independentTangents(symmetryTangents(objective, theta));
    expect(basis).toHaveLength(18);
    basis.forEach((a, i) => {
      basis.forEach((b, j) => {
        expect(inner(a, b)).toBeCloseTo(i === j ? 1 : 0, 13);
      });
    });
    tangents.forEach(({ vector }, k) => {
      const again = new Float64Array(theta.length);
      coefficients[k]!.forEach((c, j) => {
        for (let i = 0; i < again.length; i++) again[i]! += c * basis[j]![i]!;
      });
      expect(norm(again.map((x, i) => x - vector[i]!))).toBeLessThan(1e-13 * norm(vector));
    });
  });
});
