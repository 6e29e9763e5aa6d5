import fs from 'node:fs/promises';
import path from 'node:path';
import { isOurPage } from './page-origin.ts';

/** A file of any other kind does not exist for the page. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

export interface PageFile {
  readonly content: Uint8Array;
  readonly contentType: string;
}

/** The names of a path one by one after decoding, or null where one of them is more than a plain name. */
function plainSegments(pathname: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const segments = (decoded === '/' ? '/index.html' : decoded).split('/').slice(1);
  // Dots in front: hidden files, and the folders `.` and `..`. Colons: drives and streams of Windows.
  return segments.every((name) => /^[^.\\:\0][^\\:\0]*$/.test(name)) ? segments : null;
}

/** The file that an address of the page names, from below `root` only; null for everything else. */
export async function readPageFile(root: string, address: string): Promise<PageFile | null> {
  if (!isOurPage(address)) return null;
  const segments = plainSegments(new URL(address).pathname);
  const contentType = segments && contentTypes[path.extname(segments.at(-1) ?? '').toLowerCase()];
  if (!contentType) return null;
  try {
    const folder = await fs.realpath(root);
    // A link that leads out of the folder is followed here, and then lies outside.
    const file = await fs.realpath(path.join(folder, ...segments));
    if (!file.startsWith(folder + path.sep)) return null;
    return { content: await fs.readFile(file), contentType };
  } catch {
    return null;
  }
}
