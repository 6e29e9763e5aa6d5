import fs from 'node:fs/promises';
import path from 'node:path';

/** The sizes of all files in a folder, together; files that vanish meanwhile count nothing. */
export async function folderBytes(folder: string): Promise<number> {
  // Node 18.15, which some windows have, reads no folders recursively.
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    const whole = path.join(folder, entry.name);
    if (entry.isDirectory()) return folderBytes(whole);
    return entry.isFile() ? ((await fs.stat(whole).catch(() => null))?.size ?? 0) : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
