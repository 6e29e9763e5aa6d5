import { type LanczosValue, lanczos, type RitzPair } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { hutchinsonTrace, type TraceEstimate } from '../../linalg/quadrature/hutchinson-trace.ts';
import { type SpectralDensity, stochasticLanczosDensity } from '../../linalg/quadrature/stochastic-lanczos-density.ts';
import type { Result, Stats, Status } from '../../linalg/result.ts';
import { gaussNewtonOperator } from '../../objective/curvature/gauss-newton.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { type SpectrumParameters, spectrumDescriptor } from './descriptor.ts';
import type { CertifiedEigenvalue, DensityCurve, Spectrum } from './spectrum.ts';

/** Worst last: the status of the whole is that of its worst part. */
const severity: readonly Status[] = [
  'converged',
  'invariantSubspace',
  'stagnated',
  'budgetSpent',
  'cancelled',
  'diverged',
  'notSymmetric',
  'notFinite',
];
/** Difference quotients of gradients are symmetric to this only. */
const symmetryTolOfDifferences = 0.05;

/**
 * The spectrum of the Hessian (or of its Gauss–Newton part) of L at θ: extreme eigenvalues by Lanczos, density by
 * stochastic Lanczos quadrature, trace by Hutchinson, each with its certificate and a random stream of its own.
 *
 * Cost: one gradient and the products of the parts. Status: that of the worst part; `notFinite` as well where loss or
 * gradient are not finite, and then nothing else is spent.
 */
export async function runSpectrum<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<SpectrumParameters> | Readonly<Record<string, unknown>>,
  context: AnalysisContext,
): Promise<Result<Spectrum>> {
  const began = performance.now();
  const parameters = readParameters(spectrumDescriptor.parameters, given) as unknown as SpectrumParameters;
  const { space } = objective;
  const linearization = await objective.linearize(theta);
  try {
    const gradientNorm = Math.sqrt((await space.dots([linearization.gradient], linearization.gradient))[0]!);
    const finite = Number.isFinite(linearization.loss) && Number.isFinite(gradientNorm);
    const parts = finite ? await runParts(objective, linearization, parameters, context) : nothing<V>();
    const { eigenvalues, density, trace } = parts;
    const statuses = [eigenvalues?.status, density?.status, trace?.status].flatMap((status) => status ?? []);
    const value: Spectrum = {
      operator: parameters.operator,
      operatorName: parameters.operator === 'hessian' ? 'Hessian' : 'Gauss–Newton matrix',
      operatorFormula: '',
      blocks: null,
      blockNames: objective.layout.blocks.map(({ name }) => name),
      eigenvalues: (eigenvalues?.value.top ?? []).map(certified(eigenvalues?.status)),
      bottom: (eigenvalues?.value.bottom ?? []).map(certified(eigenvalues?.status)),
      magnitude: [],
      subspaces: [],
      density: density === null ? null : densityCurve(density.value),
      trace: trace === null ? null : traceOf(trace.value),
      logDeterminant: null,
      effectiveDimension: null,
      layers: null,
      images: null,
      notices: [],
      loss: linearization.loss,
      gradientNorm,
      dim: space.dim,
      convention: objective.convention,
      engine: objective.engine,
      precision: space.precision,
      inexactReason: linearization.exact ? null : (linearization.inexactReason ?? 'products are differences'),
      parts: {
        eigenvalues: eigenvalues?.status ?? null,
        density: density?.status ?? null,
        trace: trace?.status ?? null,
        layers: null,
      },
    };
    return { value, status: finite ? worst(statuses) : 'notFinite', stats: total(parts, began) };
  } finally {
    linearization.dispose();
  }
}

interface Parts<V> {
  readonly eigenvalues: Result<LanczosValue<V>> | null;
  readonly density: Result<SpectralDensity> | null;
  readonly trace: Result<TraceEstimate> | null;
}

function nothing<V>(): Parts<V> {
  return { eigenvalues: null, density: null, trace: null };
}

async function runParts<V>(
  objective: Objective<V>,
  linearization: Linearization<V>,
  parameters: SpectrumParameters,
  context: AnalysisContext,
): Promise<Parts<V>> {
  const { space } = objective;
  const operator =
    parameters.operator === 'hessian'
      ? hessianOperator(space, linearization)
      : gaussNewtonOperator(space, linearization);
  const symmetryTol = linearization.exact ? undefined : symmetryTolOfDifferences;
  return {
    eigenvalues:
      parameters.top + parameters.bottom > 0
        ? await extremeEigenvalues(operator, parameters, symmetryTol, context)
        : null,
    density: parameters.density ? await density(operator, parameters, symmetryTol, context) : null,
    trace: parameters.trace ? await trace(operator, parameters, context) : null,
  };
}

function extremeEigenvalues<V>(
  operator: LinearOperator<V>,
  parameters: SpectrumParameters,
  symmetryTol: number | undefined,
  { rng, signal, onProgress }: AnalysisContext,
): Promise<Result<LanczosValue<V>>> {
  const { top, bottom, residualTol, maxProducts, maxBasis, verifyMultiplicity } = parameters;
  const byPrecision = operator.space.precision === 'float64' ? 1e-8 : 1e-4;
  return lanczos(operator, {
    top,
    bottom,
    eigenvalueTol: parameters.eigenvalueTol ?? (residualTol === null ? byPrecision : undefined),
    residualTol: residualTol ?? undefined,
    maxProducts,
    maxBasis: Math.max(maxBasis, Math.min(operator.space.dim, top + bottom + 3)),
    verifyMultiplicity,
    symmetryTol,
    rng: rng.split('eigenvalues'),
    signal,
    onProgress: (progress) =>
      onProgress?.({
        stage: 'eigenvalues',
        done: progress.products,
        total: progress.limit,
        unit: 'products',
        live: { top: progress.top, bottom: progress.bottom },
      }),
  });
}

function density<V>(
  operator: LinearOperator<V>,
  parameters: SpectrumParameters,
  symmetryTol: number | undefined,
  { rng, signal, onProgress }: AnalysisContext,
): Promise<Result<SpectralDensity>> {
  return stochasticLanczosDensity(operator, {
    probes: parameters.densityProbes,
    steps: parameters.densitySteps,
    gridPoints: parameters.gridPoints,
    kernelWidth: parameters.kernelWidth ?? undefined,
    symmetryTol,
    rng: rng.split('density'),
    signal,
    onProgress: ({ products, limit }) =>
      onProgress?.({ stage: 'density', done: products, total: limit, unit: 'products' }),
  });
}

function trace<V>(
  operator: LinearOperator<V>,
  parameters: SpectrumParameters,
  { rng, signal, onProgress }: AnalysisContext,
): Promise<Result<TraceEstimate>> {
  return hutchinsonTrace(operator, {
    probes: parameters.traceProbes,
    relativeTol: parameters.traceTol ?? undefined,
    rng: rng.split('trace'),
    signal,
    onProgress: ({ products, limit, value }) =>
      onProgress?.({ stage: 'trace', done: products, total: limit, unit: 'products', live: { trace: [value] } }),
  });
}

/** A gap between values that have not converged says nothing: then the residual is all that is known. */
const certified =
  (status: Status | undefined) =>
  <V>({ value, residual, residualIsEstimate, errorBound, errorEstimate }: RitzPair<V>): CertifiedEigenvalue => ({
    value,
    residual,
    residualIsEstimate,
    errorBound,
    errorEstimate: status === 'converged' || status === 'invariantSubspace' ? errorEstimate : errorBound,
  });

function densityCurve({ quadratures: _, ...curve }: SpectralDensity): DensityCurve {
  return curve;
}

function traceOf({ value, standardError, probes }: TraceEstimate) {
  const half = 1.96 * standardError;
  return { value, standardError, probes, method: 'hutchinson' as const, low95: value - half, high95: value + half };
}

function worst(statuses: readonly Status[]): Status {
  return severity[Math.max(0, ...statuses.map((status) => severity.indexOf(status)))]!;
}

function total<V>({ eigenvalues, density: curve, trace: sum }: Parts<V>, began: number): Stats {
  const products = (eigenvalues?.stats.products ?? 0) + (curve?.stats.products ?? 0) + (sum?.stats.products ?? 0);
  return { products, gradients: 1, losses: 0, seconds: (performance.now() - began) / 1000 };
}
