import {
  advanceLanczosProcess,
  releaseLanczosProcess,
  startLanczosProcess,
} from '../../../linalg/eigenpairs/lanczos-process.ts';
import { hessianOperator } from '../../../objective/curvature/hessian.ts';
import type { StoppingReason } from './finder.ts';
import type { Search, Standing } from './search-loop.ts';

/** H V = V T + β v eᵀ with v₁ along ∇L. */
export interface KrylovProcess<V> {
  readonly basis: readonly V[];
  readonly alpha: readonly number[];
  /** One a basis vector; the last couples to what the space leaves out, 0 where it has closed. */
  readonly beta: readonly number[];
  /** ‖∇L‖ */
  readonly length: number;
  release(): void;
}

/** Lanczos with full reorthogonalisation from ∇L. Cost: at most `size` products. */
export async function krylovProcess<V>(
  { space, options, productsLeft }: Search<V>,
  { linearization, gradient, square }: Standing<V>,
  size: number,
): Promise<KrylovProcess<V> | StoppingReason> {
  const process = await startLanczosProcess(hessianOperator(space, linearization), space.copy(gradient));
  if (process === null) return 'noProgress';
  const wanted = Math.min(size, space.dim, productsLeft());
  for (let i = 0; i < wanted; i++) {
    const advance = await advanceLanczosProcess(process);
    if (options.signal?.aborted || advance === 'notFinite') {
      releaseLanczosProcess(process);
      return advance === 'notFinite' ? 'notFinite' : 'cancelled';
    }
    if (advance === 'closed') break;
  }
  const { basis, alpha, beta } = process;
  return { basis, alpha, beta, length: Math.sqrt(square), release: () => releaseLanczosProcess(process) };
}
