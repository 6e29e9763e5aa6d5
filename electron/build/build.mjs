/** Bundles the command line and its workers as CommonJS, and lays the backend's .wasm files beside them. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import { root } from './prepare.mjs';

const require = createRequire(import.meta.url);
const out = path.join(root, 'dist', 'cli');
fs.rmSync(out, { recursive: true, force: true });

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  // Only the Node builds of the packages: the browser field of vega would bring in canvas and fetch.
  resolve: {
    alias: { 'vega-canvas': path.join(root, 'node_modules/vega-canvas/build/vega-canvas.browser.js') },
  },
  ssr: { noExternal: true, external: ['@resvg/resvg-js'], target: 'node' },
  build: {
    ssr: true,
    target: 'node18',
    outDir: out,
    minify: false,
    rollupOptions: {
      input: {
        saddlescope: path.join(root, 'electron/cli/main.ts'),
        'float64-worker': path.join(root, 'electron/compute/float64-worker.ts'),
      },
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
});

const wasm = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
fs.mkdirSync(path.join(out, 'wasm'), { recursive: true });
for (const file of fs.readdirSync(path.join(wasm, 'dist')).filter((name) => name.endsWith('.wasm')))
  fs.copyFileSync(path.join(wasm, 'dist', file), path.join(out, 'wasm', file));
fs.writeFileSync(path.join(out, 'package.json'), '{ "type": "commonjs" }\n');
