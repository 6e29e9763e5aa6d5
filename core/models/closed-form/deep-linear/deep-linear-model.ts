import { BadInput } from '../../../bad-input.ts';
import type { Matrix } from '../../../linalg/matrix.ts';
import type { LayerGraph } from '../../../objective/layer-graph.ts';
import { type ParameterLayout, parameterLayout } from '../../../objective/parameter-layout.ts';
import type { Random } from '../../../random/random.ts';
import { drawWeights } from '../../weight-initialization.ts';
import { product, transpose, zeroMatrix } from './small-products.ts';

export interface DeepLinearSpecification {
  /** s₁, s₂ …, none below 0, in any order: the modes are numbered as they are given. */
  readonly singularValues: readonly number[];
  /** Width of the hidden layer, or of each: one matrix more than that. */
  readonly hidden: number | readonly number[];
  /** As many as singular values where it is not given; more make S rectangular. */
  readonly inputs?: number;
  readonly outputs?: number;
}

/**
 * A deep linear network x ↦ W_N … W₁ x that is to become S = U diag(s) Vᵀ on whitened inputs (Saxe, McClelland and Ganguli
 * 2014). θ holds the transposes W₁ᵀ, W₂ᵀ … as inputs × units kernels, row-major, as dense layers have them.
 */
export interface DeepLinearModel {
  readonly singularValues: readonly number[];
  /** Inputs, hidden widths, outputs: one more than there are matrices. */
  readonly widths: readonly number[];
  /** Outputs × outputs and inputs × inputs, orthogonal; null for the identity. */
  readonly u: Matrix | null;
  readonly v: Matrix | null;
  /** S, outputs × inputs. */
  readonly target: Matrix;
  readonly layout: ParameterLayout;
  readonly graph: LayerGraph;
}

/** The model with the singular vectors of S along the axes, or turned at random by `rotations` (streams `u`, `v`). */
export function deepLinearModel(specification: DeepLinearSpecification, rotations: Random | null): DeepLinearModel {
  const { singularValues, hidden } = specification;
  const { inputs = singularValues.length, outputs = singularValues.length } = specification;
  const widths = [inputs, ...(typeof hidden === 'number' ? [hidden] : hidden), outputs];
  check(singularValues, widths);
  const u = rotations && rotation(outputs, rotations.split('u'));
  const v = rotations && rotation(inputs, rotations.split('v'));
  return {
    singularValues,
    widths,
    u,
    v,
    target: fromSingularBases(diagonal(singularValues, outputs, inputs), u, v),
    layout: layoutOf(widths),
    graph: graphOf(widths),
  };
}

/** A random orthogonal matrix, uniform by the Haar measure. */
export function rotation(size: number, rng: Random): Matrix {
  const fans = { in: size, out: size };
  const data = drawWeights({ name: 'orthogonal', parameters: { gain: 1 } }, size * size, fans, rng);
  return { rows: size, columns: size, data };
}

/** U A Vᵀ */
export function fromSingularBases(a: Matrix, u: Matrix | null, v: Matrix | null): Matrix {
  const left = u === null ? a : product(u, a);
  return v === null ? left : product(left, transpose(v));
}

/** W₁ … W_N (outputs × inputs each) as θ. */
export function thetaOfMatrices({ layout }: DeepLinearModel, matrices: readonly Matrix[]): Float64Array {
  const theta = new Float64Array(layout.dim);
  layout.blocks.forEach(({ offset }, l) => {
    theta.set(transpose(matrices[l]!).data, offset);
  });
  return theta;
}

/** The kernels W₁ᵀ … W_Nᵀ of θ, seen in place. */
export function kernelsOf({ layout }: DeepLinearModel, theta: Float64Array): Matrix[] {
  if (theta.length !== layout.dim) {
    throw new RangeError(`A vector of length ${theta.length} is not in a space of dimension ${layout.dim}.`);
  }
  return layout.blocks.map(({ shape, offset, size }) => {
    return { rows: shape[0]!, columns: shape[1]!, data: theta.subarray(offset, offset + size) };
  });
}

/** W = W_N … W₁, outputs × inputs. */
export function endToEnd(model: DeepLinearModel, theta: Float64Array): Matrix {
  return transpose(kernelsOf(model, theta).reduce(product));
}

/** u_α = (Uᵀ W V)_αα: how much of every mode has been learnt; s_α where all of it. */
export function modeStrengths(model: DeepLinearModel, theta: Float64Array): Float64Array {
  const { u, v, singularValues } = model;
  const along = fromSingularBases(endToEnd(model, theta), u && transpose(u), v && transpose(v));
  return Float64Array.from(singularValues, (_, i) => along.data[i * along.columns + i]!);
}

/** rows × columns with the numbers on its diagonal, zero after them. */
export function diagonal(numbers: readonly number[], rows: number, columns: number): Matrix {
  const matrix = zeroMatrix(rows, columns);
  numbers.forEach((x, i) => {
    matrix.data[i * columns + i] = x;
  });
  return matrix;
}

function layoutOf(widths: readonly number[]): ParameterLayout {
  return parameterLayout(
    widths.slice(1).map((units, l) => {
      const layer = nameOf(l);
      return { name: `${layer}/kernel`, layer, role: 'kernel', shape: [widths[l]!, units], filterAxis: 1 };
    }),
  );
}

function graphOf(widths: readonly number[]): LayerGraph {
  const plain = { activation: null, calls: 1, merges: false };
  const names = widths.map((_, at) => (at === 0 ? 'input' : nameOf(at - 1)));
  const nodes = names.map((name, at) => {
    if (at === 0) return { ...plain, name, kind: 'InputLayer', weights: [] };
    const shape = [widths[at - 1]!, widths[at]!];
    return {
      ...plain,
      name,
      kind: 'Dense',
      weights: [{ name: 'kernel', shape, block: `${name}/kernel`, frozen: false }],
    };
  });
  const edges = names.slice(1).map((to, at) => {
    return { from: names[at]!, fromCall: 0, to, toCall: 0, shape: [widths[at]!] };
  });
  return { nodes, edges, inputs: ['input'], outputs: [names.at(-1)!] };
}

const nameOf = (matrix: number): string => `dense_${matrix + 1}`;

function check(singularValues: readonly number[], widths: readonly number[]): void {
  if (singularValues.length === 0 || singularValues.some((s) => !Number.isFinite(s) || s < 0)) {
    throw new BadInput(
      `Singular values ${singularValues.join(', ') || '(none)'} cannot be used.`,
      'Give one or more numbers from 0 on, for example [4, 3, 2, 1].',
    );
  }
  const wrong = widths.find((width) => !Number.isSafeInteger(width) || width < 1);
  if (wrong !== undefined || widths.length < 3) {
    throw new BadInput(
      `A deep linear network with the widths ${widths.join('–')} cannot be made.`,
      'Give hidden: 2, or hidden: [4, 4] for one matrix more; widths are whole numbers from 1.',
    );
  }
  const [inputs, outputs] = [widths[0]!, widths.at(-1)!];
  if (singularValues.length > Math.min(inputs, outputs)) {
    throw new BadInput(
      `A ${outputs}×${inputs} matrix has no ${singularValues.length} singular values.`,
      'Give at least as many inputs and outputs as singular values, or leave both out.',
    );
  }
}
