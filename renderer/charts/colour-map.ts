import { viridis } from '../../core/figures/theme.ts';

export type ColourMapName = 'viridis' | 'cividis';

const stops: Readonly<Record<ColourMapName, readonly string[]>> = {
  viridis,
  cividis: ['#00224e', '#2a3f6d', '#575d6d', '#7d7c78', '#a59c74', '#d2c060', '#fee838'],
};

const entries = 256;
const made = new Map<ColourMapName, Uint8ClampedArray>();

/** 256 colours, three bytes each, linear between the stops of the design. */
export function colourTable(name: ColourMapName): Uint8ClampedArray {
  const known = made.get(name);
  if (known) return known;
  const table = new Uint8ClampedArray(3 * entries);
  const colours = stops[name].map((hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  for (let i = 0; i < entries; i++) {
    const place = (i / (entries - 1)) * (colours.length - 1);
    const left = Math.min(colours.length - 2, Math.floor(place));
    for (let channel = 0; channel < 3; channel++) {
      const [a, b] = [colours[left]![channel]!, colours[left + 1]![channel]!];
      table[3 * i + channel] = a + (place - left) * (b - a);
    }
  }
  made.set(name, table);
  return table;
}

/** Index into the table of a value between low and high; values beyond have the end colours. */
export const colourIndex = (value: number, low: number, high: number): number =>
  Math.min(entries - 1, Math.max(0, Math.round(((value - low) / (high - low || 1)) * (entries - 1))));

/** As a gradient of CSS, for legends. */
export const colourGradient = (name: ColourMapName, direction: string): string =>
  `linear-gradient(${direction}, ${stops[name].join(', ')})`;
