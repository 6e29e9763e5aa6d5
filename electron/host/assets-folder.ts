import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder `assets`, from a bundle in dist/cli as from the sources: the nearest one above that holds our data. */
export function assetsFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = path.join(folder, 'assets');
    if (existsSync(path.join(candidate, 'experiments', 'first-light.yaml'))) return candidate;
    const above = path.dirname(folder);
    if (above === folder) throw new Error('The folder assets is not where it was installed.');
    folder = above;
  }
}
