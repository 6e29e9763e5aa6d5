import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it, test } from 'vitest';
import { printedFigure } from '../../../core/figures/journal.ts';
import { layoutWidth, pixelWidth, printPresets, printSize } from '../../../core/figures/journal-sizes.ts';
import { withDotsPerInch } from '../../../core/formats/png-resolution.ts';
import { renderPng, renderSvg } from '../../../electron/host/render-figure.ts';
import { sizeOfSvg } from '../../../electron/main/svg-size.ts';
import { exampleFigures } from './example-figures.ts';

const figures = exampleFigures();
const print = (id: string, background: 'white' | 'transparent' = 'white', i = 5) =>
  printedFigure(figures[i]!.specification, { ...printSize(id), background }, renderSvg);

test.each([
  ['85mm', 85],
  [' 8.5 cm', 85],
  ['3.35in', 85.09],
  ['240pt', 84.667],
  ['double', 174],
  ['neurips', 139.7],
])('%s is %d mm wide', (text, widthMm) => expect(printSize(text).widthMm).toBeCloseTo(widthMm, 2));

test.each(['', '85', '0mm', '-5mm', '39mm', '1001mm', '1e3mm', 'NaNmm', 'huge'])('“%s” is refused', (text) =>
  expect(() => printSize(text)).toThrow(/is no width of a figure/),
);

describe.each(printPresets)('$id', ({ id, widthMm, heightMm, textPt }) => {
  it('has its width in millimetres, and its smallest text has the size of the preset', async () => {
    const made = await print(id);
    const [, width, height, box] =
      /<svg[^>]*? width="([\d.]+)mm" height="([\d.]+)mm" viewBox="([^"]*)"/.exec(made.svg) ?? [];
    expect(Number(width)).toBe(widthMm);
    expect(Number(height)).toBeCloseTo(heightMm ?? made.heightMm, 3);
    const [, , across, down] = box!.split(' ').map(Number) as [number, number, number, number];
    // No distortion, and points of text as they will be on paper.
    expect(Number(height) / Number(width)).toBeCloseTo(down / across, 4);
    const sizes = [...made.svg.matchAll(/font-size="(\d+(?:\.\d+)?)px"/g)].map(([, size]) => Number(size));
    const points = Math.min(...sizes) * (widthMm / across) * (72 / 25.4);
    expect(Math.abs(points / textPt - 1)).toBeLessThan(2e-3);
    expect(made.svg).toContain('>Loss L</text>');
    const size = sizeOfSvg(made.svg);
    expect((size!.width * 25.4) / 96).toBeCloseTo(widthMm, 6);
  });
});

test('nothing leaves the paper, in one column and on a slide', async () => {
  for (const id of ['single', 'slide'])
    for (const i of [0, 1, 2, 5]) {
      const { svg } = await print(id, 'white', i);
      const { pixels, width, height } = new Resvg(svg, {
        fitTo: { mode: 'width', value: 400 },
        font: { loadSystemFonts: false },
      }).render();
      const white = (x: number, y: number) => pixels[4 * (y * width + x)]! > 250;
      for (let x = 0; x < width; x++) expect([white(x, 0), white(x, height - 1)]).toEqual([true, true]);
      for (let y = 0; y < height; y++) expect([white(0, y), white(width - 1, y)]).toEqual([true, true]);
    }
});

test('the background is white, or none', async () => {
  const corner = async (background: 'white' | 'transparent') => [
    ...new Resvg((await print('single', background)).svg).render().pixels.subarray(0, 4),
  ];
  expect(await corner('white')).toEqual([255, 255, 255, 255]);
  expect((await corner('transparent'))[3]).toBe(0);
});

test.each([300, 600])('a PNG of %d dots an inch says so and has the pixels', async (dpi) => {
  const { svg, widthMm } = await print('single');
  const png = Buffer.from(withDotsPerInch(renderPng(svg, pixelWidth(widthMm, dpi)), dpi));
  expect(png.readUInt32BE(16)).toBe(Math.round((85 / 25.4) * dpi));
  expect(png.toString('latin1', 37, 41)).toBe('pHYs');
  expect(png.readUInt32BE(41) * 0.0254).toBeCloseTo(dpi, 1);
  // An independent reader, which checks every checksum, takes it as it was.
  const again = new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><image width="1" height="1" href="data:image/png;base64,${png.toString('base64')}"/></svg>`,
  );
  expect(again.render().pixels[3]).toBeGreaterThan(250);
  expect(() => withDotsPerInch(new Uint8Array(50), 300)).toThrow('not a PNG');
});

test('the layout of one column has 361 units', () => {
  expect(layoutWidth({ widthMm: 85, heightMm: null, textPt: 8 })).toBe(361);
});
