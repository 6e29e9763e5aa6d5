import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const workerEntry = fileURLToPath(new URL('float64-oracle-worker.ts', import.meta.url));

/**
 * Calls the exported function `name` of a TypeScript module in a worker whose tensors are in double precision, and
 * gives its (cloned) result. The module is bundled first, because Node does not read TypeScript; about a second.
 */
export async function inFloat64Realm<T>(module: URL, name: string, argument?: unknown): Promise<T> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  // Inside node_modules, so that the bundle finds the packages that it leaves out.
  const folder = await mkdtemp(join(cache, 'float64-oracle-'));
  try {
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
          input: { oracle: fileURLToPath(module), worker: workerEntry },
          output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
        },
      },
    });
    const bundle = pathToFileURL(join(folder, 'oracle.mjs')).href;
    return await answer<T>(new Worker(join(folder, 'worker.mjs'), { workerData: { bundle, name, argument } }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function answer<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The double-precision worker ended with code ${code}.`)));
  });
}
