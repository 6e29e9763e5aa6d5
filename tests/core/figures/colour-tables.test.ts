import { describe, expect, it } from 'vitest';
import { colourIndex, colourTables, tableColour } from '../../../core/figures/colour-tables.ts';
import { viridis } from '../../../core/figures/theme.ts';

/** Lightness L* of CIELAB from sRGB. */
function lightness(red: number, green: number, blue: number): number {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27;
}

/** How an eye without the middle cones sees it: Viénot, Brettel and Mollon (1999). */
function withoutGreen(red: number, green: number, blue: number): readonly [number, number, number] {
  const linear = [red, green, blue].map((value) => (value / 255) ** 2.2) as [number, number, number];
  const seen = 0.29275 * linear[0] + 0.70725 * linear[1];
  const back = (value: number) => 255 * Math.max(0, value) ** (1 / 2.2);
  return [back(seen), back(seen), back(-0.02234 * linear[0] + 0.02234 * linear[1] + linear[2])];
}

describe.each(['viridis', 'cividis'] as const)('%s', (name) => {
  const colours = Array.from(
    { length: 256 },
    (_, i) => [...colourTables[name].subarray(3 * i, 3 * i + 3)] as [number, number, number],
  );

  it('has 256 colours whose lightness rises evenly', () => {
    expect(colourTables[name].length).toBe(768);
    const steps = colours.slice(1).map((colour, i) => lightness(...colour) - lightness(...colours[i]!));
    // One unit of eight bits is 0.4 of lightness.
    expect(Math.min(...steps)).toBeGreaterThan(-0.25);
    for (let i = 0; i + 8 < 256; i++) expect(lightness(...colours[i + 8]!)).toBeGreaterThan(lightness(...colours[i]!));
    expect(lightness(...colours[255]!) - lightness(...colours[0]!)).toBeGreaterThan(70);
  });

  it('rises for eyes without the middle cones too', () => {
    const seen = colours.map((colour) => lightness(...withoutGreen(...colour)));
    for (let i = 0; i + 16 < 256; i++) expect(seen[i + 16]).toBeGreaterThan(seen[i]!);
  });
});

it('viridis has the colours of the printed figures at its sevenths', () => {
  viridis.forEach((colour, i) => {
    const printed = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const table = colourTables.viridis.subarray(3 * Math.round((255 * i) / 7));
    for (let k = 0; k < 3; k++) expect(Math.abs(printed[k]! - table[k]!)).toBeLessThan(8);
  });
});

it('values between the ends of a scale have the colour of their share, values beyond them that of the end', () => {
  expect([-5, 0, 0.5, 1, 7].map((value) => colourIndex(value, 0, 1))).toEqual([0, 0, 128, 255, 255]);
  expect(colourIndex(2, 2, 2)).toBe(0);
  expect(tableColour('viridis', 0)).toBe('rgb(68, 1, 84)');
});
