import { tanhInPlace } from '../../linalg/spaces/float64-tanh.ts';

/**
 * Activations φ with their first two derivatives. ReLU is given φ″ = 0 and φ′(0) = 0 everywhere: its Hessian is blind to the
 * kinks, where the second derivative is a point mass. Curvature that must be trusted wants tanh, softplus or swish.
 */
export type ActivationName = 'linear' | 'tanh' | 'sigmoid' | 'softplus' | 'swish' | 'relu';

/** Writes φ(z), φ′(z), φ″(z) for every entry of z; z may be the same array as `value`. */
type Fill = (z: Float64Array, value: Float64Array, first: Float64Array, second: Float64Array) => void;

const fills: Readonly<Record<ActivationName, Fill>> = {
  linear(z, value, first, second) {
    value.set(z);
    first.fill(1);
    second.fill(0);
  },
  tanh(z, value, first, second) {
    value.set(z);
    tanhInPlace(value);
    for (let i = 0; i < z.length; i++) {
      const a = value[i]!;
      const slope = 1 - a * a;
      first[i] = slope;
      second[i] = -2 * a * slope;
    }
  },
  sigmoid(z, value, first, second) {
    for (let i = 0; i < z.length; i++) {
      const s = logistic(z[i]!);
      const slope = s * (1 - s);
      value[i] = s;
      first[i] = slope;
      second[i] = slope * (1 - 2 * s);
    }
  },
  softplus(z, value, first, second) {
    for (let i = 0; i < z.length; i++) {
      const x = z[i]!;
      const s = logistic(x);
      value[i] = softplus(x);
      first[i] = s;
      second[i] = s * (1 - s);
    }
  },
  swish(z, value, first, second) {
    for (let i = 0; i < z.length; i++) {
      const x = z[i]!;
      const s = logistic(x);
      const slope = s * (1 - s);
      value[i] = x * s;
      first[i] = s + x * slope;
      second[i] = slope * (2 + x * (1 - 2 * s));
    }
  },
  relu(z, value, first, second) {
    for (let i = 0; i < z.length; i++) {
      const x = z[i]!;
      first[i] = x > 0 ? 1 : 0;
      value[i] = Math.max(0, x);
    }
    second.fill(0);
  },
};

/** φ alone, in place. */
const values: Readonly<Record<ActivationName, (z: Float64Array) => void>> = {
  linear: () => {},
  tanh: tanhInPlace,
  sigmoid(z) {
    for (let i = 0; i < z.length; i++) z[i] = logistic(z[i]!);
  },
  softplus(z) {
    for (let i = 0; i < z.length; i++) z[i] = softplus(z[i]!);
  },
  swish(z) {
    for (let i = 0; i < z.length; i++) z[i] = z[i]! * logistic(z[i]!);
  },
  relu(z) {
    for (let i = 0; i < z.length; i++) z[i] = Math.max(0, z[i]!);
  },
};

export const activationNames = Object.keys(fills) as readonly ActivationName[];

/** Replaces z by φ(z), for a chain of activations one after the other. */
export function activate(names: readonly ActivationName[], z: Float64Array): void {
  for (const name of names) values[name](z);
}

/**
 * Replaces z by φ(z) and writes φ′(z) and φ″(z), where φ is the chain of the named activations: for φ = f∘g,
 * φ′ = f′(g) g′ and φ″ = f″(g) g′² + f′(g) g″.
 */
export function activateWithDerivatives(
  names: readonly ActivationName[],
  z: Float64Array,
  first: Float64Array,
  second: Float64Array,
): void {
  const [innermost, ...outer] = names;
  fills[innermost ?? 'linear'](z, z, first, second);
  if (outer.length === 0) return;
  const slope = new Float64Array(z.length);
  const bend = new Float64Array(z.length);
  for (const name of outer) {
    fills[name](z, z, slope, bend);
    for (let i = 0; i < z.length; i++) {
      second[i] = bend[i]! * first[i]! ** 2 + slope[i]! * second[i]!;
      first[i] = slope[i]! * first[i]!;
    }
  }
}

/** 1/(1 + e^−x) without overflow on either side. */
function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
