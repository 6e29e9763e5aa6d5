import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { stochasticLanczosDensity } from '../../linalg/quadrature/stochastic-lanczos-density.ts';
import type { Status } from '../../linalg/result.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';

/** Points of a curve in a record: 1,000 numbers a probe, some 15 kB of JSON. */
const points = 256;

export interface HessianDensity {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly standardError: readonly number[];
  readonly kernelWidth: number;
  readonly starts: number;
  readonly lanczosSteps: number;
  readonly status: Status;
}

/** The density of the eigenvalues by stochastic Lanczos quadrature as plain numbers. Cost: starts × lanczosSteps products. */
export async function hessianDensity<V extends HostVector>(
  hessian: LinearOperator<V>,
  options: {
    readonly starts: number;
    readonly lanczosSteps: number;
    readonly rng: Random;
    readonly signal: AbortSignal;
  },
): Promise<HessianDensity> {
  const { starts, lanczosSteps, rng, signal } = options;
  const { value, status } = await stochasticLanczosDensity(hessian, {
    probes: starts,
    steps: lanczosSteps,
    gridPoints: points,
    rng,
    signal,
  });
  return {
    x: Array.from(value.x),
    y: Array.from(value.y),
    standardError: Array.from(value.standardError),
    kernelWidth: value.kernelWidth,
    starts: value.probes,
    lanczosSteps: value.steps,
    status,
  };
}
