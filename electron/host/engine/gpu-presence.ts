import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What this machine has of an NVIDIA GPU, whether or not an engine uses it. */
export interface GpuPresence {
  /** The files of its devices: `/dev/nvidia0` … */
  readonly devices: readonly string[];
  /** Version of the kernel's driver, or null where it is not loaded. */
  readonly driver: string | null;
  /** Whether the driver's library is where programs find it. */
  readonly hasLibrary: boolean;
  /** Names with memory, as the driver's own program tells them. */
  readonly cards: readonly string[];
}

const driverLibrary = 'libcuda.so.1';
/** Where the loader looks without being told; the cache of `ldconfig` knows of more. */
const libraryFolders = [
  '/usr/lib/x86_64-linux-gnu',
  '/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/cuda/compat',
  '/usr/lib/wsl/lib',
];

function findsLibrary(): boolean {
  const given = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean);
  if ([...given, ...libraryFolders].some((folder) => existsSync(path.join(folder, driverLibrary)))) return true;
  const known = ['ldconfig', '/sbin/ldconfig'].map(
    (program) => spawnSync(program, ['-p'], { encoding: 'utf8', timeout: 5000 }).stdout,
  );
  return known.some((listing) => listing?.includes(driverLibrary));
}

function driverVersion(): string | null {
  try {
    return (
      /Kernel Module +(?:for \S+ +)?([\d.]+)/.exec(readFileSync('/proc/driver/nvidia/version', 'utf8'))?.[1] ??
      'unknown'
    );
  } catch {
    return null;
  }
}

function cardNames(): string[] {
  const asked = spawnSync('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return asked.status === 0
    ? asked.stdout
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    : [];
}

export function gpuPresence(): GpuPresence {
  const devices = existsSync('/dev')
    ? readdirSync('/dev')
        .filter((name) => /^nvidia\d+$/.test(name))
        .map((name) => `/dev/${name}`)
    : [];
  return { devices, driver: driverVersion(), hasLibrary: findsLibrary(), cards: cardNames() };
}

/** The engine in use, as far as its GPU goes. */
export interface GpuEngine {
  readonly gpu: boolean;
  readonly usesGpu: boolean;
}

/** Why no GPU computes, as one sentence, or null where one does. */
export function whyNoGpu({ devices, driver, hasLibrary }: GpuPresence, engine: GpuEngine | null): string | null {
  if (engine?.usesGpu) return null;
  if (driver === null && devices.length === 0) return 'no NVIDIA driver is loaded and there is no /dev/nvidia0';
  if (devices.length === 0)
    return `driver ${driver} is loaded, but there is no /dev/nvidia0 (a container must be given its GPU)`;
  if (!hasLibrary)
    return `${devices[0]} is there, but the driver's library ${driverLibrary} is not: install the driver's user part`;
  if (engine === null) return 'there is one, and no engine is installed: saddlescope engine install --gpu';
  if (!engine.gpu) return 'there is one, and the engine in use is for the processor: saddlescope engine install --gpu';
  return `the engine in use was given the GPU's libraries but does not find it: its driver${driver ? ` ${driver}` : ''} may be too old for CUDA 12`;
}
