import fs from 'node:fs/promises';
import type { RecentFile } from '../../core/protocol/bridge.ts';
import type { FileTable } from './file-table.ts';
import type { FileKind } from './given-file.ts';
import type { StoredFile } from './stored-file.ts';
import { maxRecent, type RecentEntry } from './stored-files.ts';

/** With `file` as the newest; each path once, and no more than the list holds. */
export function withRecent(
  entries: readonly RecentEntry[],
  file: { readonly path: string; readonly kind: FileKind },
  openedAt: number,
): readonly RecentEntry[] {
  return [{ ...file, openedAt }, ...entries.filter((entry) => entry.path !== file.path)].slice(0, maxRecent);
}

/** Those that are there, newest first. What lies on a disk that is away stays remembered. */
export async function recentFiles(
  stored: StoredFile<readonly RecentEntry[]>,
  table: FileTable,
): Promise<readonly RecentFile[]> {
  const found = await Promise.all(
    stored.value.map(async ({ path, kind, openedAt }) => {
      const isThere = await fs.access(path).then(
        () => true,
        () => false,
      );
      return isThere ? { ...table.mint(path, kind), openedAt } : null;
    }),
  );
  return found.filter((file) => file !== null);
}
