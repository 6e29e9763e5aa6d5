import { BrowserWindow, type Session, session } from 'electron';
import { pageHost, pageScheme } from './page-origin.ts';
import type { FigureSize } from './svg-size.ts';

const pixelsPerInch = 96;
const patienceMs = 30_000;
/** In a document's image, an SVG can neither run scripts nor load anything. */
const documents = (
  svg: string,
  { width, height }: FigureSize,
): Readonly<Record<string, readonly [string, string]>> => ({
  page: [
    'text/html; charset=utf-8',
    `<!doctype html><link rel="stylesheet" href="page.css"><div><img src="figure.svg" alt=""></div>`,
  ],
  'page.css': [
    'text/css; charset=utf-8',
    // The printer rounds the sides of a page; what is larger than it by a hair would go on to a second one.
    `@page { margin: 0; size: ${width}px ${height}px } html, body { margin: 0 } div { position: absolute; inset: 0; overflow: hidden } img { display: block; width: 100%; height: 100% }`,
  ],
  'figure.svg': ['image/svg+xml', svg],
});

const policy = "default-src 'none'; img-src 'self'; style-src 'self'";
/** The figures that are being printed, by the folder in which their page finds them. */
const printing = new Map<string, Readonly<Record<string, readonly [string, string]>>>();
let prints = 0;
let alone: Session | null = null;

/** One for all figures: Electron keeps every session until the app ends. */
function printSession(): Session {
  if (alone !== null) return alone;
  alone = session.fromPartition('print', { cache: false });
  alone.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  alone.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !url.startsWith(`${pageScheme}:`) }));
  alone.protocol.handle(pageScheme, ({ url }) => {
    const [, folder = '', name = ''] = new URL(url).pathname.split('/');
    const served = printing.get(folder);
    const found = served && Object.hasOwn(served, name) ? served[name] : undefined;
    if (!found) return new Response('', { status: 404 });
    return new Response(found[1], { headers: { 'content-type': found[0], 'content-security-policy': policy } });
  });
  return alone;
}

/**
 * The figure as one page of PDF of its own size; lines stay lines and letters stay letters. It is drawn by a window that
 * nobody sees, without scripts, in a session of its own that knows these three documents only.
 */
export async function printFigure(svg: string, size: FigureSize): Promise<Uint8Array> {
  const folder = String(++prints);
  printing.set(folder, documents(svg, size));
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: printSession(), sandbox: true, javascript: false, images: true, devTools: false },
  });
  const timer = setTimeout(() => window.destroy(), patienceMs);
  try {
    await window.loadURL(`${pageScheme}://${pageHost}/${folder}/page`);
    return await window.webContents.printToPDF({
      printBackground: true,
      margins: { top: 0, bottom: 0, left: 0, right: 0 },
      pageSize: { width: size.width / pixelsPerInch, height: size.height / pixelsPerInch },
    });
  } finally {
    clearTimeout(timer);
    printing.delete(folder);
    if (!window.isDestroyed()) window.destroy();
  }
}
