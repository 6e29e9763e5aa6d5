import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BadInput } from '../../../core/bad-input.ts';
import { atomicWrite, temporaryName } from '../atomic-write.ts';
import { diskProblem } from '../disk-problem.ts';
import { buildAddon, copyAddon, prebuiltAddon } from './addon.ts';
import type { Verification } from './check-operations.ts';
import { downloadWheel, findPip } from './download-wheel.ts';
import { EngineFault } from './engine-fault.ts';
import {
  type EngineRecord,
  engineFiles,
  engineLibraries,
  enginesHome,
  type InstalledEngine,
  installedEngines,
  useEngine,
} from './engines-home.ts';
import { changingEngines } from './engines-lock.ts';
import { folderBytes } from './folder-bytes.ts';
import { requireSpace } from './free-space.ts';
import { cudaRequirements, installCudaLibraries } from './gpu-libraries.ts';
import { verifyEngine } from './verify-engine.ts';
import { openWheel, type Wheel } from './wheel.ts';

/** What an installation is at. `total` is 0 where nobody knows it. */
export interface InstallProgress {
  readonly phase: 'download' | 'unpack' | 'compile' | 'verify';
  readonly done: number;
  readonly total: number;
  readonly unit: 'MB' | 'steps';
  /** The package that is downloaded. */
  readonly of?: string;
}

export interface InstallOptions {
  /** The wheel with CUDA, and the libraries of CUDA that it asks for. */
  readonly gpu?: boolean;
  /** Of TensorFlow. */
  readonly version?: string | undefined;
  /** A wheel that is already here; else pip fetches one. */
  readonly wheel?: string | undefined;
  readonly home?: string;
  /** An aborted installation leaves nothing and throws BadInput. */
  readonly signal?: AbortSignal | undefined;
  onProgress?(progress: InstallProgress): void;
}

export const defaultVersion = '2.15.1';

/** Rough upper bounds before anything is known: wheel and what is unpacked from it. */
const expectedBytes = { cpu: 1.1e9, gpu: 7e9 } as const;

/** Why no engine can be installed on this system, in a sentence; null where one can. */
export const whyNoInstallation = (): string | null =>
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : `The native engine exists for Linux on x86-64 so far, and this is ${process.platform} on ${process.arch}.`;

function requirePlatform(): void {
  const reason = whyNoInstallation();
  if (reason !== null) throw new BadInput(reason, 'Everything works with the engine wasm, which is built in.');
}

function requireVersion(version: string): void {
  if (/^\d+\.\d+\.\d+(rc\d+)?$/.test(version)) return;
  throw new BadInput(
    `${version} is not a version of TensorFlow.`,
    `Give one like ${defaultVersion}; 2.12.1 to 2.21.0 were tried.`,
  );
}

/** Everything that one installation needs at hand. */
interface Work {
  readonly options: InstallOptions;
  readonly home: string;
  readonly gpu: boolean;
  /** Beside the engines, so that one renaming makes it an engine. */
  readonly folder: string;
  readonly engine: string;
}

function requireFittingWheel(wheel: Wheel, { gpu, version }: InstallOptions): void {
  const refuse = (found: string, advice: string): never => {
    throw new BadInput(`The wheel ${wheel.file} ${found}.`, advice);
  };
  const again = 'Give a wheel of tensorflow-cpu (or tensorflow, with --gpu) for Linux x86-64.';
  if (!/^tensorflow(-cpu)?$/.test(wheel.name)) refuse(`is of ${wheel.name || 'nothing'} and not of TensorFlow`, again);
  if (!wheel.tags.some((tag) => /linux.*_x86_64$/.test(tag)))
    refuse(`is for another platform (${wheel.tags.map((tag) => tag.split('-').at(-1)).join(', ') || 'none'})`, again);
  if (gpu && wheel.name === 'tensorflow-cpu')
    refuse('is of tensorflow-cpu, which knows no GPU', 'Leave --gpu away, or give a wheel of tensorflow.');
  if (version !== undefined && version !== wheel.version)
    refuse(`is of version ${wheel.version} and not ${version}`, 'Leave --version away.');
  for (const library of engineLibraries)
    if (!wheel.members.some(({ name }) => name === `tensorflow/${library}`)) refuse(`has no ${library}`, again);
}

async function checksum(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  await pipeline([createReadStream(file, { highWaterMark: 2 ** 20 }), hash], signal ? { signal } : {});
  return hash.digest('hex');
}

async function unpackLibraries(wheel: Wheel, { engine, options }: Work): Promise<void> {
  const folder = path.join(engine, engineFiles.libraries);
  const members = wheel.members.filter(({ name }) =>
    engineLibraries.some((library) => name === `tensorflow/${library}`),
  );
  const total = members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await requireSpace(engine, total + 16e6);
  await fs.mkdir(folder);
  let done = 0;
  for (const member of members)
    await wheel.unpack(member, path.join(folder, path.basename(member.name)), {
      signal: options.signal,
      onBytes(bytes) {
        done += bytes;
        options.onProgress?.({
          phase: 'unpack',
          done: Math.round(done / 1e6),
          total: Math.round(total / 1e6),
          unit: 'MB',
        });
      },
    });
}

interface Checked {
  readonly verified: Verification;
  readonly addon: 'prebuilt' | 'compiled';
}

/**
 * The shipped addon where it loads here, else one that is compiled. What is wrong behind the loading (a library that
 * computes something else) no other addon would mend.
 */
async function equip(folder: string, { signal, onProgress }: InstallOptions): Promise<Checked> {
  const verify = () => {
    onProgress?.({ phase: 'verify', done: 0, total: 1, unit: 'steps' });
    return verifyEngine(folder, { signal });
  };
  const prebuilt = prebuiltAddon();
  if (prebuilt !== null) {
    await fs.rm(path.join(folder, engineFiles.addon), { force: true });
    await copyAddon(prebuilt, folder);
    try {
      return { verified: await verify(), addon: 'prebuilt' };
    } catch (problem) {
      if (!(problem instanceof EngineFault && problem.stage === 'addon')) throw problem;
    }
  }
  onProgress?.({ phase: 'compile', done: 0, total: 1, unit: 'steps' });
  await fs.rm(path.join(folder, engineFiles.addon), { force: true });
  await buildAddon(folder, signal);
  signal?.throwIfAborted();
  return { verified: await verify(), addon: 'compiled' };
}

async function writeRecord(folder: string, record: EngineRecord): Promise<void> {
  await atomicWrite(path.join(folder, engineFiles.record), `${JSON.stringify(record, null, 2)}\n`);
}

/** An engine of this name that is there and passes its checks (with the present addon) is used again. */
async function standing(name: string, home: string, options: InstallOptions): Promise<boolean> {
  const engine = (await installedEngines(home)).find(({ record }) => record.name === name);
  if (engine === undefined) return false;
  try {
    const checked = await equip(engine.folder, options);
    await writeRecord(engine.folder, { ...engine.record, abi: checked.verified.abi, ...checked });
    return true;
  } catch (problem) {
    options.signal?.throwIfAborted();
    if (problem instanceof EngineFault) return false;
    throw problem;
  }
}

/** Puts the finished folder in its place; an engine of the same name that failed its checks makes room first. */
async function place(finished: string, target: string): Promise<void> {
  const aside = temporaryName(target);
  await fs.rename(target, aside).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'ENOENT') throw problem;
  });
  await fs.rename(finished, target);
  await fs.rm(aside, { recursive: true, force: true });
}

async function fetchedWheel({ options, folder, gpu, home }: Work): Promise<string> {
  if (options.wheel !== undefined) return path.resolve(options.wheel);
  findPip();
  await requireSpace(home, expectedBytes[gpu ? 'gpu' : 'cpu']);
  const requirement = `${gpu ? 'tensorflow' : 'tensorflow-cpu'}==${options.version ?? defaultVersion}`;
  return downloadWheel(requirement, folder, downloading(options));
}

const downloading = ({ signal, onProgress }: InstallOptions) => ({
  signal,
  onBytes(done: number, total: number, requirement: string) {
    const of = /^[\w-]+/.exec(requirement)?.[0] ?? requirement;
    onProgress?.({ phase: 'download', of, done: Math.round(done / 1e6), total: Math.round(total / 1e6), unit: 'MB' });
  },
});

const engineName = (version: string, gpu: boolean): string => `tensorflow-${version}-${gpu ? 'gpu' : 'cpu'}`;

async function makeEngine(work: Work): Promise<string> {
  const { options, engine, gpu, home, folder } = work;
  const file = await fetchedWheel(work);
  const wheel = await openWheel(file);
  try {
    requireFittingWheel(wheel, options);
    const name = engineName(wheel.version, gpu);
    if (options.wheel !== undefined && (await standing(name, home, options))) return name;
    const cuda = gpu ? cudaRequirements(wheel) : [];
    const sha256 = await checksum(file, options.signal);
    await unpackLibraries(wheel, work);
    if (options.wheel === undefined) await fs.rm(file);
    const nvidia = await installCudaLibraries(cuda, { engine, downloads: folder, ...downloading(options) });
    const { verified, addon } = await equip(engine, options);
    if (verified.version !== wheel.version)
      throw new EngineFault(
        'library',
        `it says that it is TensorFlow ${verified.version}, and its wheel ${wheel.version}`,
      );
    await writeRecord(engine, {
      name,
      version: wheel.version,
      gpu,
      abi: verified.abi,
      wheel: { file: path.basename(file), sha256 },
      nvidia,
      addon,
      date: new Date().toISOString(),
      sizeBytes: await folderBytes(engine),
      verified,
    });
    options.signal?.throwIfAborted();
    await place(engine, path.join(home, name));
    return name;
  } finally {
    await wheel.close();
  }
}

/** What failed, as one sentence and what to do. */
function installProblem(problem: unknown, { home, options }: Pick<Work, 'home' | 'options'>): unknown {
  if (options.signal?.aborted)
    return new BadInput('The installation was stopped.', 'Nothing of it is left; start it again when you like.');
  if (problem instanceof EngineFault)
    return new BadInput(
      `The engine does not work here: ${problem.message}.`,
      'Nothing was installed. Another version may work: --version 2.15.1 is the one that was tried most.',
    );
  if (['ENOSPC', 'EDQUOT'].includes((problem as NodeJS.ErrnoException | null)?.code ?? ''))
    return new BadInput(
      `The disk of ${home} is full.`,
      'Make room, or name a folder on another disk with the variable SADDLESCOPE_ENGINES; nothing was installed.',
    );
  return diskProblem(problem, home);
}

/**
 * Installs TensorFlow's C library as an engine and makes it the one in use: wheel → libraries → addon → checks → one
 * renaming. An engine that is there and works is only checked again and used. Whatever fails or is stopped, nothing is
 * left behind and what was in use stays so. Throws BadInput.
 */
export async function installEngine(options: InstallOptions = {}): Promise<InstalledEngine> {
  requirePlatform();
  if (options.version !== undefined) requireVersion(options.version);
  const home = options.home ?? enginesHome();
  const gpu = options.gpu ?? false;
  try {
    return await changingEngines(home, async () => {
      const folder = temporaryName(path.join(home, 'installing'));
      const name = engineName(options.version ?? defaultVersion, gpu);
      if (options.wheel === undefined && (await standing(name, home, options))) return useEngine(name, home);
      const engine = path.join(folder, 'engine');
      await fs.mkdir(engine, { recursive: true });
      try {
        return await useEngine(await makeEngine({ options, home, gpu, folder, engine }), home);
      } finally {
        await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
      }
    });
  } catch (problem) {
    throw installProblem(problem, { home, options });
  }
}
