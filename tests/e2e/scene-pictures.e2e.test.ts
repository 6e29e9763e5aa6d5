import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bench, Fault } from '../support/scene-bench/bench.ts';
import { openSceneWindow, type SceneWindow } from '../support/scene-window.ts';

/**
 * Pictures of landscapes in closed form beside those that were looked at and kept in tests/goldens/landscapes.
 *
 * After a wanted change of how scenes look: run this file with SADDLESCOPE_RENEW=1, look at each picture that git says
 * has changed, and commit those that are right.
 */
const folder = path.join(import.meta.dirname, '..', 'goldens', 'landscapes');
const renews = process.env.SADDLESCOPE_RENEW === '1';

/** Another version of the rasteriser moves edges by parts of a pixel; kept pictures have 256 colours. */
const tolerance = { share: 0.015, mean: 2 } as const;

const names = ['surface', 'trajectory', 'map', 'volume'] as const;
const themes = ['dark', 'light'] as const;

declare const bench: Bench;
let opened: SceneWindow;

beforeAll(async () => {
  opened = await openSceneWindow();
});
afterAll(() => opened?.close());

const drawn = (name: (typeof names)[number], theme: (typeof themes)[number], fault: Fault | null = null) =>
  opened.page.evaluate((given) => bench.pictureOf(...given), [name, theme, fault] as const);

async function difference(file: string, picture: string): Promise<{ readonly share: number; readonly mean: number }> {
  const kept = readFileSync(path.join(folder, file)).toString('base64');
  return opened.page.evaluate((given) => bench.pictures.differenceOf(...given), [kept, picture] as const);
}
const isWithin = ({ share, mean }: { readonly share: number; readonly mean: number }): boolean =>
  share < tolerance.share && mean < tolerance.mean;

for (const [painter, prefix] of [
  ['WebGL', ''],
  ['a plain canvas', 'canvas-'],
] as const)
  describe(`drawn by ${painter}`, () => {
    if (prefix !== '')
      beforeAll(async () => {
        await opened.page.goto(`${opened.page.url()}?canvas`);
        await opened.page.waitForFunction(() => 'bench' in window);
      });

    for (const name of names)
      for (const theme of themes)
        test(`${name}, ${theme}`, async () => {
          const file = `${prefix}${name}-${theme}.png`;
          const picture = await drawn(name, theme);
          if (renews) {
            const quantised = await opened.page.evaluate((png) => bench.pictures.quantisedText(png), picture);
            mkdirSync(folder, { recursive: true });
            writeFileSync(path.join(folder, file), pngOf(quantised));
          }
          expect(existsSync(path.join(folder, file)), 'no such picture is kept').toBe(true);
          const found = await difference(file, picture);
          console.log(`${file}: ${(100 * found.share).toFixed(2)} %, ${found.mean.toFixed(2)}`);
          expect(isWithin(found), JSON.stringify(found)).toBe(true);
        });

    for (const name of names)
      test(`faults of ${name} are noticed`, async () => {
        // A map of three sections in one picture has few pixels for its lines, so that it is looked at as a whole.
        const faults: readonly Fault[] = ['swapped axes', 'no contours', 'wrong colours'];
        for (const fault of faults) {
          const found = await difference(`${prefix}${name}-dark.png`, await drawn(name, 'dark', fault));
          console.log(`${prefix}${name} with ${fault}: ${(100 * found.share).toFixed(2)} %, ${found.mean.toFixed(2)}`);
          expect(isWithin(found), `${fault}: ${JSON.stringify(found)}`).toBe(false);
        }
      });
  });

test('the page has complained about nothing', () => {
  expect(opened.complaints).toEqual([]);
});

/** PNG with a palette (ISO 15948). */
function pngOf(picture: {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly (readonly number[])[];
  readonly entries: string;
}): Buffer {
  const { width, height, palette } = picture;
  const entries = Buffer.from(picture.entries, 'base64');
  const chunk = (kind: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const lines = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.from([0]), entries.subarray(row * width, (row + 1) * width)]),
  );
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => colour.slice(0, 3)))),
    chunk('IDAT', deflateSync(Buffer.concat(lines), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
