/** Bundles the page: ES modules for Chromium, every asset a file of its own, so that the content policy needs no exception. */
import fs from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { install } from './bundle.mjs';
import { root } from './prepare.mjs';

export const pageOptions = {
  root: path.join(root, 'renderer'),
  configFile: false,
  logLevel: 'warn',
  base: './',
  plugins: [react()],
  // vega-canvas waits for a native package at its top level otherwise.
  resolve: { alias: { 'vega-canvas': path.join(root, 'node_modules/vega-canvas/build/vega-canvas.browser.js') } },
};

/** @param {string} folder where the page is to be */
export const bundlePage = (folder) => bundleAt(folder, pageOptions);

/** The page of the window that nobody sees. @param {string} folder where it is to be */
export const bundleGpuPage = (folder) =>
  bundleAt(folder, { ...pageOptions, root: path.join(root, 'electron', 'gpu'), plugins: [] });

async function bundleAt(folder, options) {
  const out = `${folder}.${process.pid}.tmp`;
  await build({
    ...options,
    build: {
      outDir: out,
      emptyOutDir: true,
      // The oldest runtime that starts the page.
      target: 'chrome114',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4000,
      // Vega's worker takes its time; nothing is to be done about it here.
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
  install(out, folder, 'assets');
  fs.rmSync(out, { recursive: true, force: true });
}
