import { denseMatrix, symmetricEigenvalues } from '../../linalg/dense/dense-symmetric.ts';
import { lanczos, type RitzPair } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { machineEpsilon } from '../../linalg/precision.ts';
import { densityMassBelow } from '../../linalg/quadrature/density-masses.ts';
import { probeQuadrature, type SpectralQuadrature } from '../../linalg/quadrature/spectral-quadrature.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';
import { coarseToFine } from './grid-order.ts';
import { nothingIfStopped } from './nothing-if-stopped.ts';
import {
  denseIndexLimit,
  indexProbes,
  indexSteps,
  productsPerEigenvalue,
  type QuantityDescription,
} from './quantities.ts';
import type { SliceField } from './slice.ts';
import { coefficientsOf, type GridWork, newField } from './slice-grid.ts';

const certificates: Readonly<Record<string, SliceField['certificate']>> = {
  gradient_norm: null,
  cosine: null,
  lambda_max: 'residual',
  lambda_min: 'residual',
  lambda_ratio: 'residual',
  // Of a counted index: how many eigenvalues are zero within rounding, and may be negative.
  index: 'within rounding of zero',
};

/** Of the largest eigenvalue in magnitude: probes cannot tell what lies nearer to zero from zero. */
const estimatedShare = 1e-2;

/** The fields of quantities that need derivatives, of which nothing is computed yet. */
export const curvatureFields = (
  axes: GridWork['axes'],
  wanted: readonly QuantityDescription[],
  dim: number,
): SliceField[] =>
  wanted
    .filter(({ needs }) => needs !== 'loss')
    .map(({ id }) => {
      const isEstimated = id === 'index' && dim > denseIndexLimit;
      return newField(axes, id, isEstimated ? '95 % half-width' : (certificates[id] ?? null));
    });

export interface CurvatureCounts {
  products: number;
  gradients: number;
}

export interface CurvatureOptions {
  readonly rng: Random;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onPoint?: ((done: number, total: number) => void | Promise<void>) | undefined;
}

/** A number and how sure it is, by quantity. */
type Reading = Readonly<Record<string, readonly [value: number, uncertainty: number]>>;

/** An orthonormal basis of the slice: its first vectors, by Gram–Schmidt. */
export async function orthonormal<V>({ space }: Objective<V>, directions: readonly V[]): Promise<V[]> {
  const basis: V[] = [];
  for (const direction of directions) {
    const own = space.copy(direction);
    for (let pass = 0; pass < 2 && basis.length > 0; pass++) {
      const dots = await space.dots(basis, own);
      for (const [k, other] of basis.entries()) space.addScaled(own, -dots[k]!, other);
    }
    const norm = Math.sqrt((await space.dots([own], own))[0]!);
    space.scale(own, 1 / norm);
    basis.push(own);
  }
  return basis;
}

/**
 * Quantities that need derivatives, point by point from coarse to fine. Extreme eigenvalues are those of one Lanczos
 * search a point, with their residuals; the index counts eigenvalues below −τ: from the dense matrix up to
 * `denseIndexLimit` parameters, τ = 1e-10 (float64) or 1e-5 (float32) of the largest in magnitude; above, those below −1 %
 * of it are estimated from `indexProbes` probes, NaN where their 95 % interval is wider than half of all. At points where the gradient is not finite all are NaN.
 *
 * Cost a point: one gradient, up to `productsPerEigenvalue` products for eigenvalues, p or probes × steps for the index.
 * Answers false where it was stopped: the point that was cut short leaves no trace.
 */
export async function fillCurvature<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  { axes, fields }: GridWork,
  counts: CurvatureCounts,
  { rng, signal, onPoint }: CurvatureOptions,
): Promise<boolean> {
  const own = fields.filter(({ quantity }) => quantity in certificates);
  if (own.length === 0) return true;
  const { space } = objective;
  const basis = await orthonormal(objective, directions);
  const order = coarseToFine(axes);
  // What an adaptive grid left out stays out.
  const points = order.filter((point) => fields[0]!.computed[point] === 1);
  const wanted = own.map(({ quantity }) => quantity);
  try {
    for (const [done, point] of points.entries()) {
      if (signal?.aborted) return false;
      if (!own.every(({ computed }) => computed[point] === 1)) {
        const { data } = coefficientsOf(axes, [point]);
        const theta = space.combine(directions, data, space.copy(origin));
        // A stream of its own a point: the numbers do not depend on what was computed before.
        const options = { rng: rng.split(`point ${point}`), signal };
        const found = await readingAt(objective, theta, basis, wanted, counts, options).catch(nothingIfStopped);
        space.release(theta);
        if (found === null) return false;
        for (const field of own) {
          const [value, uncertainty] = found[field.quantity] ?? [Number.NaN, Number.NaN];
          field.values[point] = value;
          field.computed[point] = 1;
          if (field.uncertainty) field.uncertainty[point] = uncertainty;
        }
      }
      await onPoint?.(done + 1, points.length);
    }
    return true;
  } finally {
    space.release(...basis);
  }
}

async function readingAt<V>(
  objective: Objective<V>,
  theta: V,
  basis: readonly V[],
  wanted: readonly string[],
  counts: CurvatureCounts,
  options: { readonly rng: Random; readonly signal: CurvatureOptions['signal'] },
): Promise<Reading | null> {
  const { space } = objective;
  const linearization = await objective.linearize(theta);
  counts.gradients++;
  try {
    const { gradient } = linearization;
    const norm = Math.sqrt((await space.dots([gradient], gradient))[0]!);
    const inside = await space.dots(basis, gradient);
    const cosine = Math.hypot(...inside) / norm;
    const slopes: Reading = { gradient_norm: [norm, 0], cosine: [cosine, 0] };
    if (!Number.isFinite(norm)) return slopes;
    const operator = hessianOperator(space, linearization);
    const ends = wanted.some((quantity) => quantity.startsWith('lambda'));
    const extremes = ends ? await extremeReading(operator, wanted, counts, options) : {};
    const index = wanted.includes('index') && extremes ? await indexReading(operator, counts, options) : {};
    return extremes && index ? { ...slopes, ...extremes, ...index } : null;
  } finally {
    linearization.dispose();
  }
}

async function extremeReading<V>(
  operator: LinearOperator<V>,
  wanted: readonly string[],
  counts: CurvatureCounts,
  { rng, signal }: { readonly rng: Random; readonly signal: CurvatureOptions['signal'] },
): Promise<Reading | null> {
  const lowest = wanted.includes('lambda_min') || wanted.includes('lambda_ratio');
  const highest = wanted.includes('lambda_max') || wanted.includes('lambda_ratio');
  const { value, status, stats } = await lanczos(operator, {
    ...(highest ? { top: 1 } : {}),
    ...(lowest ? { bottom: 1 } : {}),
    residualTol: 1e-2,
    maxProducts: productsPerEigenvalue,
    rng: rng.split('extremes'),
    signal,
  });
  counts.products += stats.products;
  if (status === 'cancelled') return null;
  const read = (pair: RitzPair<V> | undefined) => [pair?.value ?? Number.NaN, pair?.residual ?? Number.NaN] as const;
  const [largest, largestResidual] = read(value.top?.[0]);
  const [smallest, smallestResidual] = read(value.bottom?.[0]);
  const size = Math.abs(largest);
  const ratio = Math.max(0, -smallest) / size;
  return {
    lambda_max: [largest, largestResidual],
    lambda_min: [smallest, smallestResidual],
    lambda_ratio: [ratio, (smallestResidual + ratio * largestResidual) / size],
  };
}

async function indexReading<V>(
  operator: LinearOperator<V>,
  counts: CurvatureCounts,
  options: { readonly rng: Random; readonly signal: CurvatureOptions['signal'] },
): Promise<Reading | null> {
  const { dim, precision } = operator.space;
  const share = Math.max(precision === 'float64' ? 1e-10 : 1e-5, 64 * machineEpsilon(precision));
  if (dim <= denseIndexLimit) {
    const { value, status, stats } = await denseMatrix(operator, { signal: options.signal });
    counts.products += stats.products;
    if (status === 'cancelled') return null;
    if (status !== 'converged') return {};
    const eigenvalues = symmetricEigenvalues(value.matrix);
    const largest = eigenvalues.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    const below = eigenvalues.filter((one) => one < -share * largest).length;
    const near = eigenvalues.filter((one) => Math.abs(one) <= share * largest).length;
    // What is zero within rounding may be negative: it is stated, not counted.
    return { index: [below, near] };
  }
  return estimatedIndex(operator, counts, options);
}

async function estimatedIndex<V>(
  operator: LinearOperator<V>,
  counts: CurvatureCounts,
  { rng, signal }: { readonly rng: Random; readonly signal: CurvatureOptions['signal'] },
): Promise<Reading | null> {
  const quadratures: SpectralQuadrature[] = [];
  for (let probe = 0; probe < indexProbes; probe++) {
    const { status, products, quadrature } = await probeQuadrature(operator, probe, {
      rng: rng.split('index'),
      steps: indexSteps,
      signal,
    });
    counts.products += products;
    if (status === 'cancelled') return null;
    if (quadrature === null) return {};
    quadratures.push(quadrature);
  }
  const nodes = quadratures.flatMap((quadrature) => Array.from(quadrature.nodes));
  const largest = nodes.reduce((most, node) => Math.max(most, Math.abs(node)), 0);
  const { count } = densityMassBelow({ quadratures, dim: operator.space.dim, deflated: [] }, -estimatedShare * largest);
  const half = Math.max(count.high95 - count.value, count.value - count.low95);
  // An interval of more than half of all tells nothing.
  return half > operator.space.dim / 4 ? {} : { index: [count.value, half] };
}
