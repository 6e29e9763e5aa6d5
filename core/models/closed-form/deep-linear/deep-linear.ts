import type { Matrix } from '../../../linalg/matrix.ts';
import type { Objective } from '../../../objective/objective.ts';
import { closedFormObjective } from '../closed-form-objective.ts';
import { type DeepLinearModel, kernelsOf } from './deep-linear-model.ts';
import { deepLinearFormula } from './formula.ts';
import { deepLinearColumns } from './hessian-columns.ts';
import { deepLinearBounds } from './hessian-lipschitz.ts';
import {
  addProduct,
  addProductTransposed,
  addTransposedProduct,
  product,
  transpose,
  zeroMatrix,
} from './small-products.ts';

/**
 * L(W₁ … W_N) = ½ ‖W_N ⋯ W₁ − S‖²_F in float64: the loss of a linear network on whitened inputs, summed over them, up to a
 * constant (Saxe, McClelland and Ganguli 2014). Gradient by back-propagation of the identity, product by the R-operator
 * (Pearlmutter 1994), both exact. Cost: for widths n₀ … n_N a loss takes n₀ Σ_{l≥2} n_{l−1} n_l multiplications, a gradient
 * three times that, a product six times.
 */
export function deepLinearObjective(model: DeepLinearModel): Objective<Float64Array> {
  const { layout, graph } = model;
  const wanted = transpose(model.target);
  const smooth = {
    dim: layout.dim,
    formula: deepLinearFormula(layout.blocks.length),
    value(theta: Float64Array) {
      const { data } = minus(kernelsOf(model, theta).reduce(product), wanted);
      return 0.5 * data.reduce((sum, x) => sum + x * x, 0);
    },
    gradient(theta: Float64Array, out: Float64Array) {
      const { prefixes, deltas } = statesAt(kernelsOf(model, theta), wanted);
      out.fill(0);
      kernelsOf(model, out).forEach((into, l) => {
        addBlock(into, prefixes, l, deltas[l]!);
      });
    },
    derivativeBounds: (theta: Float64Array, radius: number) => deepLinearBounds(model, theta, radius),
    hessianColumnsAt(theta: Float64Array) {
      const kernels = kernelsOf(model, theta);
      const { prefixes, deltas } = statesAt(kernels, wanted);
      return deepLinearColumns(kernels, prefixes, deltas);
    },
    hessianAt(theta: Float64Array) {
      const kernels = kernelsOf(model, theta);
      const states = statesAt(kernels, wanted);
      return (v: Float64Array, out: Float64Array) => {
        out.fill(0);
        hessianProduct(kernels, states, kernelsOf(model, v), kernelsOf(model, out));
      };
    },
  };
  const objective = closedFormObjective(smooth);
  return { ...objective, layout, graph, convention: { ...objective.convention, overOutputs: 'sum', half: true } };
}

/** At a point: Aₗ = K₁ ⋯ Kₗ (n₀ rows), and δₗ = (A_N − Sᵀ)(K_{l+1} ⋯ K_N)ᵀ, with K = Wᵀ; both from 1 at entry 0. */
interface States {
  readonly prefixes: readonly Matrix[];
  readonly deltas: readonly Matrix[];
}

function statesAt(kernels: readonly Matrix[], wanted: Matrix): States {
  const prefixes = [kernels[0]!];
  for (const kernel of kernels.slice(1)) prefixes.push(product(prefixes.at(-1)!, kernel));
  const deltas = [minus(prefixes.at(-1)!, wanted)];
  for (const kernel of kernels.slice(1).reverse()) deltas.unshift(timesTransposed(deltas[0]!, kernel));
  return { prefixes, deltas };
}

/** Adds A_{l−1}ᵀ δ, where A₀ is the identity. */
function addBlock(into: Matrix, prefixes: readonly Matrix[], l: number, delta: Matrix): void {
  if (l > 0) addTransposedProduct(into, prefixes[l - 1]!, delta);
  else for (let i = 0; i < into.data.length; i++) into.data[i]! += delta.data[i]!;
}

/**
 * R{Aₗ} = R{A_{l−1}} Kₗ + A_{l−1} Vₗ, R{δ_N} = R{A_N}, R{δ_{l−1}} = R{δₗ} Kₗᵀ + δₗ Vₗᵀ, and
 * (H v)ₗ = R{A_{l−1}}ᵀ δₗ + A_{l−1}ᵀ R{δₗ}.
 */
function hessianProduct(
  kernels: readonly Matrix[],
  { prefixes, deltas }: States,
  v: readonly Matrix[],
  out: readonly Matrix[],
): void {
  const directional = [v[0]!];
  for (let l = 1; l < kernels.length; l++) {
    const next = product(directional[l - 1]!, kernels[l]!);
    addProduct(next, prefixes[l - 1]!, v[l]!);
    directional.push(next);
  }
  let error = directional.at(-1)!;
  for (let l = kernels.length - 1; l >= 0; l--) {
    addBlock(out[l]!, prefixes, l, error);
    if (l === 0) return;
    addTransposedProduct(out[l]!, directional[l - 1]!, deltas[l]!);
    const before = timesTransposed(error, kernels[l]!);
    addProductTransposed(before, deltas[l]!, v[l]!);
    error = before;
  }
}

/** A Bᵀ */
function timesTransposed(a: Matrix, b: Matrix): Matrix {
  const c = zeroMatrix(a.rows, b.rows);
  addProductTransposed(c, a, b);
  return c;
}

const minus = (a: Matrix, b: Matrix): Matrix => ({ ...a, data: a.data.map((x, i) => x - b.data[i]!) });
