import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Why the addon was not made. `noCompiler`: none was found; `compileFailed`: the message has the compiler's last lines. */
export class AddonNotCompiled extends Error {
  readonly kind: 'noCompiler' | 'compileFailed';

  constructor(kind: 'noCompiler' | 'compileFailed', message: string) {
    super(message);
    this.name = 'AddonNotCompiled';
    this.kind = kind;
  }
}

/** The folder with the sources of the addon, from a bundle as from the sources. */
function sourceFolder(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'electron', 'native');
    if (existsSync(path.join(candidate, 'module.cc'))) return candidate;
    if (path.dirname(folder) === folder) throw new Error('The sources of the addon are not where they were installed.');
  }
}

/** The addon's C++ files, headers too, in a fixed order. */
export function addonSources(): string[] {
  const folder = sourceFolder();
  const names = readdirSync(folder).filter((name) => /\.(cc|h)$/.test(name));
  return names.sort().map((name) => path.join(folder, name));
}

/** SHA-256 over names and contents of the sources; the addon that is shipped ready-made is marked with it. */
export function addonSourcesHash(): string {
  const hash = createHash('sha256');
  for (const file of addonSources())
    hash.update(path.basename(file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

const optionsAlways = [
  ...['-std=c++17', '-O2', '-fPIC', '-shared', '-fvisibility=hidden', '-DNAPI_VERSION=8', '-s'],
  // Node unmaps an addon with the last thread that has it, while its lanes still wait in its code: it is never unmapped.
  '-Wl,-z,nodelete',
];
const optionsForOldSystems = [
  '-DRUNS_ON_OLD_SYSTEMS',
  '-static-libstdc++',
  '-ffunction-sections',
  '-Wl,--gc-sections',
  '-Wl,--exclude-libs,ALL',
];

export interface CompileOptions {
  /** The file to make. */
  readonly out: string;
  /** The folder with the headers of Node's addons; of the package `node-api-headers` if left out. */
  readonly include?: string;
  /** A C++17 compiler; CXX, g++, c++ or clang++ if left out. */
  readonly compiler?: string;
  /** For the addon that is shipped: runs on systems older than this one, and without its C++ library. */
  readonly forOldSystems?: boolean;
}

/** Compiles the addon. It needs no file of TensorFlow. Throws `AddonNotCompiled`; `out` is whole or was not touched. */
export async function compileAddon({ out, include, compiler, forOldSystems = false }: CompileOptions): Promise<void> {
  const candidates = compiler ? [compiler] : [process.env.CXX, 'g++', 'c++', 'clang++'].filter((name) => !!name);
  const headers =
    include ?? path.join(path.dirname(createRequire(import.meta.url).resolve('node-api-headers')), 'include');
  const sources = addonSources().filter((file) => file.endsWith('.cc'));
  const unfinished = `${out}.${process.pid}.new`;
  const options = [...optionsAlways, ...(forOldSystems ? optionsForOldSystems : [])];
  try {
    for (const candidate of candidates) {
      const done = await runCompiler(candidate!, [...options, '-I', headers, ...sources, '-o', unfinished]);
      if (done) return await fs.rename(unfinished, out);
    }
  } finally {
    await fs.rm(unfinished, { force: true });
  }
  throw new AddonNotCompiled('noCompiler', `No C++ compiler was found (${candidates.join(', ')})`);
}

/** False where there is no such program. */
function runCompiler(compiler: string, options: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler, options, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors = (errors + text).slice(-65_536);
    });
    child.once('error', (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOENT' || problem.code === 'EACCES') resolve(false);
      else reject(problem);
    });
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(true);
      const how = signal === null ? `code ${code}` : signal;
      const lines = errors.split('\n').filter((line) => line.trim() !== '');
      const said = lines.find((line) => /\berror\b/.test(line)) ?? lines.at(-1) ?? '';
      reject(
        new AddonNotCompiled(
          'compileFailed',
          `${compiler} ended with ${how}: ${[said, ...lines.slice(-5)].join('\n')}`,
        ),
      );
    });
  });
}
