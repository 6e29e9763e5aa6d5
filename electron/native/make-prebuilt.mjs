/**
 * Makes the addon that is shipped for this kind of machine, and beside it the hash of the sources it was made from.
 * Run it after every change of them:
 *
 *   node electron/native/make-prebuilt.mjs
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = path.dirname(fileURLToPath(import.meta.url));
const { module } = await runnerImport(path.join(here, 'compile-addon.ts'));
const folder = path.join(here, '..', '..', 'assets', 'native', `${process.platform}-${process.arch}`);
mkdirSync(folder, { recursive: true });
await module.compileAddon({ out: path.join(folder, 'saddlescope-tensorflow.node'), forOldSystems: true });
writeFileSync(
  path.join(folder, 'sources.txt'),
  `saddlescope-tensorflow.node is electron/native compiled by electron/native/make-prebuilt.mjs.\nSHA-256 of the sources: ${module.addonSourcesHash()}\n`,
);
