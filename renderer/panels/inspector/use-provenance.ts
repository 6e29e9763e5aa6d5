import { useEffect, useState } from 'react';
import type { Provenance } from '../../../core/experiment/run-folder.ts';
import { compute } from '../../client/compute.ts';
import type { Run } from '../../state/runs.ts';

/** It never changes: asked for once a run. */
const known = new Map<string, Provenance>();

/** How a run was made, as its folder (by its reference) says; null where that cannot be read yet. */
export async function provenanceOf(reference: string): Promise<Provenance | null> {
  const found = known.get(reference);
  if (found) return found;
  try {
    const { value } = await compute.call('provenance', { run: reference }).outcome;
    known.set(reference, value);
    return value;
  } catch {
    // What is not known is not shown.
    return null;
  }
}

/** The same for components; null until that is there. */
export function useProvenance({ file: { reference }, checkpoints }: Run): Provenance | null {
  const [, setAsked] = useState(0);
  // The folder of a new run is whole once it has a checkpoint.
  const isThere = checkpoints.length > 0;
  useEffect(() => {
    if (!isThere || known.has(reference)) return;
    let wanted = true;
    void provenanceOf(reference).then((found) => {
      if (wanted && found) setAsked((count) => count + 1);
    });
    return () => {
      wanted = false;
    };
  }, [reference, isThere]);
  return known.get(reference) ?? null;
}
