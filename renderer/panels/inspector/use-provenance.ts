import { useEffect, useState } from 'react';
import type { Provenance } from '../../../core/experiment/run-folder.ts';
import { compute } from '../../client/compute.ts';
import type { Run } from '../../state/runs.ts';

/** It never changes: asked for once a run. */
const known = new Map<string, Provenance>();

/** How a run was made, as its folder says; null until that is there. */
export function useProvenance({ file: { reference }, checkpoints }: Run): Provenance | null {
  const [, setAsked] = useState(0);
  // The folder of a new run is whole once it has a checkpoint.
  const isThere = checkpoints.length > 0;
  useEffect(() => {
    if (!isThere || known.has(reference)) return;
    let wanted = true;
    compute.call('provenance', { run: reference }).outcome.then(
      ({ value }) => {
        known.set(reference, value);
        if (wanted) setAsked((count) => count + 1);
      },
      // What is not known is not shown.
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [reference, isThere]);
  return known.get(reference) ?? null;
}
