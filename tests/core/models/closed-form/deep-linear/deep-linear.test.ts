import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepLinearObjective } from '../../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import {
  type DeepLinearModel,
  deepLinearModel,
  endToEnd,
  modeStrengths,
} from '../../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { initialDeepLinear } from '../../../../../core/models/closed-form/deep-linear/initial-weights.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { add, constant, type HyperDual, multiply, scale } from '../../../../support/hyper-dual.ts';
import { dot, largestDifference, norm, shifted } from '../../../../support/vectors.ts';

const draw = (dim: number, seed: number) => randomFromSeed(seed).fill(new Float64Array(dim), 'normal');

/** ½ ‖W_N ⋯ W₁ − S‖² by its definition, entry by entry, over hyper-dual numbers: W_l(a, b) = K_l(b, a). */
function lossByDefinition({ layout, target }: DeepLinearModel, theta: readonly HyperDual[]): HyperDual {
  const matrices = layout.blocks.map(({ shape, offset }) => {
    const [inputs, units] = [shape[0]!, shape[1]!];
    const column = (a: number) => Array.from({ length: inputs }, (_, b) => theta[offset + b * units + a]!);
    return Array.from({ length: units }, (_, a) => column(a));
  });
  const whole = matrices.reduce((inner, outer) =>
    outer.map((row) =>
      inner[0]!.map((_, j) => row.reduce((sum, x, k) => add(sum, multiply(x, inner[k]![j]!)), constant(0))),
    ),
  );
  let sum = constant(0);
  whole.forEach((row, i) => {
    row.forEach((x, j) => {
      const residual = add(x, constant(-target.data[i * target.columns + j]!));
      sum = add(sum, scale(0.5, multiply(residual, residual)));
    });
  });
  return sum;
}

const models = fc.record({
  singularValues: fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 3 }),
  hidden: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  extra: fc.tuple(fc.nat(2), fc.nat(2)),
  rotate: fc.boolean(),
  seed: fc.nat(1000),
});

const modelFrom = ({ singularValues, hidden, extra: [p, q], rotate, seed }: Drawn) =>
  deepLinearModel(
    { singularValues, hidden, inputs: singularValues.length + p, outputs: singularValues.length + q },
    rotate ? randomFromSeed(seed) : null,
  );
type Drawn = typeof models extends fc.Arbitrary<infer T> ? T : never;

describe('deep linear networks', () => {
  test('loss, gradient and Hessian are those of hyper-dual numbers through the definition, at any depth and width', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (drawn) => {
        const model = modelFrom(drawn);
        const objective = deepLinearObjective(model);
        const { dim } = model.layout;
        const [theta, v] = [draw(dim, drawn.seed), draw(dim, drawn.seed + 1)];
        const at = await objective.linearize(theta);
        const i = drawn.seed % dim;
        // ε₁ along eᵢ and ε₂ along v: ∂L/∂θᵢ in b, ⟨∇L, v⟩ in c, (H v)ᵢ in d.
        const exact = lossByDefinition(
          model,
          Array.from(theta, (a, k) => ({ a, b: k === i ? 1 : 0, c: v[k]!, d: 0 })),
        );
        const size = 1 + exact.a;
        expect(Math.abs(at.loss - exact.a) / size).toBeLessThan(1e-13);
        expect((await objective.evaluate(theta)).loss).toBe(at.loss);
        expect(Math.abs(at.gradient[i]! - exact.b) / (size + norm(at.gradient))).toBeLessThan(1e-13);
        expect(Math.abs(dot(at.gradient, v) - exact.c) / (size + norm(at.gradient) * norm(v))).toBeLessThan(1e-12);
        const product = await at.hessianProduct(v);
        expect(Math.abs(product[i]! - exact.d) / (size + norm(product))).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  test('one hidden unit on one mode is ½ (a b − s)²', async () => {
    const objective = deepLinearObjective(deepLinearModel({ singularValues: [3], hidden: 1 }, null));
    const at = await objective.linearize(Float64Array.of(2, 5));
    expect(at.loss).toBe(0.5 * 49);
    expect([...at.gradient]).toEqual([35, 14]);
    // [[b², 2ab − s], [2ab − s, a²]]
    expect([...(await at.hessianProduct(Float64Array.of(1, 0)))]).toEqual([25, 17]);
    expect([...(await at.hessianProduct(Float64Array.of(0, 1)))]).toEqual([17, 4]);
  });

  test('says which function it is, in linear dense layers one behind the other', () => {
    const { convention, layout, graph, engine } = deepLinearObjective(
      deepLinearModel({ singularValues: [2, 1], hidden: [5, 3], inputs: 4 }, null),
    );
    expect(convention).toEqual({
      loss: 'closedForm',
      overExamples: 'none',
      overOutputs: 'sum',
      half: true,
      formula: 'L(θ) = ½ ‖W₃ ⋯ W₁ − S‖²',
    });
    expect(engine).toBe('closed form');
    expect(layout.blocks.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'dense_1/kernel 4×5',
      'dense_2/kernel 5×3',
      'dense_3/kernel 3×2',
    ]);
    expect(graph?.nodes.map(({ kind, activation }) => [kind, activation])).toEqual([
      ['InputLayer', null],
      ['Dense', null],
      ['Dense', null],
      ['Dense', null],
    ]);
    expect(graph?.edges.map(({ from, to, shape }) => [from, to, shape])).toEqual([
      ['input', 'dense_1', [4]],
      ['dense_1', 'dense_2', [5]],
      ['dense_2', 'dense_3', [3]],
    ]);
  });

  test('rotated singular vectors leave the singular values: S Sᵀ u = s² u', () => {
    const { target, u } = deepLinearModel(
      { singularValues: [5, 2, 1], hidden: 3, inputs: 5, outputs: 4 },
      randomFromSeed(3),
    );
    [5, 2, 1, 0].forEach((s, mode) => {
      const along = Float64Array.from({ length: 4 }, (_, i) => u!.data[i * 4 + mode]!);
      const back = Float64Array.from({ length: 5 }, (_, j) =>
        along.reduce((sum, x, i) => sum + x * target.data[i * 5 + j]!, 0),
      );
      const forth = along.map((_, i) => back.reduce((sum, x, j) => sum + x * target.data[i * 5 + j]!, 0));
      expect(
        largestDifference(
          forth,
          along.map((x) => s * s * x),
        ),
      ).toBeLessThan(1e-13);
    });
  });

  test('balanced initial weights have every mode at scale^N, decoupled and balanced', () => {
    const model = deepLinearModel({ singularValues: [5, 3, 2], hidden: [4, 6], inputs: 5 }, randomFromSeed(1));
    const theta = initialDeepLinear(model, { kind: 'balanced', scale: 0.1 }, randomFromSeed(2));
    expect(largestDifference(modeStrengths(model, theta), [1e-3, 1e-3, 1e-3])).toBeLessThan(1e-17);
    const whole = endToEnd(model, theta);
    expect(norm(whole.data)).toBeCloseTo(Math.sqrt(3) * 1e-3, 15);
    // Kₗᵀ Kₗ = Kₗ₊₁ Kₗ₊₁ᵀ on the modes: both have the trace 3 · scale² there.
    for (const { offset, size, shape } of model.layout.blocks) {
      expect(norm(theta.subarray(offset, offset + size))).toBeCloseTo(0.1 * Math.sqrt(Math.min(...shape)), 14);
    }
  });

  test('orthogonal initial weights have orthonormal rows or columns times the scale; Gaussian ones its variance', () => {
    const model = deepLinearModel({ singularValues: [1, 1, 1], hidden: 40, inputs: 60 }, null);
    const orthogonal = initialDeepLinear(model, { kind: 'orthogonal', scale: 2 }, randomFromSeed(2));
    const column = (j: number) => Float64Array.from({ length: 60 }, (_, i) => orthogonal[i * 40 + j]!);
    expect(norm(column(7))).toBeCloseTo(2, 13);
    expect(dot(column(7), column(8))).toBeCloseTo(0, 13);
    const gaussian = initialDeepLinear(model, { kind: 'gaussian', scale: 0.5 }, randomFromSeed(2));
    expect(norm(gaussian) / Math.sqrt(gaussian.length)).toBeCloseTo(0.5, 1);
    expect(gaussian.slice(0, 10)).not.toEqual(gaussian.slice(2400, 2410));
  });

  test('losses along directions are those of the points', async () => {
    const model = deepLinearModel({ singularValues: [2, 1], hidden: 2 }, null);
    const objective = deepLinearObjective(model);
    const [origin, d] = [draw(8, 3), draw(8, 4)];
    const losses = await objective.losses(origin, [d], { rows: 2, columns: 1, data: Float64Array.of(0, 0.5) });
    expect(losses[1]).toBeCloseTo((await objective.evaluate(shifted(origin, 0.5, d))).loss, 13);
  });

  test('what cannot be a deep linear network is refused in words', () => {
    const made = (hidden: number | number[], singularValues: number[], inputs?: number) => () =>
      deepLinearModel({ hidden, singularValues, ...(inputs === undefined ? {} : { inputs }) }, null);
    expect(made([], [1])).toThrow('Give hidden: 2');
    expect(made(0, [1])).toThrow('whole numbers from 1');
    expect(made(2.5, [1])).toThrow('whole numbers from 1');
    expect(made(2, [])).toThrow('(none)');
    expect(made(2, [1, -1])).toThrow('numbers from 0 on');
    expect(made(2, [1, Number.NaN])).toThrow('numbers from 0 on');
    expect(made(2, [3, 2, 1], 2)).toThrow('A 3×2 matrix has no 3 singular values.');
  });
});
