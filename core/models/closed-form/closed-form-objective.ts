import type { Matrix } from '../../linalg/matrix.ts';
import { hostFloat64Space } from '../../linalg/spaces/float64-space.ts';
import type { BatchKey, DerivativeBounds, Evaluation, Linearization, Objective } from '../../objective/objective.ts';
import { parameterLayout } from '../../objective/parameter-layout.ts';

/** A function of θ alone, without data: its value, gradient and Hessian product. */
export interface SmoothFunction {
  readonly dim: number;
  readonly formula: string;
  value(theta: Float64Array): number;
  /** Writes ∇L(θ) to `out`. */
  gradient(theta: Float64Array, out: Float64Array): void;
  /** The Hessian at θ as a function that writes H v to `out`. */
  hessianAt(theta: Float64Array): (v: Float64Array, out: Float64Array) => void;
  /** Columns from … to − 1 of the Hessian at θ, where they cost less than products with unit vectors. */
  hessianColumnsAt?(theta: Float64Array): (from: number, to: number) => Float64Array;
  /** As an objective states them. */
  derivativeBounds?(theta: Float64Array, radius: number): DerivativeBounds | null;
}

/**
 * An objective over a function without data: one "example" that is the function itself, so the standard error is 0 and
 * batch keys do not matter. θ is one block named `theta`.
 */
export function closedFormObjective(smooth: SmoothFunction): Objective<Float64Array> {
  const space = hostFloat64Space(smooth.dim);
  const gradient = (theta: Float64Array): Float64Array => {
    const out = space.zeros();
    smooth.gradient(theta, out);
    return out;
  };
  return {
    space,
    layout: parameterLayout([{ name: 'theta', layer: 'theta', role: 'other', shape: [smooth.dim], filterAxis: null }]),
    convention: {
      loss: 'closedForm',
      overExamples: 'none',
      overOutputs: 'none',
      half: false,
      formula: `L(θ) = ${smooth.formula}`,
    },
    engine: 'closed form',
    examples: 1,
    batches: [Int32Array.of(0)] satisfies readonly BatchKey[],
    async evaluate(theta, ask): Promise<Evaluation> {
      const loss = smooth.value(theta);
      const perExample = ask?.perExample ? { perExample: Float64Array.of(loss) } : {};
      return { loss, standardError: 0, error: null, ...perExample };
    },
    async gradient(theta) {
      return { loss: smooth.value(theta), gradient: gradient(theta) };
    },
    async losses(origin, directions, coefficients) {
      return lossesOneByOne(smooth, origin, directions, coefficients);
    },
    async linearize(theta): Promise<Linearization<Float64Array>> {
      const at = Float64Array.from(theta);
      const product = smooth.hessianAt(at);
      let columns: ((from: number, to: number) => Float64Array) | undefined;
      const atPoint = gradient(theta);
      return {
        loss: smooth.value(theta),
        gradient: atPoint,
        exact: true,
        async hessianProduct(v) {
          const out = space.zeros();
          product(v, out);
          return out;
        },
        async hessianColumns(from, to) {
          columns ??= smooth.hessianColumnsAt?.(at) ?? columnsByProducts(product, smooth.dim);
          return columns(from, to);
        },
        dispose: () => space.release(atPoint),
      };
    },
    ...(smooth.derivativeBounds && {
      derivativeBounds: (theta: Float64Array, radius: number) => smooth.derivativeBounds!(theta, radius),
    }),
    dispose: () => {},
  };
}

/** Without a promise and a vector of the space for each. */
function columnsByProducts(product: ReturnType<SmoothFunction['hessianAt']>, dim: number) {
  return (from: number, to: number): Float64Array => {
    const columns = new Float64Array((to - from) * dim);
    const unit = new Float64Array(dim);
    for (let j = from; j < to; j++) {
      unit[j] = 1;
      product(unit, columns.subarray((j - from) * dim, (j + 1 - from) * dim));
      unit[j] = 0;
    }
    return columns;
  };
}

function lossesOneByOne(
  smooth: SmoothFunction,
  origin: Float64Array,
  directions: readonly Float64Array[],
  coefficients: Matrix,
): Float64Array {
  const point = new Float64Array(smooth.dim);
  return Float64Array.from({ length: coefficients.rows }, (_, row) => {
    point.set(origin);
    directions.forEach((direction, j) => {
      const c = coefficients.data[row * coefficients.columns + j]!;
      for (let i = 0; i < point.length; i++) point[i] = point[i]! + c * direction[i]!;
    });
    return smooth.value(point);
  });
}
