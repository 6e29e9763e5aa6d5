import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pageSvg } from '../../../core/figures/page-svg.ts';
import { colours } from '../../../core/figures/theme.ts';
import { renderPng, renderSvg } from '../../../electron/host/render-figure.ts';
import { divergedFigures, emptyFigures, exampleFigures } from '../../core/figures/example-figures.ts';
import { temporaryFolder } from '../../support/command-line.ts';

const words = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** An independent reader of PNG: eight bits a channel, RGBA, not interlaced. */
function readPng(png: Uint8Array): Pixels {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  expect([...bytes.subarray(24, 29)]).toEqual([8, 6, 0, 0, 0]);
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at))
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  const lines = inflateSync(Buffer.concat(parts));
  const stride = 4 * width;
  const rgba = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++)
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i;
      const left = i >= 4 ? rgba[at - 4]! : 0;
      const up = row > 0 ? rgba[at - stride]! : 0;
      const corner = i >= 4 && row > 0 ? rgba[at - stride - 4]! : 0;
      const guess = left + up - corner;
      const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value)) as [number, number, number];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const predicted = [0, left, up, (left + up) >> 1, paeth][lines[row * (stride + 1)]!]!;
      rgba[at] = lines[row * (stride + 1) + 1 + i]! + predicted;
    }
  return { width, height, rgba };
}

/** Share of the pixels of a rectangle that differ from the pixel in the upper left corner of the picture. */
function ink({ width, rgba }: Pixels, x: [number, number], y: [number, number]): number {
  let marked = 0;
  for (let row = y[0]; row < y[1]; row++)
    for (let column = x[0]; column < x[1]; column++)
      if ([0, 1, 2].some((k) => Math.abs(rgba[4 * (row * width + column) + k]! - rgba[k]!) > 40)) marked++;
  return marked / ((x[1] - x[0]) * (y[1] - y[0]));
}

describe('figures drawn without a screen', () => {
  it('carry title, names of axes and legends as text', async () => {
    const expected = [
      ['Loss', 'Step', 'Loss L', 'train 0.00274', 'test 0.103', '10⁻¹'],
      ['Sharpness', 'Step', 'Eigenvalue λ', 'λ₁ 39.95', '2/η 40'],
      ['Spectral density', 'Eigenvalue λ', 'Density, share per unit λ', 'density', 'eigenvalues by Lanczos', '10⁻⁴'],
      ['Spectral density over training', 'Step', 'Eigenvalue λ', 'Density', '2/η 12', '10⁻⁴'],
      ['Leading eigenvalues', 'Rank k', 'Eigenvalue λₖ', '2/η = 40'],
      [
        'Loss on a plane',
        'α along principal direction 1 (40 %)',
        'β along principal direction 2 (30 %)',
        'Loss L',
        'step 590',
      ],
    ];
    for (const [i, figure] of exampleFigures().entries()) {
      const found = words(await renderSvg(figure.specification));
      for (const text of expected[i]!) expect(found).toContain(text);
    }
  });

  it('have the stated size, no text below 12 px and no number that is not one', async () => {
    for (const { specification } of [...exampleFigures(), ...emptyFigures(), ...divergedFigures()]) {
      const svg = await renderSvg(specification);
      expect(svg).toMatch(new RegExp(`<svg[^>]* width="${specification.width}" height="${specification.height}"`));
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      for (const [, size] of svg.matchAll(/font-size="(\d+)px"/g)) expect(Number(size)).toBeGreaterThanOrEqual(12);
    }
  });

  it('say so where there is nothing to draw', async () => {
    for (const { specification } of emptyFigures())
      expect(words(await renderSvg(specification)).join()).toMatch(/No .* has been (recorded|measured|computed) yet\./);
  });

  it('escape what is written in them', async () => {
    const [loss] = exampleFigures();
    const svg = await renderSvg({ ...loss!.specification, title: { text: '<script>alert(1)</script> & "]]>' } });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
  });
});

it('go into a page as they are drawn: no colour of the light theme is left fixed, nothing but charts', async () => {
  for (const { specification, title, alternative } of exampleFigures()) {
    const { text } = pageSvg(await renderSvg(specification), { id: 'f', title, alternative });
    const { background, text: ink, quiet, faint, grid, series } = colours.light;
    expect(text).not.toContain(
      `<rect width="${specification.width}" height="${specification.height}" fill="${background}"`,
    );
    for (const colour of [ink, quiet, faint, grid, ...series]) expect(text).not.toContain(`="${colour}"`);
    expect(text).toContain('="var(--figure-faint');
    expect(text.match(/<title/g)).toHaveLength(1);
  }
});

describe('PNG', () => {
  it('has the asked width, ink where title and chart are, and none in the margin', async () => {
    const [figure] = exampleFigures();
    const picture = readPng(renderPng(await renderSvg(figure!.specification), 1200));
    expect([picture.width, picture.height]).toEqual([1200, 640]);
    expect(ink(picture, [20, 120], [20, 60])).toBeGreaterThan(0.05);
    expect(ink(picture, [120, 1180], [130, 560])).toBeGreaterThan(0.003);
    expect(ink(picture, [0, 1200], [0, 16])).toBe(0);
  });

  it('draws letters of the shipped font alone, Greek and mathematics included', async () => {
    const letters = (text: string) =>
      readPng(
        renderPng(
          `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><rect width="200" height="40" fill="#fff"/><text x="10" y="30" font-family="DejaVu Sans" font-size="20">${text}</text></svg>`,
          200,
        ),
      );
    for (const text of ['λ', 'η', '‖', '∇', '₁', 'ᵢ', '⁻', '±', '−', 'Σ', 'A'])
      expect([text, ink(letters(text), [5, 195], [0, 40]) > 0.001]).toEqual([text, true]);
    expect(ink(letters(' '), [5, 195], [0, 40])).toBe(0);
  });
});

describe('a specification that names what lies elsewhere', () => {
  it('reads no file and asks no server, for data or for pictures', async () => {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('word\nfromtheserver\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = path.join(temporaryFolder(), 'secret.csv');
    fs.writeFileSync(file, 'word\nfromthefile\n');
    const drawn = async (specification: object) => {
      const svg = await renderSvg(specification as never);
      renderPng(svg, 100);
      return svg;
    };
    const field = { field: 'word', type: 'nominal' };
    try {
      for (const url of [file, `file://${file}`, `${address}/data.csv`]) {
        const svg = await drawn({ data: { url, format: { type: 'csv' } }, mark: 'text', encoding: { text: field } });
        expect(svg).toMatch(/^<svg/);
        expect(svg).not.toMatch(/fromthe(file|server)/);
      }
      for (const word of [`file://${file}`, `${address}/picture.png`]) {
        const data = { values: [{ word }] };
        expect(await drawn({ data, mark: 'image', encoding: { url: field } })).not.toMatch(/href="[^"#]/);
        expect(await drawn({ data, mark: 'point', encoding: { href: field } })).not.toMatch(/href="[^"#]/);
      }
      expect(asked).toEqual([]);
    } finally {
      server.close();
    }
  });
});
