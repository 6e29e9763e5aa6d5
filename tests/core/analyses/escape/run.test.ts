import { describe, expect, it } from 'vitest';
import { runEscape } from '../../../../core/analyses/escape/run.ts';
import { closedFormObjective } from '../../../../core/models/closed-form/closed-form-objective.ts';
import { surfaceObjective, surfaces } from '../../../../core/models/closed-form/surfaces.ts';
import { counted } from '../../../../core/objective/counted.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = () => randomFromSeed(7);

/** (x² − 1)² + y²/2: minima (±1, 0), a saddle at 0 with λ = −4 along x. */
const twoMinima = () =>
  closedFormObjective({
    dim: 2,
    formula: '(x² − 1)² + y²/2',
    value: ([x, y]) => (x! * x! - 1) ** 2 + (y! * y!) / 2,
    gradient: ([x, y], out) => out.set([4 * x! * (x! * x! - 1), y!]),
    hessianAt:
      ([x]) =>
      (v, out) =>
        out.set([(12 * x! * x! - 4) * v[0]!, v[1]!]),
  });

/** ½ ‖W₂W₁ − diag(s)‖² with W₁ h × n, then W₂ n × h; H v as the derivative of the gradient along v. */
function linearNet(s: readonly number[], h: number) {
  const n = s.length;
  const w1 = (t: Float64Array, k: number, j: number) => t[k * n + j]!;
  const w2 = (t: Float64Array, i: number, k: number) => t[h * n + i * h + k]!;
  /** a₂ b₁, n × n. */
  const product = (a: Float64Array, b: Float64Array) =>
    Float64Array.from({ length: n * n }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < h; k++) sum += w2(a, Math.floor(at / n), k) * w1(b, k, at % n);
      return sum;
    });
  const residual = (t: Float64Array) => product(t, t).map((x, at) => (at % (n + 1) === 0 ? x - s[at / (n + 1)]! : x));
  /** out += (t₂ᵀ E, E t₁ᵀ) */
  const add = (t: Float64Array, e: Float64Array, out: Float64Array) => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let k = 0; k < h; k++) {
          out[k * n + j]! += w2(t, i, k) * e[i * n + j]!;
          out[h * n + i * h + k]! += e[i * n + j]! * w1(t, k, j);
        }
  };
  return closedFormObjective({
    dim: 2 * n * h,
    formula: '½ ‖W₂W₁ − S‖²',
    value: (t) => residual(t).reduce((sum, x) => sum + (x * x) / 2, 0),
    gradient: (t, out) => add(t, residual(t), out.fill(0)),
    hessianAt: (t) => (v, out) => {
      const change = product(v, t);
      const other = product(t, v);
      add(v, residual(t), out.fill(0));
      add(
        t,
        change.map((x, at) => x + other[at]!),
        out,
      );
    },
  });
}

const falls = (losses: Float64Array) => losses.every((loss, i) => i === 0 || loss <= losses[i - 1]!);

describe('escapes from saddles', () => {
  it('of two minima end at either, from where they should start', async () => {
    const { value, status } = await runEscape(twoMinima(), new Float64Array(2), { offset: 0.01 }, { rng: rng() });
    expect(status).toBe('converged');
    expect(value).toMatchObject({ loss: 1, negativeFound: 1, offset: 0.01 });
    expect(value.paths.map(({ direction, sign }) => [direction, sign])).toEqual([
      [0, 1],
      [0, -1],
    ]);
    expect(value.ends.map(([x]) => Math.sign(x!)).sort()).toEqual([-1, 1]);
    for (const [i, { eigenvalue, residual, losses, steps, distances, end }] of value.paths.entries()) {
      expect(Math.abs(eigenvalue + 4)).toBeLessThan(1e-12);
      expect(residual).toBeLessThan(1e-12);
      // (1 − 0.01²)²
      expect(losses[0]).toBeCloseTo((1 - 1e-4) ** 2, 12);
      expect([steps[0], steps.at(-1)]).toEqual([0, end.steps]);
      expect(distances[0]).toBeCloseTo(0.01, 14);
      expect(distances.at(-1)).toBeCloseTo(1, 8);
      expect(falls(losses)).toBe(true);
      expect(end.kind).toBe('minimum');
      // H = diag(8, 1) at the minima.
      expect(Math.abs(end.lowest!.value - 1)).toBeLessThan(1e-8);
      expect(Math.abs(Math.abs(value.ends[i]![0]!) - 1)).toBeLessThan(1e-8);
    }
    expect(value.sentence).toBe('Of 2 descents along negative directions, 2 at a minimum.');
  });

  it.each(['himmelblau', 'sixHumpCamel'] as const)('from every saddle of %s end at its known minima', async (name) => {
    const { criticalPoints } = surfaces[name]!;
    const objective = surfaceObjective(name);
    for (const { x, y, index } of criticalPoints.filter((point) => point.index > 0)) {
      const { value, status } = await runEscape(objective, Float64Array.of(x, y), {}, { rng: rng() });
      expect(status).toBe('converged');
      expect(value.negativeFound).toBe(index);
      expect(value.paths.length).toBe(2 * index);
      for (const [i, { losses, end }] of value.paths.entries()) {
        expect(falls(losses)).toBe(true);
        expect(end.loss).toBeLessThan(value.loss);
        if (index === 1) expect(end.kind).toBe('minimum');
        const ends = criticalPoints.filter((point) => (end.kind === 'minimum' ? point.index === 0 : point.index === 1));
        const [atX, atY] = value.ends[i]!;
        const nearest = Math.min(...ends.map((one) => Math.hypot(one.x - atX!, one.y - atY!)));
        expect(nearest).toBeLessThan(1e-6);
      }
      // The two sides of a saddle of two variables lie in two basins here.
      if (index === 1) {
        const [one, other] = value.ends;
        expect(Math.hypot(one![0]! - other![0]!, one![1]! - other![1]!)).toBeGreaterThan(0.1);
      }
    }
  });

  it('of a linear net leave the origin for the plateau where the first mode is learnt', async () => {
    // At 0 the Hessian has ±s_j, h times each. Along an eigenvector of −s₁ descent stays in the balanced mode 1, ends where
    // W₂W₁ = s₁u₁v₁ᵀ with the loss ½ Σ_{j ≥ 2} s_j², and there the most negative eigenvalue is −s₂ (mode 2, free unit).
    const [s, h] = [[4, 3, 2, 1], 2];
    const { value, status } = await runEscape(linearNet(s, h), new Float64Array(16), { directions: 2 }, { rng: rng() });
    expect(status).toBe('converged');
    expect(value.loss).toBe(15);
    expect(value.negativeFound).toBe(8);
    expect(value.paths.length).toBe(4);
    for (const { eigenvalue, end, losses } of value.paths) {
      expect(eigenvalue).toBeCloseTo(-4, 12);
      expect(falls(losses)).toBe(true);
      expect(end.loss).toBeCloseTo(7, 10);
      expect(end.kind).toBe('saddle');
      expect(Math.abs(end.lowest!.value + 3)).toBeLessThan(1e-6);
    }
    expect(value.sentence).toContain('4 at another saddle');
  });

  it('above the size of dense matrices are the same by Lanczos', async () => {
    // Σ cᵢxᵢ² with one negative c, bounded by x₀⁴: minima at x₀ = ±1, loss −1.
    const dim = 260;
    const c = (i: number) => (i === 0 ? -2 : 0.5 + (2 * i) / dim);
    const objective = closedFormObjective({
      dim,
      formula: 'x₀⁴ + Σ cᵢxᵢ²',
      value: (t) => t.reduce((sum, x, i) => sum + c(i) * x * x, t[0]! ** 4),
      gradient: (t, out) => {
        for (let i = 0; i < dim; i++) out[i] = 2 * c(i) * t[i]! + (i === 0 ? 4 * t[0]! ** 3 : 0);
      },
      hessianAt: (t) => (v, out) => {
        for (let i = 0; i < dim; i++) out[i] = (2 * c(i) + (i === 0 ? 12 * t[0]! ** 2 : 0)) * v[i]!;
      },
    });
    const { value, status } = await runEscape(objective, new Float64Array(dim), {}, { rng: rng() });
    expect(status).toBe('converged');
    expect(value.negativeFound).toBe(1);
    for (const { eigenvalue, residual, end } of value.paths) {
      expect(Math.abs(eigenvalue + 4)).toBeLessThanOrEqual(residual + 1e-12);
      expect(end.loss).toBeCloseTo(-1, 10);
      expect(end.kind).toBe('minimum');
    }
  });

  it('have coordinates on directions that are neither orthogonal nor of unit length', async () => {
    const onto = [Float64Array.of(2, 0), Float64Array.of(1, 3)];
    const origin = Float64Array.of(0.5, -0.25);
    const { value } = await runEscape(
      surfaceObjective('himmelblau'),
      himmelblauSaddle,
      {},
      { rng: rng(), onto, origin },
    );
    for (const [i, { coordinates, distances }] of value.paths.entries()) {
      const [a, b] = coordinates.map((values) => values.at(-1)!) as [number, number];
      expect(origin[0]! + 2 * a + b).toBeCloseTo(value.ends[i]![0]!, 12);
      expect(origin[1]! + 3 * b).toBeCloseTo(value.ends[i]![1]!, 12);
      expect(coordinates.map(({ length }) => length)).toEqual([distances.length, distances.length]);
    }
    const parallel = [Float64Array.of(1, 1), Float64Array.of(2, 2)];
    await expect(
      runEscape(surfaceObjective('himmelblau'), himmelblauSaddle, {}, { rng: rng(), onto: parallel }),
    ).rejects.toThrow('Direction 1 lies in the span of the others.');
  });

  it('from a place with a slope say so, with the square of its length', async () => {
    // 5x² − y² at (1, 0.5): ∇L = (10, −1).
    const from = Float64Array.of(1, 0.5);
    const { value } = await runEscape(surfaceObjective('saddle'), from, { steps: 5 }, { rng: rng() });
    expect(value.gradientNormSquared).toBeCloseTo(101, 10);
    expect(value.sentence).toContain('no critical point to this tolerance: ‖∇L‖² = 1.0e+2 there');
    const still = await runEscape(surfaceObjective('saddle'), new Float64Array(2), { steps: 5 }, { rng: rng() });
    expect(still.value.gradientNormSquared).toBe(0);
    expect(still.value.sentence).not.toContain('no critical point');
  });

  it('do not exist where nothing curves downwards, and that is said', async () => {
    const at = Float64Array.of(3, 2);
    const { value, status } = await runEscape(surfaceObjective('himmelblau'), at, {}, { rng: rng() });
    expect(status).toBe('converged');
    expect(value).toMatchObject({ negativeFound: 0, paths: [], ends: [] });
    expect(value.sentence).toContain('No direction leaves this point downhill to second order');
    // H = 2 JᵀJ of the two residuals at (3, 2), whose lowest eigenvalue is 25.7….
    expect(value.lowest!.value).toBeCloseTo(54 - Math.sqrt(20 ** 2 + 20 ** 2), 8);
  });

  it('of the monkey saddle do not exist either: its Hessian vanishes', async () => {
    const { value } = await runEscape(surfaceObjective('monkeySaddle'), new Float64Array(2), {}, { rng: rng() });
    expect(value.paths).toEqual([]);
    expect(value.sentence).toContain('to second order');
  });

  it('that go to infinity are told to be moving still', async () => {
    const { value, status } = await runEscape(
      surfaceObjective('saddle'),
      new Float64Array(2),
      { steps: 50 },
      { rng: rng() },
    );
    expect(status).toBe('budgetSpent');
    expect(value.paths.map(({ end }) => [end.kind, end.steps])).toEqual([
      ['moving', 50],
      ['moving', 50],
    ]);
  });

  it('count what they spend, leave θ as it was, and stop when they are told to', async () => {
    const objective = counted(surfaceObjective('himmelblau'));
    const theta = himmelblauSaddle.slice();
    const { stats } = await runEscape(objective, theta, {}, { rng: rng() });
    expect({ ...objective.counts }).toEqual({
      products: stats.products,
      gradients: stats.gradients,
      losses: stats.losses,
    });
    expect(theta).toEqual(himmelblauSaddle);
    const signal = { aborted: false };
    const { value, status } = await runEscape(
      objective,
      theta,
      {},
      {
        rng: rng(),
        signal,
        onProgress: ({ unit, done }) => {
          signal.aborted = unit === 'gradients' && done >= 5;
        },
      },
    );
    expect(status).toBe('cancelled');
    expect(value.paths.map(({ end }) => [end.kind, end.steps, end.lowest])).toEqual([['moving', 5, null]]);
  });

  it('keep 300 points of a long path, with its fall', async () => {
    // A valley that is 2,000 times flatter than steep.
    const objective = closedFormObjective({
      dim: 2,
      formula: '(x² − 1)² + ½·4000 (y − x²)²',
      value: ([x, y]) => (x! * x! - 1) ** 2 + 2000 * (y! - x! * x!) ** 2,
      gradient: ([x, y], out) => out.set([4 * x! * (x! * x! - 1) - 8000 * x! * (y! - x! * x!), 4000 * (y! - x! * x!)]),
      hessianAt:
        ([x, y]) =>
        (v, out) => {
          const [xx, xy] = [12 * x! * x! - 4 - 8000 * y! + 24000 * x! * x!, -8000 * x!];
          out.set([xx * v[0]! + xy * v[1]!, xy * v[0]! + 4000 * v[1]!]);
        },
    });
    const { value } = await runEscape(objective, new Float64Array(2), { steps: 20_000 }, { rng: rng() });
    for (const { losses, steps, distances, end } of value.paths) {
      expect(end.steps).toBeGreaterThan(1000);
      expect(losses.length).toBeLessThanOrEqual(300);
      expect(losses.length).toBeGreaterThan(150);
      expect(steps.at(-1)).toBe(end.steps);
      for (let i = 1; i < steps.length; i++) {
        expect(steps[i]!).toBeGreaterThan(steps[i - 1]!);
        // Neither way nor fall is ever missed by more than a part in forty.
        expect(Math.abs(distances[i]! - distances[i - 1]!)).toBeLessThan(2 / 40);
        expect(losses[i - 1]! - losses[i]!).toBeLessThan(1 / 40);
      }
    }
  });
});

const himmelblauSaddle = Float64Array.of(3.385154183607021, 0.07385187983774928);
