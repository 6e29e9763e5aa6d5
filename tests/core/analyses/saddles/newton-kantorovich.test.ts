import { describe, expect, test } from 'vitest';
import { judgePoint } from '../../../../core/analyses/saddles/judge.ts';
import type { JudgedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import { exactCriticalPoints } from '../../../../core/models/closed-form/deep-linear/critical-points.ts';
import { deepLinearObjective } from '../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import { deepLinearModel, thetaOfMatrices } from '../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { surfaceObjective, surfaces } from '../../../../core/models/closed-form/surfaces.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(17);
const norm = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));

async function judged(
  objective: Objective<Float64Array>,
  theta: Float64Array,
  { tolerance = 1e-16, polish = true } = {},
): Promise<JudgedPoint & { theta: Float64Array }> {
  const options = { tolerance, polish, denseLimit: 1500, startNorm: 1, rng };
  const { value } = await judgePoint(objective, objective.space.fromHost(theta), options);
  return { ...value.judged, theta: value.theta };
}

const singularValues = [4, 3, 2, 1];
const model = (hidden: number) => deepLinearModel({ singularValues, hidden }, null);

/** W₁ = A diag(√s_Γ), W₂ = diag(√s_Γ) A⁻¹ with an invertible A: a critical point that need not be balanced. */
function criticalTheta(hidden: number, modes: readonly number[], turn: number): Float64Array {
  const n = singularValues.length;
  const w1 = { rows: hidden, columns: n, data: new Float64Array(hidden * n) };
  const w2 = { rows: n, columns: hidden, data: new Float64Array(n * hidden) };
  modes.forEach((mode, k) => {
    // Unit k carries the mode, stretched by `turn` …
    const root = Math.sqrt(singularValues[mode - 1]!);
    w1.data[k * n + mode - 1] = root * turn;
    w2.data[(mode - 1) * hidden + k] = root / turn;
  });
  // … and is sheared into the first unit: A = 1 + (turn − 1) E₁ₖ.
  for (let k = 1; k < hidden; k++) {
    for (let j = 0; j < n; j++) {
      w1.data[j]! += (turn - 1) * w1.data[k * n + j]!;
      w2.data[j * hidden + k]! -= (turn - 1) * w2.data[j * hidden]!;
    }
  }
  return thetaOfMatrices(model(hidden), [w1, w2]);
}

describe('a proof of a critical point of a two-layer linear network', () => {
  test('exists at every exact critical set, with the index of the formula, all zeros explained by the mixing of units', async () => {
    for (const hidden of [2, 3]) {
      const objective = deepLinearObjective(model(hidden));
      for (const set of exactCriticalPoints(singularValues, hidden)) {
        for (const turn of [1, 1.7]) {
          const exact = criticalTheta(hidden, set.modes, turn);
          const near = exact.map((x) => x + 1e-7 * rng.normal());
          const point = await judged(objective, near);
          expect(point).toMatchObject({ verdict: 'critical', certified: true });
          expect(point.loss).toBeCloseTo(set.loss, 12);
          const { negative, positive } = set;
          expect(point.index).toMatchObject({ negative, null: set.null, positive });
          const r = set.modes.length;
          const zeros = r * r + 2 * r * (hidden - r);
          const by = zeros > 0 ? [{ symmetry: 'linear mixing', directions: zeros }] : [];
          expect(point.zeroModes).toEqual({ count: zeros, explained: zeros, by });
          expect(point.proof).toMatchObject({ indexIsExact: true, symmetryDirections: zeros });
          expect(point.proof!.radius).toBeLessThan(1e-10);
        }
      }
    }
  });

  test('of three matrices at a minimum and a saddle, too', async () => {
    const deep = deepLinearModel({ singularValues: [2, 1], hidden: [2, 2] }, null);
    const cube = (a: number, b: number) => {
      const data = Float64Array.of(Math.cbrt(a), 0, 0, Math.cbrt(b));
      const matrix = { rows: 2, columns: 2, data };
      return thetaOfMatrices(deep, [matrix, matrix, matrix]);
    };
    const objective = deepLinearObjective(deep);
    const minimum = await judged(
      objective,
      cube(2, 1).map((x) => x + 1e-8 * rng.normal()),
    );
    // Two hidden layers of two units, each with GL(2).
    expect(minimum).toMatchObject({ certified: true, index: { negative: 0, null: 8, positive: 4 } });
    // Without the second mode the Hessian is zero along more directions than symmetries make: no proof.
    const plateau = await judged(objective, cube(2, 0));
    expect(plateau.verdict).toBe('critical');
    expect(plateau.zeroModes!.count).toBeGreaterThan(plateau.zeroModes!.explained);
    expect(plateau.certified).toBe(false);
  });

  test('has a radius that holds a true critical point: of many trials with a known distance, one by one', async () => {
    // On one unit and one mode the set is w₁w₂ = s; its points nearest to θ are known by Newton on a single number.
    const objective = deepLinearObjective(deepLinearModel({ singularValues: [2], hidden: 1 }, null));
    let proved = 0;
    for (let trial = 0; trial < 200; trial++) {
      const u = Math.exp(rng.uniform() - 0.5) * Math.SQRT2;
      const size = 10 ** (-6 * rng.uniform() - 0.5);
      const theta = Float64Array.of(u, 2 / u).map((x) => x + size * rng.normal());
      const { proof } = await judged(objective, theta, { tolerance: 1, polish: false });
      if (!proof || proof.radius === null) continue;
      proved++;
      expect(distanceToHyperbola(theta[0]!, theta[1]!, 2)).toBeLessThanOrEqual(proof.radius);
    }
    expect(proved).toBeGreaterThan(120);
  });
});

/** Distance of (x, y) to uv = c on the branch of positive u: least over a fine search with golden sections. */
function distanceToHyperbola(x: number, y: number, c: number): number {
  const at = (u: number) => Math.hypot(x - u, y - c / u);
  let [low, high] = [0.3 * x, 3 * x];
  for (let i = 0; i < 200; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (at(a) < at(b)) high = b;
    else low = a;
  }
  return at((low + high) / 2);
}

describe('a proof of a critical point of a network with a curved activation', () => {
  test('exists at a regular minimum, and its radius from nearby points holds that minimum', async () => {
    const description = mlpFromWidths([2, 1, 2], 'sigmoid');
    const inputs = rng.fill(new Float32Array(60), 'normal');
    // A teacher of the same kind with noise, so that the minimum is neither flat nor at infinity.
    const values = Float32Array.from({ length: 60 }, (_, at) => {
      const [x, y] = inputs.subarray(2 * Math.floor(at / 2));
      return (at % 2 ? 2 : -1) / (1 + Math.exp(-x! - 0.5 * y!)) + 0.1 * rng.normal();
    });
    const targets = { kind: 'values' as const, width: 2, values };
    const data = { name: 'drawn', examples: 30, inputShape: [2], inputs, targets, source: 'drawn' };
    const objective = mlpObjective(description, { data, loss: 'halfSquaredError' });
    let theta: Float64Array = Float64Array.of(1, 0.5, 0, -1, 2, 0, 0);
    for (let step = 0; step < 4000; step++) {
      const { gradient } = await objective.gradient(theta);
      theta = theta.map((x, i) => x - gradient[i]!);
      objective.space.release(gradient);
    }
    // Newton from there: each judgement polishes as far as it may go.
    for (let round = 0; round < 5; round++) theta = (await judged(objective, theta)).theta;
    const minimum = await judged(objective, theta);
    expect(minimum).toMatchObject({
      verdict: 'critical',
      certified: true,
      index: { negative: 0, null: 0, positive: 7 },
    });
    let [proved, refused] = [0, 0];
    for (let trial = 0; trial < 60; trial++) {
      const size = 10 ** (-11 + 10 * rng.uniform());
      const move = rng.fill(new Float64Array(7), 'sphere');
      const near = minimum.theta.map((x, i) => x + size * move[i]!);
      const { proof } = await judged(objective, near, { tolerance: 1, polish: false });
      if (!proof || proof.radius === null) refused++;
      else {
        proved++;
        expect(proof.radius + minimum.proof!.radius!).toBeGreaterThanOrEqual(size);
      }
    }
    expect(proved).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(5);
  });
});

describe('a proof on a surface', () => {
  test('exists at every listed critical point, with its index, and its radius holds that point', async () => {
    for (const [name, { criticalPoints }] of Object.entries(surfaces)) {
      const objective = surfaceObjective(name);
      for (const { x, y, index, nullity } of criticalPoints.slice(0, 12)) {
        const point = await judged(objective, Float64Array.of(x + 1e-6, y - 1e-6));
        expect(point.certified, name).toBe(nullity === 0);
        if (nullity > 0) continue;
        expect(point.index).toMatchObject({ negative: index, null: 0, positive: 2 - index });
        // The table has 16 digits.
        expect(Math.hypot(point.theta[0]! - x, point.theta[1]! - y)).toBeLessThanOrEqual(
          point.proof!.radius! + 4e-15 * norm([x, y]),
        );
      }
    }
  });

  test('from far off holds the true point whenever there is one, over many random points', async () => {
    let [proved, refused] = [0, 0];
    for (const name of ['himmelblau', 'sixHumpCamel', 'rosenbrock', 'rastrigin', 'beale']) {
      const objective = surfaceObjective(name);
      const { criticalPoints } = surfaces[name]!;
      for (let trial = 0; trial < 60; trial++) {
        const near = criticalPoints[rng.integer(criticalPoints.length)]!;
        const size = 10 ** (-5 * rng.uniform());
        const theta = Float64Array.of(near.x + size * rng.normal(), near.y + size * rng.normal());
        const { proof } = await judged(objective, theta, { tolerance: 1e9, polish: false });
        if (!proof || proof.radius === null) {
          refused++;
          continue;
        }
        proved++;
        const distances = criticalPoints.map(({ x, y }) => Math.hypot(theta[0]! - x, theta[1]! - y));
        expect(Math.min(...distances)).toBeLessThanOrEqual(proof.radius + 1e-14 * norm(theta));
        if (!proof.indexIsExact) continue;
        const { index } = criticalPoints[distances.indexOf(Math.min(...distances))]!;
        expect((await judged(objective, theta, { tolerance: 1e9, polish: false })).index!.negative).toBe(index);
      }
    }
    expect(proved).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(20);
  });

  test('is refused where h > ½, and without a bound of the third derivatives', async () => {
    const objective = surfaceObjective('himmelblau');
    const far = await judged(objective, Float64Array.of(3.3, 2.4), { tolerance: 1e9, polish: false });
    expect(far.verdict).toBe('critical');
    expect(far.proof!.h).toBeGreaterThan(0.5);
    expect(far).toMatchObject({ certified: false, proof: { radius: null, indexIsExact: false } });
    const { derivativeBounds: _, ...silent } = objective;
    expect(await judged(silent, Float64Array.of(3, 2))).toMatchObject({
      verdict: 'critical',
      certified: false,
      proof: null,
    });
  });

  test('is refused where an eigenvalue is no farther from zero than what is known of it', async () => {
    const objective = quadraticObjective(Float64Array.of(2, -1e-3));
    const withBounds = (hessianLipschitz: number): Objective<Float64Array> => ({
      ...objective,
      derivativeBounds: () => ({ hessianLipschitz, gradientRounding: 4e-4, hessianRounding: 0 }),
    });
    // β = 0.4, κ = 1000: h = 400 ℓ, and b = ℓ · radius.
    const plain = await judged(withBounds(1e-9), Float64Array.of(0, 0));
    expect(plain).toMatchObject({ certified: true, index: { negative: 1, null: 0, positive: 1 } });
    const crossed = await judged(
      { ...objective, derivativeBounds: () => ({ hessianLipschitz: 0, gradientRounding: 0, hessianRounding: 1.1e-3 }) },
      Float64Array.of(0, 0),
    );
    expect(crossed).toMatchObject({ verdict: 'critical', certified: false, proof: null });
    const open = await judged(withBounds(2e-3), Float64Array.of(0, 0));
    expect(open).toMatchObject({ certified: false, proof: { radius: null, indexIsExact: false } });
  });
});
