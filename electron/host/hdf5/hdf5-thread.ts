import { Worker } from 'node:worker_threads';
import { FormatError } from '../../../core/formats/format-error.ts';
import { hdf5Limits } from '../../../core/formats/limits.ts';
import type { Hdf5Group } from '../../../core/formats/loss-landscape/hdf5-tree.ts';
import { bundledEntry } from '../bundled-entry.ts';
import { refuseOthers } from './signature.ts';
import type { Hdf5Answer, Hdf5Request } from './thread-messages.ts';

/** Where threads of HDF5 come from and how long one may work. */
export interface Hdf5ThreadOptions {
  readonly signal?: AbortSignal | undefined;
  /** The bundled entry; the one beside this bundle unless given. */
  readonly file?: string | null;
  readonly limitMs?: number;
  readonly heapMegabytes?: number;
}

/**
 * One request in a thread of its own that ends with it: 512 MB of JavaScript's heap, 2 GiB of the library's memory, 30 s.
 * Endless loops and exhausted memory end that thread alone, as named errors. From the sources (tests), where there is no
 * bundle to start, it is done in this thread, without watchdog.
 */
async function ask(request: Hdf5Request, options: Hdf5ThreadOptions): Promise<Hdf5Answer> {
  const { signal, file = bundledEntry('hdf5'), limitMs = hdf5Limits.milliseconds } = options;
  const { heapMegabytes = hdf5Limits.heapMegabytes } = options;
  signal?.throwIfAborted();
  if (file === null) return (await import('./answer.ts')).answer(request);
  const worker = new Worker(file, {
    workerData: request,
    // The realm of the tensor engine, given on the command line, is none of HDF5's business.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    stderr: true,
    stdout: true,
  });
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise<Hdf5Answer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (problem: Error & { readonly code?: string }) =>
        reject(
          problem.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? new FormatError('hdf5-memory', `Reading the file took more than ${heapMegabytes} MB of memory.`)
            : problem,
        ),
      );
      worker.once('exit', (code) => reject(new Error(`The thread of HDF5 ended with code ${code} and no answer.`)));
      timer = setTimeout(
        () => reject(new FormatError('hdf5-time', `Reading the file took longer than ${limitMs / 1000} s.`)),
        limitMs,
      );
      stop = () => reject(signal!.reason as Error);
      signal?.addEventListener('abort', stop, { once: true });
    });
  } finally {
    clearTimeout(timer);
    if (stop) signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function refused(answer: Hdf5Answer): Error {
  if (answer.kind === 'refused') return new FormatError(answer.rule, answer.found);
  return new Error(answer.kind === 'fault' ? answer.text : 'HDF5 answered something else.');
}

/** The tree of an HDF5 file. Throws FormatError; the signal's reason when stopped. */
export async function hdf5Tree(bytes: Uint8Array, options: Hdf5ThreadOptions = {}): Promise<Hdf5Group> {
  // Told here, without a thread.
  refuseOthers(bytes);
  const answer = await ask({ kind: 'read', bytes }, options);
  if (answer.kind !== 'tree') throw refused(answer);
  return answer.tree;
}

/** The bytes of an HDF5 file with this tree. */
export async function hdf5Bytes(tree: Hdf5Group, options: Hdf5ThreadOptions = {}): Promise<Uint8Array> {
  const answer = await ask({ kind: 'write', tree }, options);
  if (answer.kind !== 'bytes') throw refused(answer);
  return answer.bytes;
}
