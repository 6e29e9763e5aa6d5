import { describe, expect, it } from 'vitest';
import { filterScales } from '../../../../core/analyses/structure/element-scales.ts';
import { exactSpectralNumbers } from '../../../../core/analyses/structure/exact.ts';
import { noiseSharpness } from '../../../../core/analyses/structure/noise-sharpness.ts';
import { runStructure } from '../../../../core/analyses/structure/run.ts';
import type { SharpnessMeasure } from '../../../../core/analyses/structure/structure.ts';
import { worstInBall } from '../../../../core/analyses/structure/worst-in-ball.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { parameterLayout } from '../../../../core/objective/parameter-layout.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import { dot } from '../../../support/vectors.ts';
import { smallNetwork } from './small-networks.ts';

const context = (seed = 1) => ({ rng: randomFromSeed(seed) });
const given = { part: 'sharpness', residualTol: 1e-11 } as const;
const named = (list: readonly SharpnessMeasure[] | null, name: string) => list!.find((one) => one.name === name)!;

describe('scale-invariant sharpness', () => {
  const { objective, theta } = smallNetwork([4, 6, 3], { activation: 'relu', examples: 30 });
  /** The first layer (24 + 6 entries) times α, the kernel of the second (18) by 1/α: the same function. */
  const rescaled = (alpha: number) =>
    theta.map((entry, i) => (i < 30 ? alpha * entry : i < 48 ? entry / alpha : entry));

  it.each([4, 0.25])(
    'is the same for a ReLU layer times %s and the next divided by it; λ_max is not',
    async (alpha) => {
      const before = (await runStructure(objective, theta, given, context())).value;
      const after = (await runStructure(objective, rescaled(alpha), given, context())).value;
      expect(after.loss).toBeCloseTo(before.loss, 13);
      for (const measure of before.sharpness!) {
        const other = named(after.sharpness, measure.name);
        const change = Math.abs(other.value / measure.value - 1);
        if (measure.scaleInvariant) expect(change, measure.name).toBeLessThan(1e-10);
        else if (measure.certificate === 'residual') expect(change, measure.name).toBeGreaterThan(0.1);
      }
      expect(before.sharpness!.filter(({ scaleInvariant }) => scaleInvariant).map(({ name }) => name)).toEqual([
        'adaptive, by elements',
        'adaptive, by filters',
        'ASAM, one step',
        'ASAM, worst case',
        'ASAM, predicted to second order',
      ]);
    },
  );

  it('is that of the dense matrix', async () => {
    const exact = await exactSpectralNumbers(objective, theta);
    const { sharpness } = (await runStructure(objective, theta, given, context())).value;
    const pairs = [
      ['largest eigenvalue', exact.eigenvalues[0]!],
      ['adaptive, by elements', exact.adaptiveByElements],
      ['adaptive, by filters', exact.adaptiveByFilters],
      ['times the norm of the weights', dot(theta, theta) * exact.eigenvalues[0]!],
    ] as const;
    for (const [name, truth] of pairs)
      expect(Math.abs(named(sharpness, name).value - truth), name).toBeLessThanOrEqual(
        1e-13 * truth + named(sharpness, name).error,
      );
  });

  it('takes the norm of a filter along its axis, and elements where there is none', () => {
    const layout = parameterLayout([
      { name: 'kernel', layer: 'a', role: 'kernel', shape: [2, 2], filterAxis: 1 },
      { name: 'first', layer: 'b', role: 'kernel', shape: [2, 2], filterAxis: 0 },
      { name: 'bias', layer: 'a', role: 'bias', shape: [2], filterAxis: null },
    ]);
    const theta = Float64Array.of(3, 5, 4, 12, 3, 4, 5, 12, -7, 2);
    expect(Array.from(filterScales(theta, layout))).toEqual([5, 13, 5, 13, 5, 5, 13, 13, 7, 2]);
  });
});

/** max gᵀε + ½ εᵀAε over ‖ε‖ ≤ ρ for diagonal A, from (μ − A) ε = g, ‖ε‖ = ρ, μ ≥ λ_max: the trust-region problem. */
function trustRegionRise(a: Float64Array, g: Float64Array, radius: number): number {
  const length = (mu: number) => Math.hypot(...g.map((entry, i) => entry / (mu - a[i]!)));
  let low = Math.max(0, ...a);
  let high = low + 1;
  while (length(high) > radius) high = low + 2 * (high - low);
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (length(middle) > radius) low = middle;
    else high = middle;
  }
  const epsilon = g.map((entry, i) => entry / (high - a[i]!));
  return (
    dot(g, epsilon) +
    0.5 *
      dot(
        epsilon,
        a.map((one, i) => one * epsilon[i]!),
      )
  );
}

describe('the worst loss in a ball', () => {
  it.each([
    ['convex', [5, 4, 1, 0.5, 0.1]],
    ['indefinite', [5, 4, 1, -3, -20]],
    ['concave', [-1, -2, -3]],
  ])('on a quadratic that is %s is the solution of the trust-region problem', async (_, spectrum) => {
    const a = Float64Array.from(spectrum);
    const objective = quadraticObjective(a);
    const theta = Float64Array.from(a, (__, i) => 0.1 + 0.05 * i);
    const g = a.map((one, i) => one * theta[i]!);
    for (const radius of [0.01, 0.1]) {
      const options = { radius, scales: null, directions: [], steps: 200 };
      const { worst, centre, oneStep, alignment } = await worstInBall(objective, theta, options);
      const exact = trustRegionRise(a, g, radius);
      expect(worst - centre).toBeLessThanOrEqual(exact + 1e-14);
      expect(worst - centre).toBeGreaterThan((1 - 1e-9) * exact);
      expect(alignment).toBeCloseTo(1, 6);
      const length = Math.sqrt(dot(g, g));
      const step =
        radius * length +
        0.5 *
          (radius / length) ** 2 *
          dot(
            g,
            g.map((entry, i) => a[i]! * entry),
          );
      expect(oneStep! - centre).toBeCloseTo(step, 14);
    }
  });

  it('at a minimum takes the leading eigenvector: ½ρ²λ_max, where a step along the gradient has no direction', async () => {
    const objective = quadraticObjective(withSpectrum([7, 3, 1, 0.2], 8));
    const { value } = await runStructure(objective, new Float64Array(4), { ...given, radius: 0.2 }, context());
    expect(named(value.sharpness, 'SAM, worst case').value).toBeCloseTo(0.5 * 0.04 * 7, 12);
    expect(named(value.sharpness, 'SAM, predicted to second order').value).toBeCloseTo(0.5 * 0.04 * 7, 12);
    expect(named(value.sharpness, 'SAM, one step')).toBeUndefined();
    expect(value.notices.join()).toContain('The gradient is zero');
  });

  it('in the metric of |θ| is that of the rescaled quadratic', async () => {
    const a = Float64Array.of(5, 4, 1, 0.5);
    const theta = Float64Array.of(0.5, -1, 2, 0.1);
    const d = theta.map(Math.abs);
    const { value } = await runStructure(quadraticObjective(a), theta, { ...given, ascentSteps: 200 }, context());
    const exact = trustRegionRise(
      a.map((one, i) => one * d[i]! ** 2),
      a.map((one, i) => one * theta[i]! * d[i]!),
      0.5,
    );
    const measure = named(value.sharpness, 'ASAM, worst case');
    expect(measure.value).toBeCloseTo(exact, 9);
    expect(measure.certificate).toBe('lowerBound');
    expect(named(value.sharpness, 'ASAM, predicted to second order').value).toBeGreaterThanOrEqual(exact);
  });
});

describe('the average loss under noise', () => {
  const spectrum = [5, 3, 1, 0.5, -0.5, -1];
  const objective = quadraticObjective(withSpectrum(spectrum, 6));
  const theta = Float64Array.of(1, 2, 3, 4, 5, 6);

  it('on a quadratic is ½σ² tr A, and the trace tr A, within their 95 % intervals for 36 of 40 seeds or more', async () => {
    const truth = 0.5 * 0.01 ** 2 * spectrum.reduce((a, b) => a + b);
    let covered = 0;
    let traces = 0;
    for (let seed = 0; seed < 40; seed++) {
      const quick = { part: 'sharpness', noise: 0.01, noiseDraws: 20, ascentSteps: 1, traceProbes: 10 };
      const { value } = await runStructure(objective, theta, quick, context(seed));
      const { interval95 } = named(value.sharpness, 'average over noise');
      if (interval95![0] <= truth && truth <= interval95![1]) covered++;
      const [low, high] = named(value.sharpness, 'trace').interval95!;
      if (low <= 8 && 8 <= high) traces++;
    }
    expect(covered).toBeGreaterThanOrEqual(36);
    expect(traces).toBeGreaterThanOrEqual(36);
  });

  it('has no part of the slope: pairs ±ε cancel it', async () => {
    const options = { sigma: 1e-4, draws: 50, rng: randomFromSeed(1) };
    const { value, standardError } = await noiseSharpness(objective, theta, options);
    // The slope alone would spread single draws by σ‖g‖ ≈ 1e-3.
    expect(standardError).toBeLessThan(1e-7);
    expect(value).toBeLessThan(1e-6);
  });
});
