import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { FileKind } from './given-file.ts';

export interface TableEntry {
  readonly path: string;
  readonly kind: FileKind;
}

/** Which path each name stands for. The page knows the names; the paths stay here and with the compute process. */
export interface FileTable {
  /** The same file always has the same name, by whatever path it is given. */
  mint(path: string, kind: FileKind): GrantedFile;
  /** Throws BadInput for a name that was never given. */
  find(reference: string): TableEntry;
}

/** Without links; of a file that is to be made, those of its folder. */
function realPlace(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(realPlace(folder), path.basename(file));
  }
}

export function fileTable(): FileTable {
  const byReference = new Map<string, TableEntry>();
  const byPath = new Map<string, string>();
  return {
    mint(file, kind) {
      const whole = path.resolve(file);
      const place = realPlace(whole);
      const reference = byPath.get(place) ?? randomBytes(16).toString('hex');
      byPath.set(place, reference);
      byReference.set(reference, { path: whole, kind });
      return { reference, kind, name: path.basename(whole), shown: whole };
    },
    find(reference) {
      const entry = byReference.get(reference);
      if (!entry) throw new BadInput('That file is not known in this session.', 'Open it again.');
      return entry;
    },
  };
}
