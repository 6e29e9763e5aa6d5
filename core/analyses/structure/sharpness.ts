import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { diagonallyScaledOperator } from '../../linalg/operators/diagonally-scaled.ts';
import { projectedOperator } from '../../linalg/operators/projected.ts';
import { machineEpsilon } from '../../linalg/precision.ts';
import { type Estimate, sampleMean } from '../../linalg/quadrature/sample-mean.ts';
import { confidenceInterval } from '../../linalg/quadrature/student-t.ts';
import { hutchinsonTrace } from '../../linalg/quadrature/trace/hutchinson.ts';
import type { Status } from '../../linalg/result.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { elementScales, filterScales } from './element-scales.ts';
import { noiseSharpness } from './noise-sharpness.ts';
import type { SharpnessMeasure, StructureEigenvalue } from './structure.ts';
import { type TopSubspaceOptions, topSubspace } from './top-subspace.ts';
import { type WorstInBall, worstInBall } from './worst-in-ball.ts';

export interface SharpnessOptions {
  readonly radius: number;
  readonly adaptiveRadius: number;
  readonly ascentSteps: number;
  /** Null: ρ/√p. */
  readonly noise: number | null;
  readonly noiseDraws: number;
  readonly traceProbes: number;
  readonly search: Pick<TopSubspaceOptions, 'residualTol' | 'maxProducts' | 'symmetryTol'>;
}

export interface SharpnessFound {
  readonly value: readonly SharpnessMeasure[];
  readonly statuses: readonly Status[];
  readonly notices: readonly string[];
  readonly products: number;
  readonly gradients: number;
  readonly losses: number;
}

/**
 * The numbers that are called sharpness, each with the definition that it has here: largest eigenvalue and trace of H;
 * the same in metrics that rescaling a ReLU layer does not change; the rise of the loss in a ball, in the worst case (a
 * lower bound) and on average; and what the curvature predicts of it.
 *
 * Cost: three searches of a largest eigenvalue, `traceProbes` products, 2·(ascentSteps + 4) gradients, 3·noiseDraws losses.
 */
export async function measureSharpness<V>(
  objective: Objective<V>,
  theta: V,
  linearization: Linearization<V>,
  options: SharpnessOptions,
  { rng, signal, onProgress }: AnalysisContext,
): Promise<SharpnessFound> {
  const { space, layout } = objective;
  const { radius, adaptiveRadius } = options;
  const host = await space.toHost(theta);
  const hessian = hessianOperator(space, linearization);
  const gradient = await space.toHost(linearization.gradient);
  const statuses: Status[] = [];
  const notices: string[] = [];
  let products = 0;
  const leading = async (operator: LinearOperator<V>, stage: string) => {
    const found = await topSubspace(operator, {
      ...{ ...options.search, count: 1, rng: rng.split(stage), signal },
      onProgress: (done, total) => onProgress?.({ stage, done, total, unit: 'products' }),
    });
    statuses.push(found.status);
    products += found.products;
    return found;
  };
  const byElements = elementScales(host);
  const plain = await leading(hessian, 'largest eigenvalue');
  const adaptive = await leading(diagonallyScaledOperator(hessian, byElements), 'adaptive sharpness');
  const filters = await leading(diagonallyScaledOperator(hessian, filterScales(host, layout)), 'filter sharpness');
  space.release(...filters.vectors);

  // The largest eigenvalue is counted by itself: it would skew the probes.
  const trace = await hutchinsonTrace(projectedOperator(hessian, plain.vectors), {
    ...{ probes: options.traceProbes, rng: rng.split('trace'), signal },
    onProgress: (progress) =>
      onProgress?.({ stage: 'trace', done: progress.products, total: progress.limit, unit: 'products' }),
  });
  statuses.push(trace.status);
  products += trace.stats.products;

  const ascent = (stage: string, ball: number, scales: Float64Array | null, directions: readonly V[]) =>
    worstInBall(objective, theta, {
      ...{ radius: ball, scales, directions, steps: options.ascentSteps, signal },
      onProgress: (done, total) => onProgress?.({ stage, done, total, unit: 'gradients' }),
    });
  const worst = await ascent('worst loss in a ball', radius, null, plain.vectors);
  const adaptiveWorst = await ascent('worst loss, adaptive', adaptiveRadius, byElements, adaptive.vectors);
  space.release(...plain.vectors, ...adaptive.vectors);

  const sigma = options.noise ?? radius / Math.sqrt(space.dim);
  const noise = await noiseSharpness(objective, theta, {
    ...{ sigma, draws: options.noiseDraws, rng: rng.split('noise'), signal },
    onProgress: (done, total) => onProgress?.({ stage: 'average loss', done, total, unit: 'losses' }),
  });
  if (worst.oneStep === null) notices.push('The gradient is zero: sharpness-aware minimisation has no direction here.');

  const rounding = 16 * machineEpsilon(space.precision) * Math.max(1e-300, Math.abs(worst.centre));
  const counted = plain.vectors.length === 0 ? 0 : (plain.values[0]?.value ?? 0);
  const traceOfH = sampleMean(trace.value.samples.map((sample) => sample + counted));
  const square = host.reduce((sum, entry) => sum + entry * entry, 0);
  const lambda = plain.values[0];
  const value: SharpnessMeasure[] = [
    ...eigenvalueMeasure('largest eigenvalue', 'λ_max(H)', lambda, 1, false),
    meanMeasure('trace', 'tr H', traceOfH, 1, { probes: trace.value.probes }),
    ...eigenvalueMeasure('adaptive, by elements', 'λ_max(DHD), D = diag |θ|', adaptive.values[0], 1, true),
    ...eigenvalueMeasure(
      'adaptive, by filters',
      'λ_max(DHD), D = ‖θ_filter‖ for each weight of a filter, |θ| where there are none',
      filters.values[0],
      1,
      true,
    ),
    ...eigenvalueMeasure('times the norm of the weights', '‖θ‖² λ_max(H)', lambda, square, false),
    ...ballMeasures('SAM', worst, radius, rounding, {
      step: 'L(θ + ρ ∇L/‖∇L‖) − L(θ)',
      ball: 'max L(θ + ε) − L(θ) over ‖ε‖ ≤ ρ',
      invariant: false,
    }),
    ...prediction('SAM', 'ρ‖∇L‖ + ½ρ² max(0, λ_max(H))', radius, norm(gradient), lambda, false),
    ...ballMeasures('ASAM', adaptiveWorst, adaptiveRadius, rounding, {
      step: 'L(θ + ρ D²∇L/‖D∇L‖) − L(θ), D = diag |θ|',
      ball: 'max L(θ + ε) − L(θ) over ‖D⁻¹ε‖ ≤ ρ, D = diag |θ|',
      invariant: true,
    }),
    ...prediction(
      'ASAM',
      'ρ‖D∇L‖ + ½ρ² max(0, λ_max(DHD)), D = diag |θ|',
      adaptiveRadius,
      norm(gradient.map((entry, i) => entry * byElements[i]!)),
      adaptive.values[0],
      true,
    ),
    withRounding(
      meanMeasure('average over noise', 'E L(θ + ε) − L(θ), ε ~ N(0, σ²I)', noise, 1, { sigma, pairs: noise.pairs }),
      2 * machineEpsilon(space.precision) * Math.abs(worst.centre),
    ),
    meanMeasure('average over noise, predicted to second order', '½σ² tr H', traceOfH, sigma ** 2 / 2, { sigma }),
  ];
  const [measured, predicted] = value.slice(-2).map(({ interval95 }) => interval95!);
  if (measured![0] > predicted![1] || measured![1] < predicted![0])
    notices.push(
      'The average rise under noise is not what the trace predicts: higher orders count at this σ, or kinks of ReLU and pooling, which the Hessian does not see.',
    );
  return {
    value,
    statuses: [...statuses, ...(signal?.aborted ? (['cancelled'] as const) : [])],
    notices,
    products,
    gradients: worst.gradients + adaptiveWorst.gradients,
    losses: noise.losses,
  };
}

function eigenvalueMeasure(
  name: string,
  formula: string,
  found: StructureEigenvalue | undefined,
  factor: number,
  scaleInvariant: boolean,
): SharpnessMeasure[] {
  if (found === undefined) return [];
  const [value, error] = [factor * found.value, factor * found.errorEstimate];
  return [{ name, formula, value, certificate: 'residual', error, interval95: null, scaleInvariant, settings: {} }];
}

function meanMeasure(
  name: string,
  formula: string,
  estimate: Estimate,
  factor: number,
  settings: SharpnessMeasure['settings'],
): SharpnessMeasure {
  const { low, high } = confidenceInterval(estimate);
  return {
    name,
    formula,
    value: factor * estimate.value,
    certificate: 'standardError',
    error: factor * estimate.standardError,
    interval95: [factor * low, factor * high],
    scaleInvariant: false,
    settings,
  };
}

/** L(θ) is in every draw with the same rounding, which their spread does not show. */
function withRounding(measure: SharpnessMeasure, rounding: number): SharpnessMeasure {
  const [low, high] = measure.interval95!;
  return {
    ...measure,
    interval95: [low - rounding, high + rounding],
    settings: { ...measure.settings, rounding },
  };
}

function ballMeasures(
  name: string,
  { centre, oneStep, worst, alignment }: WorstInBall,
  radius: number,
  error: number,
  { step, ball, invariant }: { readonly step: string; readonly ball: string; readonly invariant: boolean },
): SharpnessMeasure[] {
  const common = { error, interval95: null, scaleInvariant: invariant };
  const lower: SharpnessMeasure = {
    ...common,
    name: `${name}, worst case`,
    formula: ball,
    value: worst - centre,
    certificate: 'lowerBound',
    settings: { radius, alignment },
  };
  if (oneStep === null) return [lower];
  const single: SharpnessMeasure = {
    ...common,
    name: `${name}, one step`,
    formula: step,
    value: oneStep - centre,
    certificate: 'rounding',
    settings: { radius },
  };
  return [single, lower];
}

/** An upper bound of the quadratic model of L in the ball; of L itself it is a prediction. */
function prediction(
  name: string,
  formula: string,
  radius: number,
  slope: number,
  curvature: StructureEigenvalue | undefined,
  scaleInvariant: boolean,
): SharpnessMeasure[] {
  if (curvature === undefined) return [];
  return [
    {
      name: `${name}, predicted to second order`,
      formula,
      value: radius * slope + (radius ** 2 / 2) * Math.max(0, curvature.value),
      certificate: 'residual',
      error: (radius ** 2 / 2) * curvature.errorEstimate,
      interval95: null,
      scaleInvariant,
      settings: { radius },
    },
  ];
}

const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, entry) => sum + entry * entry, 0));
