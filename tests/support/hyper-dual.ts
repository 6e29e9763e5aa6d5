/**
 * Hyper-dual numbers a + b ε₁ + c ε₂ + d ε₁ε₂ with ε₁² = ε₂² = 0 (Fike and Alonso 2011): f evaluated at x + ε₁ eᵢ + ε₂ eⱼ carries
 * ∂f/∂xᵢ in b and ∂²f/∂xᵢ∂xⱼ in d, exact to round-off. An oracle that shares nothing with back-propagation.
 */
export interface HyperDual {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export const constant = (a: number): HyperDual => ({ a, b: 0, c: 0, d: 0 });

export const add = (x: HyperDual, y: HyperDual): HyperDual => ({
  a: x.a + y.a,
  b: x.b + y.b,
  c: x.c + y.c,
  d: x.d + y.d,
});

export const scale = (k: number, x: HyperDual): HyperDual => ({ a: k * x.a, b: k * x.b, c: k * x.c, d: k * x.d });

export const multiply = (x: HyperDual, y: HyperDual): HyperDual => ({
  a: x.a * y.a,
  b: x.a * y.b + x.b * y.a,
  c: x.a * y.c + x.c * y.a,
  d: x.a * y.d + x.b * y.c + x.c * y.b + x.d * y.a,
});

const chain = (x: HyperDual, value: number, first: number, second: number): HyperDual => ({
  a: value,
  b: first * x.b,
  c: first * x.c,
  d: first * x.d + second * x.b * x.c,
});

export const exponential = (x: HyperDual): HyperDual => chain(x, Math.exp(x.a), Math.exp(x.a), Math.exp(x.a));

export const logarithm = (x: HyperDual): HyperDual => chain(x, Math.log(x.a), 1 / x.a, -1 / x.a ** 2);

export const reciprocal = (x: HyperDual): HyperDual => chain(x, 1 / x.a, -1 / x.a ** 2, 2 / x.a ** 3);

/** Activations by their textbook formulas from the operations above. */
export const hyperDualActivations: Readonly<Record<string, (x: HyperDual) => HyperDual>> = {
  linear: (x) => x,
  tanh: (x) => add(constant(1), scale(-2, reciprocal(add(constant(1), exponential(scale(2, x)))))),
  sigmoid: (x) => reciprocal(add(constant(1), exponential(scale(-1, x)))),
  softplus: (x) => logarithm(add(constant(1), exponential(x))),
  swish: (x) => multiply(x, reciprocal(add(constant(1), exponential(scale(-1, x))))),
  relu: (x) => (x.a > 0 ? x : constant(0)),
};
