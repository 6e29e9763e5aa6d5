import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { atomicWrite } from '../atomic-write.ts';
import type { Verification } from './check-operations.ts';

/** The libraries that an engine consists of, by the names they have in every wheel since TensorFlow 2.12. */
export const engineLibraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** Names inside the folder of an engine. */
export const engineFiles = {
  libraries: 'lib',
  /** Where the libraries of a GPU wheel look for those of CUDA: `$ORIGIN/../nvidia/NAME/lib`. */
  nvidia: 'nvidia',
  addon: 'saddlescope-tensorflow.node',
  record: 'engine.json',
} as const;

const activeFile = 'active.json';

/** What `engine.json` says of an installed engine. */
export interface EngineRecord {
  /** Of the folder, e.g. `tensorflow-2.15.1-cpu`. */
  readonly name: string;
  readonly version: string;
  readonly gpu: boolean;
  /** The version of the addon's interface. */
  readonly abi: number;
  readonly wheel: { readonly file: string; readonly sha256: string };
  /** CUDA libraries that came with a GPU engine, e.g. `nvidia-cublas-cu12 12.2.5.6`. */
  readonly nvidia: readonly string[];
  readonly addon: 'prebuilt' | 'compiled';
  readonly date: string;
  readonly sizeBytes: number;
  readonly verified: Verification;
}

export interface InstalledEngine {
  readonly folder: string;
  readonly addon: string;
  readonly record: EngineRecord;
  readonly active: boolean;
}

/** Where engines are: `SADDLESCOPE_ENGINES`, else in the user's folder for data. */
export function enginesHome(environment: NodeJS.ProcessEnv = process.env): string {
  const { SADDLESCOPE_ENGINES: given, XDG_DATA_HOME: data } = environment;
  if (given) return path.resolve(given);
  // The specification of these folders says that a relative path is to be ignored.
  const base = data && path.isAbsolute(data) ? data : path.join(os.homedir(), '.local', 'share');
  return path.join(base, 'saddlescope', 'engines');
}

const isName = (name: unknown): name is string =>
  typeof name === 'string' && /^tensorflow-[0-9A-Za-z.+]+-(cpu|gpu)$/.test(name);

/** The name of an engine as a folder; BadInput for anything else, so that no path leaves the home of the engines. */
export function engineFolder(home: string, name: string): string {
  if (isName(name)) return path.join(home, name);
  throw new BadInput(`${name} is not the name of an engine.`, 'saddlescope engine list tells the names.');
}

function readRecord(folder: string): EngineRecord | null {
  try {
    const record = JSON.parse(readFileSync(path.join(folder, engineFiles.record), 'utf8')) as EngineRecord;
    const { name, version, gpu, abi, sizeBytes, verified } = record;
    const known = typeof version === 'string' && typeof gpu === 'boolean' && Number.isInteger(abi);
    const checked = typeof verified?.date === 'string' && Array.isArray(verified.devices);
    return name === path.basename(folder) && known && checked && sizeBytes > 0 ? record : null;
  } catch {
    return null;
  }
}

function activeName(home: string): string | null {
  try {
    const { name } = JSON.parse(readFileSync(path.join(home, activeFile), 'utf8')) as { name?: unknown };
    return isName(name) ? name : null;
  } catch {
    return null;
  }
}

function installedEngine(home: string, name: string, active: string | null): InstalledEngine | null {
  const folder = path.join(home, name);
  const record = readRecord(folder);
  return record && { folder, addon: path.join(folder, engineFiles.addon), record, active: name === active };
}

/** Every engine that is installed whole, by name; a folder without a readable `engine.json` is none. */
export async function installedEngines(home: string = enginesHome()): Promise<InstalledEngine[]> {
  const names = await fs.readdir(home).catch(() => [] as string[]);
  const active = activeName(home);
  return names
    .filter(isName)
    .sort()
    .map((name) => installedEngine(home, name, active))
    .filter((engine) => engine !== null);
}

/** The engine in use, or null where none is. */
export function activeEngine(home: string = enginesHome()): InstalledEngine | null {
  const name = activeName(home);
  return name === null ? null : installedEngine(home, name, name);
}

/** Makes an installed engine the one in use; BadInput where it is not there. */
export async function useEngine(name: string, home: string = enginesHome()): Promise<InstalledEngine> {
  const engine = installedEngine(home, path.basename(engineFolder(home, name)), name);
  if (engine === null) throw notInstalled(name, await installedEngines(home));
  await atomicWrite(path.join(home, activeFile), `${JSON.stringify({ name })}\n`);
  return engine;
}

/** No engine is in use from now on. */
export const useNone = (home: string): Promise<void> => fs.rm(path.join(home, activeFile), { force: true });

export function notInstalled(name: string, engines: readonly InstalledEngine[]): BadInput {
  const names = engines.map(({ record }) => record.name);
  const advice =
    names.length > 0 ? `Installed are: ${names.join(', ')}.` : 'No engine is installed: saddlescope engine install.';
  return new BadInput(`The engine ${name} is not installed.`, advice);
}
