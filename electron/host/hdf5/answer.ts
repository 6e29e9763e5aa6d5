import { FormatError } from '../../../core/formats/format-error.ts';
import { openLibrary } from './library.ts';
import { readTree } from './read-tree.ts';
import type { Hdf5Answer, Hdf5Request } from './thread-messages.ts';
import { writeTree } from './write-tree.ts';

/** Does what is asked, in this thread. Files out of order are answers. */
export async function answer(request: Hdf5Request): Promise<Hdf5Answer> {
  try {
    const library = await openLibrary();
    if (request.kind === 'read') return { kind: 'tree', tree: readTree(library, request.bytes) };
    return { kind: 'bytes', bytes: writeTree(library, request.tree) };
  } catch (problem) {
    if (problem instanceof FormatError) return { kind: 'refused', rule: problem.rule, found: problem.found };
    return { kind: 'fault', text: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem) };
  }
}
