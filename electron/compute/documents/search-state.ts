import fs from 'node:fs/promises';
import type { SearchStore } from '../../../core/analyses/spectrum/spectrum-context.ts';
import { BadInput } from '../../../core/bad-input.ts';
import { canonicalJson } from '../../../core/experiment/experiment.ts';
import { readKrylovState, writeKrylovState } from '../../../core/formats/krylov-state.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import type { OpenedPoint } from '../open-point.ts';

export interface DiskSearch {
  readonly store: SearchStore;
  /** Products that were spent before; 0 where the search begins. */
  readonly productsBefore: number;
  /** The search has ended: its state is of no more use. */
  remove(): Promise<void>;
}

/** What must be the same for a search to go on: the function, the point and all that chooses the operator. */
function problemOf({ opened, step }: OpenedPoint, parameters: Readonly<Record<string, unknown>>): string {
  const { operator = 'hessian', blocks = null, samples = 1 } = parameters;
  const { seed, data, model, loss, reduction } = opened.experiment;
  return canonicalJson({ seed, data, model, loss, reduction, step, operator, blocks, samples });
}

/**
 * A search for eigenvalues that lies in a file: taken up where the file exists, and written again as it goes on. The file
 * is always a whole one. BadInput for the state of another problem, or a damaged one.
 */
export async function openSearch(
  file: string,
  point: OpenedPoint,
  parameters: Readonly<Record<string, unknown>>,
): Promise<DiskSearch> {
  const problem = problemOf(point, parameters);
  const bytes = await fs.readFile(file).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null;
    throw new BadInput(`${file} cannot be read (${thrown.code}).`, 'Name a file that can be read and written.');
  });
  const from = bytes === null ? null : readKrylovState(bytes, problem);
  return {
    productsBefore: from?.products ?? 0,
    store: { from, onState: (state) => atomicWrite(file, writeKrylovState(state, problem)) },
    remove: () => fs.rm(file, { force: true }),
  };
}
