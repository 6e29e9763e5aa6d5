import fs from 'node:fs/promises';
import path from 'node:path';

/** The sizes of all files in a folder, together; files that vanish meanwhile count nothing. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await fs.readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(
      async (entry) =>
        (await fs.stat(path.join(entry.parentPath ?? entry.path, entry.name)).catch(() => null))?.size ?? 0,
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
