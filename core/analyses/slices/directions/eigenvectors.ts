import { BadInput } from '../../../bad-input.ts';
import type { RitzPair } from '../../../linalg/eigenpairs/eigenpairs.ts';
import { lanczos } from '../../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../../linalg/linear-operator.ts';
import type { Status } from '../../../linalg/result.ts';
import type { AnalysisContext } from '../../analysis-run.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';

export interface EigenvectorsFound {
  /** Largest eigenvalue first. */
  readonly top: readonly FoundDirection[];
  /** Most negative eigenvalue first. */
  readonly bottom: readonly FoundDirection[];
  readonly products: number;
  readonly status: Status;
}

/** Enough for leading eigenvalues; where the lowest is nearly zero its relative residual may never be reached. */
const maxProducts = 300;
const residualTol = 1e-3;

/**
 * Unit eigenvectors of a symmetric matrix of the curvature by Lanczos, each with its eigenvalue and ‖A v − λ v‖, wanted
 * below 1e-3 |λ|. Cost: at most 300 products. What was not found before the work was cancelled or met a number that is not
 * finite has no vector.
 */
export async function eigenvectorDirections<V>(
  operator: LinearOperator<V>,
  matrix: string,
  { top, bottom }: { readonly top: number; readonly bottom: number },
  { rng, signal, onProgress }: AnalysisContext,
): Promise<EigenvectorsFound> {
  const { space } = operator;
  const { value, status, stats } = await lanczos(operator, {
    top,
    bottom,
    residualTol,
    maxProducts,
    eigenvectors: true,
    rng,
    signal,
    onProgress: ({ products, limit }) =>
      onProgress?.({ stage: 'eigenvectors', done: products, total: limit, unit: 'products' }),
  });
  try {
    const ended = status === 'cancelled' || status === 'notFinite';
    const taken = async (pairs: readonly RitzPair<V>[], count: number, kind: string) => {
      const found: FoundDirection[] = [];
      for (let k = 0; k < count; k++) {
        const pair = pairs[k];
        if (!pair?.vector && !ended)
          throw new BadInput(`The ${matrix} matrix here has too few eigenvectors.`, 'Use another direction.');
        found.push(
          pair?.vector
            ? foundDirection(await space.toHost(pair.vector), kind, { eigenvalue: pair.value, residual: pair.residual })
            : foundDirection(null, kind),
        );
      }
      return found;
    };
    return {
      top: await taken(value.top, top, `${matrix} eigenvector`),
      bottom: await taken(value.bottom, bottom, `lowest ${matrix} eigenvector`),
      products: stats.products,
      status,
    };
  } finally {
    space.release(...[...value.top, ...value.bottom].flatMap(({ vector }) => vector ?? []));
  }
}
