import os from 'node:os';
import path from 'node:path';
import { describeAdapter, type Gpu, type GpuDescription } from '../../core/models/tensorflow/webgpu/gpu.ts';

/** A GPU that plain Node can use, and what it is. */
export interface NodeGpu extends GpuDescription {
  readonly gpu: Gpu;
}

interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: Record<string, unknown>;
}

/** Keeps a library in the process though it is no addon (RTLD_NODELETE of Linux). */
const neverUnload = 0x1000;

/**
 * The first adapter of Dawn, the WebGPU implementation of Chromium as an addon of Node: null where its package, a driver
 * or an adapter is missing. Reading values does not work inside Electron, whose V8 allows no memory from outside; there
 * null too. `vulkanFolder` names a folder with `libvulkan.so.1` and `vk_swiftshader_icd.json`, as a browser carries
 * them, for machines without a Vulkan of their own (Linux): the adapter is then SwiftShader, a program. That works on
 * the main thread only, because it sets a variable of the environment.
 */
export async function nodeGpu({ vulkanFolder }: { vulkanFolder?: string } = {}): Promise<NodeGpu | null> {
  held ??= await firstAdapter(vulkanFolder);
  return held;
}

/** One for the whole realm; Dawn ends with the object that made it, also under a device that lives. */
let held: NodeGpu | null = null;

async function firstAdapter(vulkanFolder: string | undefined): Promise<NodeGpu | null> {
  // A thread inside Electron has no `versions.electron`; without memory from outside, reading would end the process.
  if (/electron/.test(process.versions.v8)) return null;
  if (process.platform === 'linux' && !loadsVulkan(vulkanFolder)) return null;
  const dawn = await loadDawn();
  if (dawn === null) return null;
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter === null ? null : { gpu, ...(await describeAdapter(adapter)) };
}

async function loadDawn(): Promise<Dawn | null> {
  try {
    // An optional package: it may be missing, or have no build for this system.
    return (await import('webgpu')) as unknown as Dawn;
  } catch {
    return null;
  }
}

/** Dawn would look for Vulkan by itself, but tells of a missing one on standard error. */
function loadsVulkan(folder: string | undefined): boolean {
  const library = 'libvulkan.so.1';
  if (folder === undefined) return staysLoaded(library);
  process.env.VK_ICD_FILENAMES = path.join(folder, 'vk_swiftshader_icd.json');
  // Loaded from there, it is then found by its name; the search path of a running process cannot be changed.
  return staysLoaded(path.join(folder, library));
}

/** Loads a library that is no addon of Node, which Node says only after it was loaded. */
function staysLoaded(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library, os.constants.dlopen.RTLD_NOW | neverUnload);
    return true;
  } catch (problem) {
    return String(problem).includes('did not self-register');
  }
}
