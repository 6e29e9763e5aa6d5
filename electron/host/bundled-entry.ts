import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bundle of a thread's entry beside this one; null where this runs from the sources, which Node cannot start. */
export function bundledEntry(name: string): string | null {
  const here = path.dirname(fileURLToPath(import.meta.url));
  // Beside this file, or beside the folder of its chunk.
  const files = [here, path.dirname(here)].map((folder) => path.join(folder, `${name}.cjs`));
  return files.find((candidate) => existsSync(candidate)) ?? null;
}
