import { type Session, session } from 'electron';
import type { Notice } from './log-file.ts';
import { readPageFile } from './page-files.ts';
import { isOurPage, pageHeaders, pageOrigin, pageScheme } from './page-origin.ts';
import { restrictSession } from './session-rules.ts';

/** It shows nothing and asks nobody: scripts of its own and the kernels in them are all that it loads. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const gpuPage = `${pageOrigin}/index.html`;

let alone: Session | null = null;

/** A session of its own, so also a process of its own, that knows the files below `root` only. */
export function gpuSession(root: string, notice: Notice): Session {
  if (alone !== null) return alone;
  alone = session.fromPartition('gpu', { cache: false });
  restrictSession(alone, notice);
  alone.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isOurPage(url) }));
  alone.protocol.handle(pageScheme, async ({ method, url }) => {
    const file = method === 'GET' ? await readPageFile(root, url) : null;
    const headers = { ...pageHeaders(file?.contentType ?? 'text/plain'), 'content-security-policy': policy };
    if (file === null) return new Response('', { status: 404, headers });
    return new Response(file.content as Uint8Array<ArrayBuffer>, { headers });
  });
  return alone;
}
