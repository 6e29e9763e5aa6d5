import { describe, expect, it } from 'vitest';
import { barrierOf, barrierText } from '../../../core/fields/barrier.ts';

const infinity = Number.POSITIVE_INFINITY;
const at = [-0.5, 0, 0.25, 0.5, 0.75, 1, 1.5];
const values = [9, 1, 2, 5, 4, 3, 9];
const all = new Uint8Array(7).fill(1);

describe('the barrier on the line between two points', () => {
  it('is the most above the chord of its ends', () => {
    // 5 − (1 + 3)/2 at α = 1/2.
    expect(barrierOf(at, values, all)).toEqual({
      height: 3,
      alpha: 0.5,
      zero: 1,
      one: 3,
      standardError: null,
      spacing: 0.25,
      complete: true,
    });
    const gap = all.slice();
    gap[3] = 0;
    expect(barrierOf(at, values, gap)).toMatchObject({ height: 1.5, alpha: 0.75, complete: false });
    expect(barrierOf(at, [9, 1, infinity, 5, 4, 3, 9], gap)).toMatchObject({ height: infinity, complete: true });
    expect(barrierOf(at.slice(2), values.slice(2), all)).toBeNull();
    // A line that is convex has none.
    const convex = barrierOf(
      at,
      at.map((a) => a * a),
      all,
    );
    expect(convex?.height).toBe(0);
    expect(barrierText(convex!)).toMatch(/^no barrier/);
  });

  it('of a bump over a tilted line is the bump, wherever it stands and whatever the tilt', () => {
    const fine = Array.from({ length: 101 }, (_, i) => i / 100);
    for (const [place, tilt] of [
      [0.3, 5],
      [0.7, -2],
    ] as const) {
      const bump = (a: number) => 1 + tilt * a + Math.exp(-(((a - place) / 0.05) ** 2));
      const { height, alpha, spacing } = barrierOf(fine, fine.map(bump), new Uint8Array(101).fill(1))!;
      expect(alpha).toBeCloseTo(place, 12);
      // The chord itself has what the bump is worth at the ends.
      expect(Math.abs(height - 1)).toBeLessThan(1e-12 + 2 * Math.exp(-36));
      expect(spacing).toBeCloseTo(0.01, 12);
    }
  });

  it('has the error of its three losses, checked by drawing them', () => {
    const errors = [0, 0.3, 0, 0.4, 0, 0.6, 0];
    const { standardError } = barrierOf(at, values, all, errors)!;
    expect(standardError).toBeCloseTo(Math.sqrt(0.4 ** 2 + (0.3 ** 2 + 0.6 ** 2) / 4), 12);
    // Two points a draw, ± one error: the mean square of all 8 outcomes is the variance.
    let sum = 0;
    for (let draw = 0; draw < 8; draw++) {
      const sign = (bit: number) => ((draw >> bit) & 1 ? 1 : -1);
      const moved = values.map(
        (v, i) => v + (i === 1 ? 0.3 * sign(0) : i === 3 ? 0.4 * sign(1) : i === 5 ? 0.6 * sign(2) : 0),
      );
      sum += (barrierOf(at, moved, all)!.height - 3) ** 2 / 8;
    }
    expect(Math.sqrt(sum)).toBeCloseTo(standardError!, 12);
    expect(barrierText(barrierOf(at, values, all, errors)!)).toMatch(/± 0\.52 \(standard error\).*α = 0\.500 ± 0\.25/);
  });
});
