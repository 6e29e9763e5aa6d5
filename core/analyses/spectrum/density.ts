import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { densityMasses, type MassEstimate } from '../../linalg/quadrature/density-masses.ts';
import { effectiveDimension } from '../../linalg/quadrature/effective-dimension.ts';
import { logDensityOfQuadratures } from '../../linalg/quadrature/log-density.ts';
import { logDeterminant } from '../../linalg/quadrature/log-determinant.ts';
import type { SpectralDensity } from '../../linalg/quadrature/spectral-density.ts';
import type { Deflation } from '../../linalg/quadrature/spectral-quadrature.ts';
import { stochasticLanczosDensity } from '../../linalg/quadrature/stochastic-lanczos-density.ts';
import type { Result } from '../../linalg/result.ts';
import type { Random } from '../../random/random.ts';
import type { SpectrumParameters } from './descriptor.ts';
import type { DensityCurve, ProbedEstimate, ShiftedSum } from './spectrum.ts';
import type { ProbesRequest, SpectrumContext } from './spectrum-context.ts';

/** The stream of the probes, below that of the analysis. */
export const probeStream = (rng: Random): Random => rng.split('density');

/** The probes of the density, on the linear axis; other axes, shares and sums come from them without products. */
export async function probedDensity<V>(
  operator: LinearOperator<V>,
  parameters: SpectrumParameters,
  deflated: Deflation<V> | undefined,
  symmetryTol: number | undefined,
  context: SpectrumContext,
): Promise<Result<SpectralDensity>> {
  const { rng, signal, onProgress, probes: pool } = context;
  const isShared = pool !== undefined && pool.threads > 1 && parameters.densityProbes > 1;
  const request = isShared ? await probesRequest(operator, parameters, deflated, symmetryTol, context) : null;
  return stochasticLanczosDensity(operator, {
    probes: parameters.densityProbes,
    steps: parameters.densitySteps,
    gridPoints: parameters.gridPoints,
    kernelWidth: parameters.kernelWidth ?? undefined,
    deflated,
    symmetryTol,
    rng: probeStream(rng),
    signal,
    onProgress: ({ products, limit }) =>
      onProgress?.({ stage: 'density', done: products, total: limit, unit: 'products' }),
    ...(request && { shareOut: (probes) => pool!.quadratures(request, probes, signal) }),
  });
}

async function probesRequest<V>(
  { space }: LinearOperator<V>,
  { operator, blocks, samples, densitySteps }: SpectrumParameters,
  deflated: Deflation<V> | undefined,
  symmetryTol: number | undefined,
  { rng, preconditioner }: SpectrumContext,
): Promise<ProbesRequest> {
  return {
    matrix: { operator, blocks, samples },
    preconditioner: preconditioner ?? null,
    rng: rng.state(),
    steps: densitySteps,
    symmetryTol: symmetryTol ?? null,
    deflated: deflated
      ? {
          values: Float64Array.from(deflated.values),
          vectors: await Promise.all(deflated.vectors.map((vector) => space.toHost(vector))),
        }
      : null,
  };
}

/** Points of the logarithmic axis. */
const logPoints = 512;

/** What is drawn and said of a density. */
export function densityCurve(density: SpectralDensity, { delta }: SpectrumParameters): DensityCurve {
  const { x, y, standardError, cumulative, cumulativeLower, cumulativeUpper } = density;
  const { kernelWidth, probes, steps, mean, secondMoment, deflated } = density;
  const isEmpty = x.length === 0;
  return {
    x,
    y,
    standardError,
    cumulative,
    cumulativeLower,
    cumulativeUpper,
    logarithmic: isEmpty ? null : logDensityOfQuadratures(density, { steps, gridPoints: logPoints }),
    masses: isEmpty ? undefined : massesOf(density, delta ?? kernelWidth),
    deflated: Array.from(deflated).reverse(),
    kernelWidth,
    probes,
    steps,
    mean,
    secondMoment,
  };
}

const reading = ({ value, standardError, low95, high95 }: MassEstimate): ProbedEstimate => ({
  value,
  standardError,
  low95,
  high95,
});

function massesOf(density: SpectralDensity, delta: number): DensityCurve['masses'] {
  const { below, near, above } = densityMasses(density, delta);
  return { delta, below: reading(below), near: reading(near), above: reading(above) };
}

/** ln det(A + σI) and the effective dimension; the former null where A + σI has eigenvalues of 0 and below. */
export function shiftedSums(
  density: SpectralDensity,
  shift: number,
  isPositive: boolean,
): { readonly logDeterminant: ShiftedSum | null; readonly effectiveDimension: ShiftedSum } {
  const smallest = Math.min(...density.deflated, ...density.quadratures.map(({ nodes }) => nodes[0]!));
  // Rounding puts nodes of a positive semidefinite matrix a little below 0.
  const options = isPositive ? { spectrumStart: Math.min(0, smallest) } : {};
  return {
    logDeterminant: smallest + shift > 0 ? { ...reading(logDeterminant(density, shift, options)), shift } : null,
    effectiveDimension: { ...reading(effectiveDimension(density, shift, options)), shift },
  };
}
