import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Different colours, sixteen steps a channel. */
  readonly colours: number;
  /** Share of pixels that are black. */
  readonly black: number;
}

export interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is in a PNG, or in a part of it, read by the page. */
export function pixelsOf(page: Page, png: Uint8Array, clip?: Clip): Promise<Pixels> {
  const base64 = Buffer.from(png).toString('base64');
  return page.evaluate(
    async ({ text, part }) => {
      const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const { x, y, width, height } = part ?? { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
      // On the processor: what a graphics card draws, here a program, has to be fetched from it.
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true })!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(x, y, width, height);
      const seen = new Uint8Array(4096);
      let black = 0;
      for (let i = 0; i < data.length; i += 4) {
        const r = data[i]!;
        const g = data[i + 1]!;
        const b = data[i + 2]!;
        seen[(r >> 4) * 256 + (g >> 4) * 16 + (b >> 4)] = 1;
        if (r + g + b < 12) black++;
      }
      const colours = seen.reduce((sum, one) => sum + one, 0);
      return { width: bitmap.width, height: bitmap.height, colours, black: (4 * black) / data.length };
    },
    { text: base64, part: clip ?? null },
  );
}

/** Every picture that the window shows while something happens, as PNG. */
export async function filmed(page: Page, act: () => Promise<void>): Promise<Buffer[]> {
  const session = await page.context().newCDPSession(page);
  const pictures: Buffer[] = [];
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    pictures.push(Buffer.from(data, 'base64'));
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
  });
  await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
  try {
    await act();
  } finally {
    await session.send('Page.stopScreencast');
    await session.detach();
  }
  return pictures;
}

/** The largest share of black in any of the pictures of a film; pictures that are alike are read once. */
export async function mostBlack(page: Page, pictures: readonly Buffer[], clip: Clip): Promise<number> {
  const different = new Map(pictures.map((picture) => [createHash('sha1').update(picture).digest('hex'), picture]));
  let most = 0;
  for (const picture of different.values()) most = Math.max(most, (await pixelsOf(page, picture, clip)).black);
  return most;
}

/** Largest difference of a channel between two pictures, 0 to 255; 255 where their sizes differ. */
export function largestDifference(page: Page, first: Uint8Array, second: Uint8Array): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      const channels = await Promise.all(
        pictures.map(async (text) => {
          const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
            willReadFrequently: true,
          })!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      const [a, b] = channels as [Uint8ClampedArray, Uint8ClampedArray];
      if (a.length !== b.length) return 255;
      let most = 0;
      for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
      return most;
    },
    // As text: numbers one by one take the driver seconds.
    [first, second].map((picture) => Buffer.from(picture).toString('base64')),
  );
}
