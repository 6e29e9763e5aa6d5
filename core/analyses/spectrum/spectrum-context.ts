import type { LanczosState } from '../../linalg/eigenpairs/lanczos-state.ts';
import type { ProbesToShare, SharedOutcomes } from '../../linalg/quadrature/stochastic-lanczos-density.ts';
import type { RandomState } from '../../random/random.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import type { SpectrumParameters } from './descriptor.ts';

/** Where an interrupted search for eigenvalues goes on, and where it puts itself down. */
export interface SearchStore {
  readonly from: LanczosState | null;
  readonly onState: (state: LanczosState) => Promise<void>;
}

/** What of a density another thread has to know, as plain data; θ and the loss it knows already. */
export interface ProbesRequest {
  /** They name the matrix. */
  readonly matrix: Pick<SpectrumParameters, 'operator' | 'blocks' | 'samples'>;
  readonly preconditioner: Float64Array | null;
  /** The stream of the analysis. */
  readonly rng: RandomState;
  readonly steps: number;
  readonly symmetryTol: number | null;
  readonly deflated: { readonly values: Float64Array; readonly vectors: readonly Float64Array[] } | null;
}

/** Threads that compute the probes of a density at once. The numbers are those of one thread, bit for bit. */
export interface ProbePool {
  readonly threads: number;
  /** Throws where a thread fails or is lost. */
  quadratures(
    request: ProbesRequest,
    probes: ProbesToShare,
    signal: { readonly aborted: boolean } | undefined,
  ): Promise<SharedOutcomes>;
}

export interface SpectrumContext extends AnalysisContext {
  readonly search?: SearchStore | undefined;
  /** The diagonal of Adam's P at this point; null or absent where there is none. */
  readonly preconditioner?: Float64Array | null | undefined;
  /** By itself the probes of a density follow each other in this thread. */
  readonly probes?: ProbePool | undefined;
}
