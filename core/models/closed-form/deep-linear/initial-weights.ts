import type { Matrix } from '../../../linalg/matrix.ts';
import type { Random } from '../../../random/random.ts';
import { drawWeights } from '../../weight-initialization.ts';
import { type DeepLinearModel, diagonal, fromSingularBases, rotation, thetaOfMatrices } from './deep-linear-model.ts';

export interface InitialWeights {
  /**
   * - `gaussian`: every entry scale · N(0, 1);
   * - `orthogonal`: every W_l scale times a random matrix with orthonormal rows or columns;
   * - `balanced`: W_l = scale · R_{l+1} I R_lᵀ with R₁ = V, R_{N+1} = U and random rotations between, so that the modes are
   *   decoupled from the start, each with the strength scale^N.
   */
  readonly kind: 'gaussian' | 'orthogonal' | 'balanced';
  readonly scale: number;
}

export const initialKinds: readonly InitialWeights['kind'][] = ['gaussian', 'orthogonal', 'balanced'];

/** θ₀, from one stream a matrix (`dense_1` …). */
export function initialDeepLinear(model: DeepLinearModel, { kind, scale }: InitialWeights, rng: Random): Float64Array {
  if (kind === 'balanced') return balanced(model, scale, rng);
  return independent(model, kind, scale, rng);
}

function independent(
  model: DeepLinearModel,
  kind: 'gaussian' | 'orthogonal',
  scale: number,
  rng: Random,
): Float64Array {
  const initializer =
    kind === 'orthogonal'
      ? { name: 'orthogonal', parameters: { gain: scale } }
      : { name: 'randomNormal', parameters: { mean: 0, stddev: scale } };
  const theta = new Float64Array(model.layout.dim);
  for (const { layer, shape, size, offset } of model.layout.blocks) {
    theta.set(drawWeights(initializer, size, { in: shape[0]!, out: shape[1]! }, rng.split(layer)), offset);
  }
  return theta;
}

function balanced(model: DeepLinearModel, scale: number, rng: Random): Float64Array {
  const { widths, u, v, layout } = model;
  const inner = widths.slice(1, -1).map((width, l) => rotation(width, rng.split(layout.blocks[l]!.layer)));
  const bases: (Matrix | null)[] = [v, ...inner, u];
  const matrices = widths.slice(1).map((units, l) => {
    const inputs = widths[l]!;
    const ones = Array.from({ length: Math.min(inputs, units) }, () => scale);
    return fromSingularBases(diagonal(ones, units, inputs), bases[l + 1]!, bases[l]!);
  });
  return thetaOfMatrices(model, matrices);
}
