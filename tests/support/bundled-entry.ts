import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '..', '..');

export interface BundledEntry {
  readonly file: string;
  remove(): Promise<void>;
}

/** The entry of a thread, bundled from the sources as they are: Node does not read TypeScript. */
export async function bundledEntry(...source: readonly string[]): Promise<BundledEntry> {
  const cache = path.join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  // Inside node_modules, so that the bundle finds the packages that it leaves out.
  const folder = await mkdtemp(path.join(cache, 'thread-'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      minify: false,
      rollupOptions: {
        input: { entry: path.join(root, ...source) },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return { file: path.join(folder, 'entry.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}
