import path from 'node:path';
import { ensureElectron } from '../../electron/build/electron-runtime.mjs';
import { type NodeGpu, nodeGpu } from '../../electron/host/dawn.ts';

/** The GPU of this machine, else the software one that Electron carries; null where neither starts. */
export async function gpuOfTests(): Promise<NodeGpu | null> {
  const own = await nodeGpu();
  if (own !== null) return own;
  const electron = ensureElectron();
  return electron === null ? null : nodeGpu({ vulkanFolder: path.dirname(electron.program) });
}

/** For the names of suites that are skipped. */
export const noGpu = 'skipped without an adapter of WebGPU';
