import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the .wasm files of the tensor backend lie beside a bundle; undefined when run from the sources. */
export function wasmFolder(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return [here, path.dirname(here)].map((folder) => path.join(folder, 'wasm')).find((folder) => existsSync(folder));
}
