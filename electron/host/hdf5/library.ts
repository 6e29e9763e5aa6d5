import { randomUUID } from 'node:crypto';

/** What is used of h5wasm's module, below the classes it offers: those pass over failed reads. */
export interface H5Metadata {
  readonly type: number;
  readonly size: number;
  readonly signed: boolean;
  readonly vlen: boolean;
  readonly shape: number[] | null;
  readonly enum_type?: { readonly nmembers: number; readonly members: Readonly<Record<string, number>> };
  readonly virtual_sources?: readonly unknown[];
}

interface H5Filesystem {
  writeFile(name: string, bytes: Uint8Array): void;
  readFile(name: string): Uint8Array;
  readdir(folder: string): string[];
  unlink(name: string): void;
  close(stream: unknown): void;
  readonly streams: (unknown | { stream_ops: Record<string, unknown> })[];
}

interface H5Calls {
  readonly HEAPU8: Uint8Array;
  readonly FS: H5Filesystem;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  UTF8ToString(pointer: number): string;
  open(name: string, mode: number, trackOrder: boolean, low: number, high: number): bigint;
  close_file(file: bigint): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_symbolic_link(file: bigint, path: string): string | null;
  get_external_link(file: bigint, path: string): { readonly filename?: string };
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): H5Metadata;
  get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
  get_dataset_metadata(file: bigint, path: string): H5Metadata;
  get_dataset_data(file: bigint, path: string, count: null, offset: null, strides: null, pointer: bigint): number;
  reclaim_vlen_memory(file: bigint, path: string, attribute: string, pointer: bigint): number;
}

export interface H5Node {
  create_group(name: string): H5Node;
  create_dataset(given: { name: string; data: unknown; shape: number[]; dtype: string }): H5Node;
  create_attribute(name: string, data: unknown, shape: number[], dtype: string): void;
}

export interface Library {
  readonly module: H5Calls;
  readonly readOnly: number;
  readonly groupType: number;
  readonly datasetType: number;
  readonly namedType: number;
  /** Memory of the library for the time of `use`; `bytes` views it, anew after it may have grown. */
  borrowed<T>(size: number, use: (pointer: bigint, bytes: () => Uint8Array) => T): T;
  text(pointer: number): string;
  /** A file in the library's own memory for the time of `use`. */
  withFile<T>(bytes: Uint8Array, use: (name: string) => T): T;
  /** The bytes of a file that `fill` writes. */
  written(fill: (root: H5Node) => void): Uint8Array;
  close(file: bigint): void;
  /** What HDF5 has complained of since `forget`, its innermost reason last. */
  complaints(): string;
  lastComplaint(): string;
  forget(): void;
}

/** Nobody can name it in a file: external storage finds nothing, not even the file itself. */
const name = `/${randomUUID()}.h5`;
const mostComplaints = 50_000;

/**
 * HDF5 in WebAssembly, in memory alone: its file system has no host's disk behind it, and its devices, among them the
 * standard input of this process, are taken away. 2 GiB is all the memory that it can ever take.
 */
export async function openLibrary(): Promise<Library> {
  const h5wasm = await import('h5wasm');
  const module = (await h5wasm.ready) as unknown as H5Calls & Record<string, number>;
  let complaints = '';
  isolate(module.FS, (text) => {
    if (complaints.length < mostComplaints) complaints += text;
  });
  const library: Library = {
    module,
    readOnly: module.H5F_ACC_RDONLY!,
    groupType: module.H5G_GROUP!,
    datasetType: module.H5G_DATASET!,
    namedType: module.H5G_TYPE!,
    borrowed(size, use) {
      const pointer = module._malloc(size);
      if (pointer === 0) throw new Error('no memory');
      try {
        return use(BigInt(pointer), () => module.HEAPU8.subarray(pointer, pointer + size));
      } finally {
        module._free(pointer);
      }
    },
    text: (pointer) => (pointer === 0 ? '' : module.UTF8ToString(pointer)),
    withFile(bytes, use) {
      module.FS.writeFile(name, bytes);
      try {
        return use(name);
      } finally {
        module.FS.unlink(name);
      }
    },
    written(fill) {
      const file = new h5wasm.File(name, 'w');
      try {
        fill(file as unknown as H5Node);
      } finally {
        file.close();
      }
      const bytes = module.FS.readFile(name);
      module.FS.unlink(name);
      return bytes;
    },
    close(file) {
      try {
        module.close_file(file);
      } catch {
        // What could not be read may not be closed either; this thread ends soon.
      }
    },
    complaints: () => complaints,
    lastComplaint() {
      const reasons = [...complaints.matchAll(/in [^:\n]*\(\): ([^\n]{1,120})/g)];
      const reason = reasons.at(-1)?.[1];
      return reason === undefined ? '' : ` (${reason.replace(/[\p{C}'"]/gu, ' ')})`;
    },
    forget() {
      complaints = '';
    },
  };
  return library;
}

let isolated: H5Filesystem | null = null;

/** Takes every file and device out of the library's file system; what HDF5 prints goes to `hear`. */
function isolate(files: H5Filesystem, hear: (text: string) => void): void {
  const errors = files.streams[2] as { stream_ops: Record<string, unknown> };
  errors.stream_ops = {
    ...errors.stream_ops,
    write(_stream: unknown, buffer: Uint8Array, offset: number, length: number) {
      hear(new TextDecoder('latin1').decode(Uint8Array.from(buffer.subarray(offset, offset + length))));
      return length;
    },
  };
  if (isolated === files) return;
  isolated = files;
  for (const device of files.readdir('/dev')) if (!/^(\.|\.\.|shm)$/.test(device)) files.unlink(`/dev/${device}`);
  if (files.streams[0]) files.close(files.streams[0]);
}
