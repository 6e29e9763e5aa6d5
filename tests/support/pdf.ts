import { inflateSync } from 'node:zlib';

export interface ReadPdf {
  /** Width and height of each page in points, of 1/72 inch. */
  readonly pages: readonly (readonly [number, number])[];
  /** Names of the fonts, and whether the font itself is in the file. */
  readonly fonts: readonly { readonly name: string; readonly isEmbedded: boolean }[];
  /** What the pages draw, as PDF says it. */
  readonly drawing: string;
}

/** As much of a PDF (ISO 32000-1) as a figure needs, where objects are not packed into streams: so Chromium writes them. */
export function readPdf(bytes: Buffer): ReadPdf {
  const text = bytes.toString('latin1');
  if (!text.startsWith('%PDF-')) throw new Error('This is no PDF.');
  if (/\/Type\s*\/ObjStm/.test(text)) throw new Error('The objects of this PDF are packed.');
  const objects = [...text.matchAll(/\d+ \d+ obj\b([\s\S]*?)\bendobj/g)].map((match) => match[1]!);
  const pages = objects
    .filter((object) => /\/Type\s*\/Page\b/.test(object))
    .map((object) => {
      const box = /\/MediaBox\s*\[([^\]]*)\]/.exec(object)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
      return [box[2]! - box[0]!, box[3]! - box[1]!] as const;
    });
  const fonts = objects
    .filter((object) => /\/Type\s*\/FontDescriptor\b/.test(object))
    .map((object) => ({
      name: /\/FontName\s*\/([^\s/]+)/.exec(object)?.[1] ?? '',
      isEmbedded: /\/FontFile[23]?\b/.test(object),
    }));
  const drawing = [...text.matchAll(/<<([^>]*(?:>(?!>)[^>]*)*)>>\s*stream\r?\n/g)]
    .filter(([, dictionary]) => /\/FlateDecode/.test(dictionary!) && !/\/Length1|\/Subtype\s*\/Image/.test(dictionary!))
    .map((match) => {
      const begin = match.index + match[0].length;
      const length = Number(/\/Length\s+(\d+)/.exec(match[1]!)?.[1] ?? 0);
      return inflateSync(bytes.subarray(begin, begin + length)).toString('latin1');
    })
    .join('\n');
  return { pages, fonts, drawing };
}
