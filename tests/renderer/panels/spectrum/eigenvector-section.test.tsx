// @vitest-environment jsdom
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockColours } from '../../../../renderer/panels/spectrum/block-colours.ts';
import { EigenvectorSection } from '../../../../renderer/panels/spectrum/eigenvector-section.tsx';
import { exampleSpectrum } from '../../../support/example-spectrum.ts';
import { mount, unmountAll } from '../../widgets/mount.tsx';

const { getContext } = HTMLCanvasElement.prototype;
const painted: Uint8ClampedArray[] = [];

beforeAll(() => {
  const { style } = document.documentElement;
  ['neg-2', 'neg-1', 'zero', 'pos-1', 'pos-2'].forEach((name, i) => {
    style.setProperty(`--div-${name}`, `#${String(10 + 20 * i).repeat(3)}`);
  });
  // The page of the tests cannot draw: what would be painted is kept.
  HTMLCanvasElement.prototype.getContext = (() => ({
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: ({ data }: ImageData) => painted.push(data),
  })) as never;
});

afterAll(async () => {
  HTMLCanvasElement.prototype.getContext = getContext;
  await unmountAll();
});

test('its first layer is drawn unit by unit, each image with a text, opaque and of its own', async () => {
  const spectrum = exampleSpectrum();
  const element = await mount(
    <EigenvectorSection document={spectrum} place={{ end: 'top', index: 2 }} colours={blockColours(spectrum)} />,
  );
  const labels = [...element.querySelectorAll('canvas[role="img"]')].map((canvas) => canvas.getAttribute('aria-label'));
  expect(labels).toHaveLength(5);
  for (const label of labels) expect(label).toMatch(/strongest in row \d, column \d, with /);
  expect(painted).toHaveLength(5);
  for (const pixels of painted) expect(pixels.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  expect(new Set(painted.map(String)).size).toBe(5);
  expect(element.textContent).toContain('dense_1/kernel');
});
