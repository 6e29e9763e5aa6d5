/**
 * Compiles WebAssembly text to a TypeScript module that carries the bytes in base64.
 *
 *   node electron/build/compile-wat.mjs core/linalg/spaces/simd-kernels.wat           writes core/linalg/spaces/simd-kernels.wasm.ts
 *   node electron/build/compile-wat.mjs --check core/linalg/spaces/simd-kernels.wat   exit code 1 unless that file is up to date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import wabt from 'wabt';

const features = { simd: true, threads: true, bulk_memory: true };

/** The module's source for a .wat file: `export const fooBarWasm = '…'` for foo-bar.wat. */
export async function compileWat(path) {
  const { parseWat } = await wabt();
  const parsed = parseWat(path, readFileSync(path, 'utf8'), features);
  parsed.validate(features);
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const stem = basename(path, '.wat');
  const name = `${stem.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}Wasm`;
  return (
    `/** ${stem}.wat compiled, in base64. Made by electron/build/compile-wat.mjs: change the .wat and run it again. */\n` +
    `export const ${name} =\n  '${Buffer.from(buffer).toString('base64')}';\n`
  );
}

async function main(args) {
  const check = args[0] === '--check';
  const paths = check ? args.slice(1) : args;
  if (paths.length === 0 || paths.some((path) => !path.endsWith('.wat'))) {
    console.error('Usage: node electron/build/compile-wat.mjs [--check] FILE.wat …');
    return 2;
  }
  let stale = 0;
  for (const path of paths) {
    const target = path.replace(/\.wat$/, '.wasm.ts');
    const source = await compileWat(path);
    if (!check) writeFileSync(target, source);
    else if (readFileSync(target, 'utf8') !== source) {
      console.error(`${target} is not what ${path} compiles to: run node electron/build/compile-wat.mjs ${path}`);
      stale++;
    }
  }
  return stale > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await main(process.argv.slice(2));
