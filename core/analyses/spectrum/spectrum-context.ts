import type { LanczosState } from '../../linalg/eigenpairs/lanczos-state.ts';
import type { AnalysisContext } from '../analysis-run.ts';

/** Where an interrupted search for eigenvalues goes on, and where it puts itself down. */
export interface SearchStore {
  readonly from: LanczosState | null;
  readonly onState: (state: LanczosState) => Promise<void>;
}

export interface SpectrumContext extends AnalysisContext {
  readonly search?: SearchStore | undefined;
  /** The diagonal of Adam's P at this point; null or absent where there is none. */
  readonly preconditioner?: Float64Array | null | undefined;
}
