import type { LossName } from '../../objective/loss-convention.ts';
import type { DerivativeBounds } from '../../objective/objective.ts';
import type { ActivationName } from './activations.ts';
import type { MlpDescription } from './mlp-description.ts';

/** sup |φ′|, |φ″|, |φ‴| over the line, rounded up; and a bound of ‖φ(z)‖ from ‖z‖ and the number of units. */
interface ActivationBounds {
  readonly slopes: readonly [number, number, number];
  value(norm: number, units: number): number;
}

const bounded = (norm: number, units: number): number => Math.min(norm, Math.sqrt(units));

/** Null for a kink, where H jumps. Of swish: |xσ‴| ≤ |x|e^−|x| ≤ 0.37 and |σ″| ≤ 0.0963. */
const activationBounds: Readonly<Record<ActivationName, ActivationBounds | null>> = {
  linear: { slopes: [1, 0, 0], value: (norm) => norm },
  tanh: { slopes: [1, 0.7699, 2], value: bounded },
  sigmoid: { slopes: [0.25, 0.0963, 0.125], value: (_, units) => Math.sqrt(units) },
  softplus: { slopes: [1, 0.25, 0.0963], value: (norm, units) => norm + Math.LN2 * Math.sqrt(units) },
  swish: { slopes: [1.1, 0.51, 0.66], value: (norm) => norm },
  relu: null,
};

/** Bounds of ‖a‖, ‖Da‖, ‖D²a‖, ‖D³a‖ of a state as a function of θ, for one example. */
type Growth = readonly [value: number, first: number, second: number, third: number];

/** 2/√3: the maximum of x₁y₂z₂ + x₂y₁z₂ + x₂y₂z₁ over unit vectors of the plane. */
const trilinear = 1.1548;

/**
 * z = W a + b with ‖W‖ ≤ w: D z[u] = U a + W Da[u], D²z[u, v] = U Da[v] + V Da[u] + W D²a, D³z likewise; the part of u in
 * this layer is orthogonal to the rest of it, so that Cauchy–Schwarz joins the two.
 */
function behindLayer([value, first, second, third]: Growth, w: number, b: number): Growth {
  return [w * value + b, Math.hypot(value, 1, w * first), first + w * second, trilinear * second + w * third];
}

/** a = φ(z), entry by entry: ‖x∘y‖ ≤ ‖x‖ ‖y‖. */
function behindActivation(
  [value, first, second, third]: Growth,
  { slopes: [s1, s2, s3], value: bound }: ActivationBounds,
  units: number,
): Growth {
  return [
    bound(value, units),
    s1 * first,
    s2 * first ** 2 + s1 * second,
    s3 * first ** 3 + 3 * s2 * first * second + s1 * third,
  ];
}

/** What of an example the bounds need. */
export interface ExampleNorms {
  /** ‖xᵢ‖ as the first layer sees it. */
  readonly input: number;
  /** ‖yᵢ‖; 1 for a class. */
  readonly target: number;
}

/**
 * ‖∇L‖, ‖H‖ and ‖D³L‖ are at most these everywhere in the ball of `radius` about θ. From layer to layer as above; through
 * the loss by the chain rule, with ‖Dℓ‖ ≤ c(‖f‖ + ‖y‖), D²ℓ = c, D³ℓ = 0 for squares, and √2, ½, 1 for cross-entropy, of
 * which D³ is a third central moment of a variable that spans at most √2. Norms of matrices are Frobenius norms. Null
 * with kinks. Cost: one pass over the examples with a dozen operations a layer.
 */
export function mlpMajorants(
  { dense, layout }: MlpDescription,
  loss: LossName,
  theta: Float64Array,
  radius: number,
  examples: readonly ExampleNorms[],
  scale: number,
): readonly [number, number, number] | null {
  const norms = layout.blocks.map(({ offset, size }) => Math.hypot(...theta.subarray(offset, offset + size)) + radius);
  let block = 0;
  const layers = dense.map(({ bias, units, activations }) => ({
    w: norms[block++]!,
    b: bias ? norms[block++]! : 0,
    units,
    activations: activations.map((name) => activationBounds[name]),
  }));
  const sums: [number, number, number] = [0, 0, 0];
  for (const { input, target } of examples) {
    let state: Growth = [input, 0, 0, 0];
    for (const { w, b, units, activations } of layers) {
      state = behindLayer(state, w, b);
      for (const bounds of activations) {
        if (bounds === null) return null;
        state = behindActivation(state, bounds, units);
      }
    }
    const [l1, l2, l3] = lossBounds(loss, state[0] + target, layers.at(-1)!.units);
    const [, first, second, third] = state;
    sums[0] += scale * l1 * first;
    sums[1] += scale * (l2 * first ** 2 + l1 * second);
    sums[2] += scale * (l3 * first ** 3 + 3 * l2 * first * second + l1 * third);
  }
  return sums;
}

function lossBounds(loss: LossName, error: number, width: number): readonly [number, number, number] {
  if (loss === 'softmaxCrossEntropy') return [Math.SQRT2, 0.5, 1];
  const factor = loss === 'meanSquaredError' ? 2 / width : 1;
  return [factor * error, factor, 0];
}

/**
 * ℓ = sup ‖D³L‖ over the ball. Rounding: a pass computes, to first order, exact derivatives of a network whose weights
 * have been changed by K ε each, differently where each is used, K being the number of roundings along the longest path
 * (sums of the widths there and back, a few for each activation, and the sum over the examples); that changes ∇L by at
 * most K ε times the majorants of ‖H‖ ‖θ‖ + ‖∇L‖, and a column of H by the same one order higher; p columns differ
 * by √p times a column.
 */
export function mlpDerivativeBounds(
  model: MlpDescription,
  loss: LossName,
  theta: Float64Array,
  radius: number,
  examples: readonly ExampleNorms[],
  scale: number,
): DerivativeBounds | null {
  const around = mlpMajorants(model, loss, theta, radius, examples, scale);
  const here = mlpMajorants(model, loss, theta, 0, examples, scale);
  if (around === null || here === null) return null;
  const widths = model.dense.reduce((sum, { inputs, units }) => sum + inputs + 2 * units + 32, 0);
  const unit = 4 * (widths + examples.length) * Number.EPSILON;
  const size = Math.hypot(...theta);
  return {
    hessianLipschitz: around[2],
    gradientRounding: unit * (here[1] * size + here[0]),
    hessianRounding: Math.sqrt(theta.length) * unit * (here[2] * size + here[1]),
  };
}
