import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { type DownloadOptions, downloadWheel } from './download-wheel.ts';
import { engineFiles } from './engines-home.ts';
import { requireSpace } from './free-space.ts';
import { openWheel, type Wheel } from './wheel.ts';

/**
 * What a GPU wheel asks for besides itself, as pip takes it: its lines `Requires-Dist` under the extra `and-cuda`, e.g.
 * `nvidia-cublas-cu12==12.2.5.6`. Throws BadInput where it names none (before TensorFlow 2.14).
 */
export function cudaRequirements({ file, requirements }: Pick<Wheel, 'file' | 'requirements'>): string[] {
  const wanted = requirements
    .filter((line) => /;.*\bextra *== *['"]and-cuda['"]/.test(line))
    .map((line) => (line.split(';')[0] ?? '').replaceAll(/[\s()]/g, ''))
    .filter((requirement) => /^nvidia-[\w-]+-cu\d+[<>=!~.,\w]*$/.test(requirement));
  if (wanted.length > 0) return wanted;
  throw new BadInput(
    `The wheel ${path.basename(file)} does not name the CUDA libraries that it needs.`,
    'Give --version 2.14.1 or newer, without --wheel, or leave --gpu away.',
  );
}

/** Libraries, and what compiles kernels on the way; headers and static libraries stay out. */
const wanted = /^nvidia\/([\w-]+)\/(lib\/[^/]+\.so[^/]*|bin\/ptxas|nvvm\/libdevice\/[^/]+\.bc)$/;

/** Unpacks the libraries of one `nvidia-*` wheel into the folder of an engine; answers the name and version of the wheel. */
export async function unpackCudaWheel(file: string, engine: string, signal?: AbortSignal): Promise<string> {
  const wheel = await openWheel(file);
  try {
    const members = wheel.members.filter(({ name }) => wanted.test(name));
    await requireSpace(
      engine,
      members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
    for (const member of members) {
      const target = path.join(engine, engineFiles.nvidia, ...member.name.split('/').slice(1));
      await fs.mkdir(path.dirname(target), { recursive: true });
      await wheel.unpack(member, target, { signal });
      if (member.name.endsWith('/ptxas')) await fs.chmod(target, 0o755);
    }
    return `${wheel.name} ${wheel.version}`;
  } finally {
    await wheel.close();
  }
}

/** Fetches and unpacks the CUDA libraries one after another, so that at most one wheel takes room beside them. */
export async function installCudaLibraries(
  requirements: readonly string[],
  { engine, downloads, signal, onBytes }: DownloadOptions & { readonly engine: string; readonly downloads: string },
): Promise<string[]> {
  const installed: string[] = [];
  for (const requirement of requirements) {
    const wheel = await downloadWheel(requirement, downloads, { signal, ...(onBytes ? { onBytes } : {}) });
    installed.push(await unpackCudaWheel(wheel, engine, signal));
    await fs.rm(path.dirname(wheel), { recursive: true, force: true });
  }
  return installed;
}
