/** Bundles entries for Node and Electron's processes as CommonJS, with the wasm backend's .wasm files beside them in `wasm/`. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import { root } from './prepare.mjs';

const require = createRequire(import.meta.url);

/** A process that runs loads parts of its bundle later: what is replaced stays for this long. */
const keptMs = 24 * 3_600_000;

/**
 * Lays new files over old ones. What lies in the folder `hashed` carries a hash in its name, so both fit beside each other;
 * entries are replaced by renaming, whole.
 */
export function install(made, out, hashed = 'chunks') {
  const files = fs.readdirSync(made, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = new Set(
    files.map((entry) => path.relative(made, path.join(entry.parentPath ?? entry.path, entry.name))),
  );
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
    fs.renameSync(path.join(made, name), path.join(out, name));
  }
  const chunks = path.join(out, hashed);
  for (const name of fs.existsSync(chunks) ? fs.readdirSync(chunks) : []) {
    const isOld = Date.now() - fs.statSync(path.join(chunks, name)).mtimeMs > keptMs;
    if (isOld && !names.has(path.join(hashed, name))) fs.rmSync(path.join(chunks, name));
  }
}

function copyWasm(out) {
  const wasm = path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
  fs.mkdirSync(path.join(out, 'wasm'), { recursive: true });
  for (const file of fs.readdirSync(wasm).filter((name) => name.endsWith('.wasm')))
    fs.copyFileSync(path.join(wasm, file), path.join(out, 'wasm', file));
}

/**
 * @param {Record<string, string>} input entry name → source file
 * @param {string} folder where the bundle is to be
 * @param {{ computes: boolean }} options whether it computes, and so needs the .wasm files
 */
export async function bundle(input, folder, { computes }) {
  const out = `${folder}.${process.pid}.tmp`;
  fs.rmSync(out, { recursive: true, force: true });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // The Node build of vega-canvas waits for an optional native package at its top level, which CommonJS cannot.
    resolve: { alias: { 'vega-canvas': path.join(root, 'node_modules/vega-canvas/build/vega-canvas.browser.js') } },
    ssr: { noExternal: true, external: ['@resvg/resvg-js', 'electron', 'webgpu'], target: 'node' },
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
  if (computes) copyWasm(out);
  fs.writeFileSync(path.join(out, 'package.json'), '{ "type": "commonjs" }\n');
  install(out, folder);
  fs.rmSync(out, { recursive: true, force: true });
}
