/** Bundles entries for plain Node as CommonJS, with the wasm backend's .wasm files beside them in `wasm/`. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import { root } from './prepare.mjs';

const require = createRequire(import.meta.url);

/** @param {Record<string, string>} input entry name → source file  @param {string} out folder, emptied first */
export async function bundle(input, out) {
  fs.rmSync(out, { recursive: true, force: true });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // The Node build of vega-canvas waits for an optional native package at its top level, which CommonJS cannot.
    resolve: { alias: { 'vega-canvas': path.join(root, 'node_modules/vega-canvas/build/vega-canvas.browser.js') } },
    ssr: { noExternal: true, external: ['@resvg/resvg-js'], target: 'node' },
    build: {
      ssr: true,
      target: 'node18',
      outDir: out,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  });
  const wasm = path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
  fs.mkdirSync(path.join(out, 'wasm'), { recursive: true });
  for (const file of fs.readdirSync(wasm).filter((name) => name.endsWith('.wasm')))
    fs.copyFileSync(path.join(wasm, file), path.join(out, 'wasm', file));
  fs.writeFileSync(path.join(out, 'package.json'), '{ "type": "commonjs" }\n');
}
