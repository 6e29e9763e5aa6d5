import { protocol } from 'electron';
import { readPageFile } from './page-files.ts';
import { pageHeaders, pageScheme } from './page-origin.ts';

/** Before the app is ready: the scheme gets an origin and counts as secure. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

const refusal = (status: number): Response =>
  new Response('', { status, headers: pageHeaders('text/plain; charset=utf-8') });

/** Answers the page's requests with the files below `root`. */
export function servePage(root: string): void {
  protocol.handle(pageScheme, async ({ method, url }) => {
    if (method !== 'GET') return refusal(405);
    const file = await readPageFile(root, url);
    if (file === null) return refusal(404);
    return new Response(file.content as Uint8Array<ArrayBuffer>, { headers: pageHeaders(file.contentType) });
  });
}
