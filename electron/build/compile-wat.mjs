import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../core/linalg');

/** The binary of a module in WebAssembly text, without names. */
export async function compileWat(path) {
  const toolkit = await wabt();
  const module = toolkit.parseWat(path, readFileSync(path, 'utf8'), { simd: true, bulk_memory: true });
  module.validate();
  const { buffer } = module.toBinary({ write_debug_names: false });
  module.destroy();
  return buffer;
}

/** What stands in `name-bytes.ts` beside `name.wat`: the module as base64, because core cannot read files. */
export async function embeddedModule(path) {
  const base64 = Buffer.from(await compileWat(path)).toString('base64');
  const name = path.split('/').at(-1).replace('.wat', '');
  const constant = `${name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())}Bytes`;
  return `/** Compiled from ${name}.wat by \`node electron/build/compile-wat.mjs\`. */\nexport const ${constant} =\n  '${base64}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.wat'))) {
    const path = join(folder, file);
    writeFileSync(path.replace('.wat', '-bytes.ts'), await embeddedModule(path));
  }
}
