import { describe, expect, test } from 'vitest';
import type { Surface } from '../../../../core/models/closed-form/surface.ts';
import { surfaceObjective, surfaces } from '../../../../core/models/closed-form/surfaces.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rows = Object.entries(surfaces);

/** Points of the domain, drawn uniformly. */
function pointsOf({ domain }: Surface, count: number): [number, number][] {
  const rng = randomFromSeed(11);
  const between = ([low, high]: readonly [number, number]) => low + (high - low) * rng.uniform();
  return Array.from({ length: count }, () => [between(domain.x), between(domain.y)]);
}

/**
 * How often the gradient turns round along the border of the domain: by Poincaré and Hopf the sum of (−1)^index over the
 * critical points inside, with the degree of a degenerate one in its place.
 */
function windingNumber({ domain, gradient }: Surface): number {
  const [[left, right], [bottom, top]] = [domain.x, domain.y];
  const corners = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
    [left, bottom],
  ] as const;
  let angle = 0;
  let [gx, gy] = gradient(left, bottom);
  const steps = 20_000;
  for (let side = 0; side < 4; side++) {
    const [[x0, y0], [x1, y1]] = [corners[side]!, corners[side + 1]!];
    for (let k = 1; k <= steps; k++) {
      const [hx, hy] = gradient(x0 + ((x1 - x0) * k) / steps, y0 + ((y1 - y0) * k) / steps);
      angle += Math.atan2(gx * hy - gy * hx, gx * hx + gy * hy);
      [gx, gy] = [hx, hy];
    }
  }
  return angle / (2 * Math.PI);
}

function eigenvalues([xx, xy, yy]: readonly [number, number, number]): [number, number] {
  const [mean, radius] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  return [mean - radius, mean + radius];
}

describe.each(rows)('the surface %s', (name, surface) => {
  const scaleOf = (x: number, y: number) => 1 + Math.abs(surface.value(x, y));

  test('has the gradient that differences of its values give', () => {
    const step = 1e-5;
    for (const [x, y] of pointsOf(surface, 50)) {
      const [gx, gy] = surface.gradient(x, y);
      const dx = (surface.value(x + step, y) - surface.value(x - step, y)) / (2 * step);
      const dy = (surface.value(x, y + step) - surface.value(x, y - step)) / (2 * step);
      expect(Math.abs(dx - gx) / scaleOf(x, y)).toBeLessThan(1e-6);
      expect(Math.abs(dy - gy) / scaleOf(x, y)).toBeLessThan(1e-6);
    }
  });

  test('has the Hessian that differences of its gradient give', () => {
    const step = 1e-5;
    for (const [x, y] of pointsOf(surface, 50)) {
      const [xx, xy, yy] = surface.hessian(x, y);
      const [east, west] = [surface.gradient(x + step, y), surface.gradient(x - step, y)];
      const [north, south] = [surface.gradient(x, y + step), surface.gradient(x, y - step)];
      const size = 1 + Math.abs(xx) + Math.abs(xy) + Math.abs(yy);
      expect(Math.abs((east[0] - west[0]) / (2 * step) - xx) / size).toBeLessThan(1e-6);
      expect(Math.abs((east[1] - west[1]) / (2 * step) - xy) / size).toBeLessThan(1e-6);
      expect(Math.abs((north[0] - south[0]) / (2 * step) - xy) / size).toBeLessThan(1e-6);
      expect(Math.abs((north[1] - south[1]) / (2 * step) - yy) / size).toBeLessThan(1e-6);
    }
  });

  test('lists critical points whose gradient vanishes and whose index is that of the Hessian', () => {
    for (const { x, y, index, nullity } of surface.criticalPoints) {
      const values = eigenvalues(surface.hessian(x, y));
      const size = Math.max(1, ...values.map(Math.abs));
      expect(Math.hypot(...surface.gradient(x, y)) / size).toBeLessThan(1e-14);
      expect(values.filter((value) => Math.abs(value) <= 1e-7 * size)).toHaveLength(nullity);
      expect(values.filter((value) => value < -1e-7 * size)).toHaveLength(index);
    }
  });

  test('lists all critical points of its domain: their signs add up to the turns of the gradient along the border', () => {
    const inside = surface.criticalPoints.filter(({ nullity }) => nullity === 0);
    const sum = inside.reduce((total, { index }) => total + (index % 2 === 0 ? 1 : -1), 0);
    const degenerate = name === 'monkeySaddle' ? -2 : 0;
    expect(windingNumber(surface)).toBeCloseTo(sum + degenerate, 6);
  });

  test('leads Newton’s method from anywhere to no other point of its domain', () => {
    const [[left, right], [bottom, top]] = [surface.domain.x, surface.domain.y];
    for (const start of pointsOf(surface, 2000)) {
      let [x, y] = start;
      for (let step = 0; step < 60; step++) {
        const [[gx, gy], [xx, xy, yy]] = [surface.gradient(x, y), surface.hessian(x, y)];
        const determinant = xx * yy - xy * xy;
        if (determinant === 0) break;
        x -= (yy * gx - xy * gy) / determinant;
        y -= (xx * gy - xy * gx) / determinant;
      }
      const within = x > left && x < right && y > bottom && y < top;
      if (!within || Math.hypot(...surface.gradient(x, y)) > 1e-10) continue;
      const nearest = Math.min(...surface.criticalPoints.map((point) => Math.hypot(point.x - x, point.y - y)));
      expect(nearest).toBeLessThan(1e-5);
    }
  });

  test('is an objective with these derivatives', async () => {
    const objective = surfaceObjective(name);
    for (const [x, y] of pointsOf(surface, 5)) {
      const at = await objective.linearize(Float64Array.of(x, y));
      const [xx, xy, yy] = surface.hessian(x, y);
      expect(at.loss).toBe(surface.value(x, y));
      expect([...at.gradient]).toEqual([...surface.gradient(x, y)]);
      expect([...(await at.hessianProduct(Float64Array.of(1, 0)))]).toEqual([xx, xy]);
      expect([...(await at.hessianProduct(Float64Array.of(0, 1)))]).toEqual([xy, yy]);
    }
    expect(objective.convention.formula).toBe(`L(θ) = ${surface.formula}`);
  });
});

describe('published values', () => {
  test.each([
    ['himmelblau', [3, 2], 0],
    ['himmelblau', [-2.805118, 3.131312], 0],
    ['rosenbrock', [1, 1], 0],
    ['beale', [3, 0.5], 0],
    ['booth', [1, 3], 0],
    ['booth', [0, 0], 74],
    ['sixHumpCamel', [0.0898, -0.7126], -1.0316],
    ['rastrigin', [0, 0], 0],
    ['rastrigin', [4.52299366, 4.52299366], 80.70658039],
  ] as const)('%s at (%s) is %d', (name, [x, y], value) => {
    expect(surfaces[name]!.value(x, y)).toBeCloseTo(value, 4);
  });

  test('an unknown name is refused with the known ones', () => {
    expect(() => surfaceObjective('toString')).toThrow('There is no surface named toString. Use one of: saddle,');
  });
});

describe('A5: steps on 5x² − y²', () => {
  const at = { x: 0.7, y: -0.3 };
  const [xx, , yy] = surfaces.saddle!.hessian(at.x, at.y);
  const [gx, gy] = surfaces.saddle!.gradient(at.x, at.y);

  test('one Newton step lands on the saddle, one saddle-free Newton step doubles y', () => {
    expect([at.x - gx / xx, at.y - gy / yy]).toEqual([0, 0]);
    expect([at.x - gx / Math.abs(xx), at.y - gy / Math.abs(yy)]).toEqual([0, 2 * at.y]);
  });

  test('gradient descent is ((1 − 10η)ᵗ x, (1 + 2η)ᵗ y)', async () => {
    const objective = surfaceObjective('saddle');
    const learningRate = 0.03;
    let theta = Float64Array.of(at.x, at.y);
    for (let step = 1; step <= 40; step++) {
      const { gradient } = await objective.gradient(theta);
      theta = theta.map((value, i) => value - learningRate * gradient[i]!);
      expect(theta[0]).toBeCloseTo((1 - 10 * learningRate) ** step * at.x, 12);
      expect(theta[1]).toBeCloseTo((1 + 2 * learningRate) ** step * at.y, 12);
    }
  });
});
