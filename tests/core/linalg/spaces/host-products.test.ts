import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distance, dot, norm } from '../../../../core/linalg/spaces/host-products.ts';

const vector = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 });

it('lengths are those of Math.hypot, at any scale', () => {
  fc.assert(
    fc.property(vector, fc.constantFrom(1, 1e-200, 1e200), (entries, scale) => {
      const a = Float64Array.from(entries, (x) => x * scale);
      const wanted = Math.hypot(...a);
      expect(Math.abs(norm(a) - wanted)).toBeLessThanOrEqual(1e-14 * wanted);
    }),
  );
});

it('⟨a, b⟩ and ‖a − b‖ belong together: ‖a − b‖² = ‖a‖² + ‖b‖² − 2⟨a, b⟩', () => {
  fc.assert(
    fc.property(vector, (entries) => {
      const a = Float64Array.from(entries);
      const b = a.map((x, i) => Math.sin(x + i));
      const scale = norm(a) ** 2 + norm(b) ** 2;
      expect(Math.abs(distance(a, b) ** 2 - (scale - 2 * dot(a, b)))).toBeLessThanOrEqual(1e-13 * scale);
    }),
  );
});

it('NaN and infinities stay what they are', () => {
  expect(norm(Float64Array.of(1, Number.NaN))).toBeNaN();
  expect(norm(Float64Array.of(1, Number.NEGATIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
  expect(norm(new Float64Array(3))).toBe(0);
});
