import type { DerivativeBounds } from '../../objective/objective.ts';

/** Bounds of the derivatives of a surface where |x| ≤ a and |y| ≤ b: every term with its absolute value. */
export interface SurfaceMajorants {
  gradient(a: number, b: number): readonly [x: number, y: number];
  hessian(a: number, b: number): readonly [xx: number, xy: number, yy: number];
  third(a: number, b: number): readonly [xxx: number, xxy: number, xyy: number, yyy: number];
}

const turn = 2 * Math.PI;
const none = () => [0, 0, 0, 0] as const;

/** By the name of the surface. */
export const surfaceMajorants: Readonly<Record<string, SurfaceMajorants>> = {
  saddle: { gradient: (a, b) => [10 * a, 2 * b], hessian: () => [10, 0, 2], third: none },
  monkeySaddle: {
    gradient: (a, b) => [3 * a * a + 3 * b * b, 6 * a * b],
    hessian: (a, b) => [6 * a, 6 * b, 6 * a],
    third: () => [6, 0, 6, 0],
  },
  twoMinima: {
    gradient: (a, b) => [a, b * b * b + b],
    hessian: (_, b) => [1, 0, 3 * b * b + 1],
    third: (_, b) => [0, 0, 0, 6 * b],
  },
  rosenbrock: {
    gradient: (a, b) => [2 * (a + 1) + 400 * a * (b + a * a), 200 * (b + a * a)],
    hessian: (a, b) => [2 + 400 * b + 1200 * a * a, 400 * a, 200],
    third: (a) => [2400 * a, 400, 0, 0],
  },
  himmelblau: {
    gradient(a, b) {
      const [p, q] = [a * a + b + 11, a + b * b + 7];
      return [4 * a * p + 2 * q, 2 * p + 4 * b * q];
    },
    hessian: (a, b) => [12 * a * a + 4 * b + 42, 4 * (a + b), 12 * b * b + 4 * a + 26],
    third: (a, b) => [24 * a, 4, 4, 24 * b],
  },
  beale: {
    gradient(a, b) {
      const [p, q, r] = [1.5 + a + a * b, 2.25 + a + a * b * b, 2.625 + a + a * b ** 3];
      return [2 * (p * (b + 1) + q * (b * b + 1) + r * (b ** 3 + 1)), 2 * a * (p + 2 * b * q + 3 * b * b * r)];
    },
    hessian(a, b) {
      const [p, q, r] = [1.5 + a + a * b, 2.25 + a + a * b * b, 2.625 + a + a * b ** 3];
      const slopes = [b + 1, b * b + 1, b ** 3 + 1] as const;
      return [
        2 * (slopes[0] ** 2 + slopes[1] ** 2 + slopes[2] ** 2),
        2 * (p + 2 * b * q + 3 * b * b * r) + 2 * a * (slopes[0] + 2 * b * slopes[1] + 3 * b * b * slopes[2]),
        2 * a * (a + 2 * q + 4 * b * b * a + 6 * b * r + 9 * b ** 4 * a),
      ];
    },
    // From ∂yy = −2x² + 9x + 12x²y² + 31.5xy − 12x²y + 30x²y⁴ and ∂xx = 2 Σ (yᵏ − 1)².
    third: (a, b) => [
      0,
      4 * (b + 1 + 2 * b * (b * b + 1) + 3 * b * b * (b ** 3 + 1)),
      4 * a + 9 + 24 * a * b * b + 31.5 * b + 24 * a * b + 60 * a * b ** 4,
      24 * a * a * b + 31.5 * a + 12 * a * a + 120 * a * a * b ** 3,
    ],
  },
  sixHumpCamel: {
    gradient: (a, b) => [8 * a + 8.4 * a ** 3 + 2 * a ** 5 + b, a + 8 * b + 16 * b ** 3],
    hessian: (a, b) => [8 + 25.2 * a * a + 10 * a ** 4, 1, 8 + 48 * b * b],
    third: (a, b) => [50.4 * a + 40 * a ** 3, 0, 0, 96 * b],
  },
  booth: {
    gradient: (a, b) => [10 * a + 8 * b + 34, 8 * a + 10 * b + 38],
    hessian: () => [10, 8, 10],
    third: none,
  },
  // The sine and cosine of 2πx inherit the rounding of 2πx: hence the second terms.
  rastrigin: {
    gradient: (a, b) => [2 * a + 10 * turn * (1 + turn * a), 2 * b + 10 * turn * (1 + turn * b)],
    hessian: (a, b) => [2 + 10 * turn ** 2 * (1 + turn * a), 0, 2 + 10 * turn ** 2 * (1 + turn * b)],
    third: () => [10 * turn ** 3, 0, 0, 10 * turn ** 3],
  },
};

/** Roundings along the longest path of the formulas, and those of powers and cosines, are fewer. */
const roundings = 64;

/**
 * ℓ is the Frobenius norm of the third derivatives, which bounds their norm as a trilinear form, over the square that holds
 * the disc; rounding is 64 ε times the terms without their signs.
 */
export function surfaceBounds(
  { gradient, hessian, third }: SurfaceMajorants,
  x: number,
  y: number,
  radius: number,
): DerivativeBounds {
  const [xxx, xxy, xyy, yyy] = third(Math.abs(x) + radius, Math.abs(y) + radius);
  const [xx, xy, yy] = hessian(Math.abs(x), Math.abs(y));
  const unit = roundings * Number.EPSILON;
  return {
    hessianLipschitz: (1 + unit) * Math.sqrt(xxx ** 2 + 3 * xxy ** 2 + 3 * xyy ** 2 + yyy ** 2),
    gradientRounding: unit * Math.hypot(...gradient(Math.abs(x), Math.abs(y))),
    hessianRounding: unit * Math.sqrt(xx ** 2 + 2 * xy ** 2 + yy ** 2),
  };
}
