import type { FormatRule } from '../../../core/formats/format-error.ts';
import type { Hdf5Group } from '../../../core/formats/loss-landscape/hdf5-tree.ts';

/** What a thread of HDF5 is asked, as its data. */
export type Hdf5Request =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'write'; readonly tree: Hdf5Group };

/** Its one answer. */
export type Hdf5Answer =
  | { readonly kind: 'tree'; readonly tree: Hdf5Group }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly rule: FormatRule; readonly found: string }
  | { readonly kind: 'fault'; readonly text: string };
