import { describe, expect, test } from 'vitest';
import { defaultIterations } from '../../../../core/analyses/saddles/finders/finders.ts';
import { newtonPseudoInverse } from '../../../../core/analyses/saddles/finders/newton-pinv.ts';
import { judgePoint } from '../../../../core/analyses/saddles/judge.ts';
import { runSaddles } from '../../../../core/analyses/saddles/run.ts';
import { closedFormObjective, type SmoothFunction } from '../../../../core/models/closed-form/closed-form-objective.ts';
import { deepLinearObjective } from '../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import { deepLinearModel } from '../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { surfaceObjective } from '../../../../core/models/closed-form/surfaces.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { tanhNetwork } from '../../../support/tanh-network-searches.ts';

const options = { tolerance: 1e-16, denseLimit: 1500, polish: true, startNorm: 1, rng: randomFromSeed(5) };

const judged = async (objective: Objective<Float64Array>, at: readonly number[], more: Partial<typeof options> = {}) =>
  (await judgePoint(objective, objective.space.fromHost(Float64Array.from(at)), { ...options, ...more })).value.judged;

/** f(x) + y² from f, f′, f″. */
const valley = (f: readonly [(x: number) => number, (x: number) => number, (x: number) => number]): SmoothFunction => ({
  dim: 2,
  formula: 'f(x) + y²',
  value: ([x, y]) => f[0](x!) + y! * y!,
  gradient: ([x, y], out) => out.set([f[1](x!), 2 * y!]),
  hessianAt:
    ([x]) =>
    ([v, w], out) =>
      out.set([f[2](x!) * v!, 2 * w!]),
});

const exponential = valley([(x) => Math.exp(-x), (x) => -Math.exp(-x), (x) => Math.exp(-x)]);
const logistic = (x: number) => 1 / (1 + Math.exp(x));
const softplus = valley([(x) => Math.log1p(Math.exp(-x)), (x) => -logistic(x), (x) => logistic(x) * (1 - logistic(x))]);
const power = valley([(x) => 1 / x, (x) => -1 / x ** 2, (x) => 2 / x ** 3]);
const bell = valley([
  (x) => -Math.exp(-x * x),
  (x) => 2 * x * Math.exp(-x * x),
  (x) => (2 - 4 * x * x) * Math.exp(-x * x),
]);
const quartic = (at: number) => valley([(x) => (x - at) ** 4, (x) => 4 * (x - at) ** 3, (x) => 12 * (x - at) ** 2]);

describe('the verdict', () => {
  test('is at infinity on tails, however small ‖∇L‖ is, polished or not', async () => {
    for (const polish of [true, false]) {
      expect((await judged(closedFormObjective(exponential), [20, 1e-12], { polish })).verdict).toBe('atInfinity');
      expect((await judged(closedFormObjective(softplus), [19, 0], { polish })).verdict).toBe('atInfinity');
      expect((await judged(closedFormObjective(power), [2e4, 0], { polish })).verdict).toBe('atInfinity');
      expect((await judged(closedFormObjective(bell), [4.6, 0], { polish })).verdict).toBe('atInfinity');
    }
    // ‖∇L‖² is below the tolerance there: without the rule these would be called critical.
    expect((await judged(closedFormObjective(exponential), [20, 0])).gradientNormSquared).toBeLessThan(1e-16);
  });

  test('is critical at degenerate minima and saddles, approached from outside and inside', async () => {
    for (const x of [1e-4, -1e-4, 1e-3]) {
      for (const at of [0, 3, -3]) {
        const point = await judged(closedFormObjective(quartic(at)), [at + x, 0], { startNorm: 2 });
        expect(point.verdict).toBe('critical');
        expect(point.certified).toBe(false);
        expect(point.index).toMatchObject({ negative: 0, null: 1, positive: 1 });
      }
    }
    const monkey = await judged(surfaceObjective('monkeySaddle'), [1e-9, 2e-9]);
    expect(monkey.verdict).toBe('critical');
    expect(monkey.certified).toBe(false);
    expect((await judged(surfaceObjective('monkeySaddle'), [0, 0])).index).toMatchObject({ null: 2 });
  });

  test('beside a monkey saddle counts no sign that vanishes on the way: of two eigenvalues both are null', async () => {
    const { derivativeBounds: _, ...unbounded } = surfaceObjective('monkeySaddle');
    for (const objective of [surfaceObjective('monkeySaddle'), unbounded])
      for (const polish of [true, false])
        for (const turn of [0.1, 1, 2, 4]) {
          const at = [1e-8 * Math.cos(turn), 1e-8 * Math.sin(turn)];
          const point = await judged(objective, at, { polish });
          expect(point).toMatchObject({ verdict: 'critical', certified: false });
          expect(point.index).toMatchObject({ negative: 0, null: 2, positive: 0 });
        }
    // What is no critical point has the eigenvalues of H where it is: ±6ρ.
    const away = await judged(surfaceObjective('monkeySaddle'), [0.5, 0], { polish: false });
    expect(away.index).toMatchObject({ negative: 1, null: 0, positive: 1 });
  });

  test('is gradient-flat where ∇L lies in the kernel of H: x + x³ at 0, whatever y', async () => {
    const cubic = closedFormObjective(valley([(x) => x + x ** 3, (x) => 1 + 3 * x * x, (x) => 6 * x]));
    const flat = await judged(cubic, [0, 0.01]);
    expect(flat).toMatchObject({ verdict: 'gradientFlat', certified: false });
    expect(flat.residual).toBeCloseTo(1, 12);
    expect(flat.gradientNormSquared).toBeCloseTo(1, 12);
    // Away from there the range of H holds all of ∇L.
    const steep = await judged(cubic, [0.5, 0.01], { polish: false });
    expect(steep).toMatchObject({ verdict: 'notConverged' });
    expect(steep.residual).toBeLessThan(1e-12);
  });

  test('of a linear classifier of separable data is at infinity, of inseparable data critical', async () => {
    const x = [-2, -1.5, -1, 1, 1.2, 2.5];
    const logits = (labels: readonly number[]) =>
      mlpObjective(mlpFromWidths([1, 2], 'tanh'), {
        loss: 'softmaxCrossEntropy',
        data: {
          name: 'line',
          examples: 6,
          inputShape: [1],
          inputs: Float32Array.from(x),
          targets: { kind: 'classes', classes: 2, labels: Int32Array.from(labels) },
          source: 'made by hand',
        },
      });
    const separable = await judged(logits([0, 0, 0, 1, 1, 1]), [-10, 10, 0.1, -0.1]);
    expect(separable.gradientNormSquared).toBeLessThan(1e-16);
    expect(separable.verdict).toBe('atInfinity');
    const mixed = logits([0, 1, 0, 1, 0, 1]);
    let theta = Float64Array.of(-0.3, 0.3, 0, 0);
    for (let step = 0; step < 3000; step++) {
      const { gradient } = await mixed.gradient(theta);
      theta = theta.map((one, i) => one - 0.5 * gradient[i]!);
    }
    const found = await judged(mixed, Array.from(theta));
    // One slope and one offset count; adding the same to both logits changes nothing.
    expect(found).toMatchObject({ verdict: 'critical', certified: true, index: { negative: 0, null: 2, positive: 2 } });
    expect(found.zeroModes).toEqual({ count: 2, explained: 2, by: [{ symmetry: 'translation', directions: 2 }] });
  });

  test('of points that are no number is that nothing was found', async () => {
    const { value, status } = await judgePoint(
      closedFormObjective(exponential),
      Float64Array.of(Number.NaN, 0),
      options,
    );
    expect(status).toBe('notFinite');
    expect(value.judged).toMatchObject({ verdict: 'notConverged', certified: false, index: null, proof: null });
  });

  test('of a network whose units are saturated is at infinity, wherever its search began', async () => {
    // Newton's step leaves along 36 directions at once; on these starts it ends below the tolerance.
    const { objective } = tanhNetwork(1);
    for (const number of [3, 13]) {
      const rng = randomFromSeed(1).split(`start ${number}`);
      const start = rng.fill(new Float64Array(72), 'normal').map((x) => x * [0.3, 1, 2][number % 3]!);
      const { value: found } = await newtonPseudoInverse(objective, start, {
        ...{
          tolerance: 1e-16,
          maxIterations: defaultIterations['newton-pinv'],
          maxProducts: Number.POSITIVE_INFINITY,
          denseLimit: 100,
          rng,
        },
      });
      const point = await judged(objective, Array.from(found.theta), { startNorm: Math.hypot(...start) });
      expect(point.gradientNormSquared).toBeLessThan(1e-16);
      expect(point.norm).toBeGreaterThan(100 * Math.hypot(...start));
      expect(point).toMatchObject({ verdict: 'atInfinity', certified: false, proof: null });
    }
  });

  test('is critical far from a tiny start: degenerate minima, exact points and families that go on for ever', async () => {
    for (const at of [300, -300, 30])
      expect((await judged(closedFormObjective(quartic(at)), [at + 1e-4, 0])).verdict).toBe('critical');
    // y²: every x is a critical point.
    const trough = valley([() => 0, () => 0, () => 0]);
    expect((await judged(closedFormObjective(trough), [1e6, 1e-9], { startNorm: 0.1 })).verdict).toBe('critical');
    const { value } = await runSaddles(
      deepLinearObjective(deepLinearModel({ singularValues: [3, 1], hidden: 5 }, null)),
      new Float64Array(20),
      { from: 'random', starts: 6, finder: 'newton-mr', scales: '0.001,0.1,1' },
      { rng: randomFromSeed(5) },
    );
    expect(value.points.filter(({ verdict }) => verdict === 'atInfinity')).toEqual([]);
    expect(value.points.filter(({ verdict }) => verdict === 'critical').length).toBeGreaterThan(2);
  });
});
