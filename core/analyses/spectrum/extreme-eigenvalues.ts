import { BadInput } from '../../bad-input.ts';
import { blockLanczos } from '../../linalg/eigenpairs/block-lanczos.ts';
import type { EigenpairsOptions, EigenpairsValue, RitzPair } from '../../linalg/eigenpairs/eigenpairs.ts';
import { requireInteriorFeasible } from '../../linalg/eigenpairs/interior.ts';
import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import { lobpcg } from '../../linalg/eigenpairs/lobpcg.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Result, Status } from '../../linalg/result.ts';
import { type DenseEigenpairs, denseEigenpairs } from './dense-eigenpairs.ts';
import type { SpectrumParameters } from './descriptor.ts';
import type { CertifiedEigenvalue, EigenSubspace } from './spectrum.ts';
import type { SpectrumContext } from './spectrum-context.ts';

export interface EigenvalueAsk {
  readonly symmetryTol: number | undefined;
  /** Keep the vectors; they are then the caller's to release. */
  readonly vectors: boolean;
}

/** Products between two states put down. */
const stateEvery = 50;

/**
 * The extreme eigenvalues by the method that was asked for. All answer alike: lists of pairs with residuals, and the
 * subspaces of those that cannot be told apart.
 */
export async function extremeEigenvalues<V>(
  operator: LinearOperator<V>,
  parameters: SpectrumParameters,
  { symmetryTol, vectors }: EigenvalueAsk,
  { rng, signal, onProgress, search }: SpectrumContext,
): Promise<Result<EigenpairsValue<V> & Partial<DenseEigenpairs<V>>>> {
  const { dim, precision } = operator.space;
  const { top, bottom, magnitude, nearZero, residualTol, maxProducts, maxBasis, method, blockSize } = parameters;
  const byPrecision = precision === 'float64' ? 1e-8 : 1e-4;
  const options: EigenpairsOptions<V> = {
    top,
    bottom,
    magnitude,
    eigenvalueTol: parameters.eigenvalueTol ?? (residualTol === null ? byPrecision : undefined),
    residualTol: residualTol ?? undefined,
    maxProducts,
    maxSeconds: parameters.maxSeconds ?? undefined,
    maxBasis: Math.max(maxBasis, Math.min(dim, top + bottom + 2 * magnitude + 3)),
    eigenvectors: vectors,
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
  };
  if (nearZero > 0) {
    requireInteriorFeasible(dim);
    if (method !== 'dense')
      throw new BadInput(
        `Eigenvalues nearest to zero cannot be told honestly by the method ${method}.`,
        'Use the method dense, or ask for the share near zero of the density.',
      );
  }
  const trueResiduals = parameters.residuals;
  if (search && method !== 'lanczos')
    throw new BadInput(`A search by ${method} cannot be taken up again.`, 'Use the method lanczos to resume.');
  switch (method) {
    case 'blockLanczos':
      return blockLanczos(operator, { ...options, blockSize, trueResiduals });
    case 'lobpcg':
      return lobpcg(operator, { ...options, blockSize });
    case 'dense':
      return denseEigenpairs(operator, { ...options, nearZero });
    default:
      return lanczos(operator, {
        ...options,
        verifyMultiplicity: parameters.verifyMultiplicity,
        trueResiduals,
        ...(search && { from: search.from ?? undefined, onState: search.onState, stateEvery }),
      });
  }
}

/** A gap between values that have not converged says nothing: then the residual is all that is known. */
export const certified =
  (status: Status | undefined) =>
  <V>({
    value,
    residual,
    evidence,
    residualIsEstimate,
    errorBound,
    errorEstimate,
  }: RitzPair<V>): CertifiedEigenvalue => ({
    value,
    residual,
    evidence,
    residualIsEstimate,
    errorBound,
    errorEstimate: status === 'converged' || status === 'invariantSubspace' ? errorEstimate : errorBound,
  });

/** Subspaces of two and more dimensions: of a single eigenvalue there is nothing to say besides. */
export function subspacesOf<V>({ subspaces }: EigenpairsValue<V>): EigenSubspace[] {
  return subspaces
    .filter(({ count }) => count > 1)
    .map(({ list, indices, count, value, spread, residual, complete }) => ({
      end: list,
      first: indices[0]!,
      count,
      value,
      spread,
      residual,
      complete,
    }));
}
