import { useEffect, useRef } from 'react';
import { colourIndex, colourTables } from '../../../core/figures/colour-tables.ts';
import { useThemeColours } from '../../widgets/theme-colours.ts';

export interface EigenvectorImageProps {
  readonly image: ArrayLike<number>;
  /** [height, width, channels]; of several channels the mean is drawn. */
  readonly shape: readonly [number, number, number];
  /** Signed values diverge from zero in the middle; sizes rise from zero. */
  readonly kind: 'signed' | 'size';
  /** The value at the end of the colours. */
  readonly reach: number;
  readonly label: string;
}

/** One value a pixel, drawn without smoothing. */
export function EigenvectorImage({ image, shape, kind, reach, label }: EigenvectorImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useThemeColours();
  const [height, width, channels] = shape;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const pixels = context.createImageData(width, height);
    const stops = ['div-neg-2', 'div-neg-1', 'div-zero', 'div-pos-1', 'div-pos-2'].map((name) => rgbOf(colours(name)));
    for (let i = 0; i < width * height; i++) {
      let value = 0;
      for (let c = 0; c < channels; c++) value += (image[i * channels + c] ?? 0) / channels;
      const [red, green, blue] = kind === 'size' ? viridisAt(value, reach) : divergingAt(value, reach, stops);
      pixels.data.set([red, green, blue, 255], 4 * i);
    }
    context.putImageData(pixels, 0, 0);
  }, [image, width, height, channels, kind, reach, colours]);
  return (
    <canvas
      ref={canvas}
      className="eigenvector-image"
      width={width}
      height={height}
      role="img"
      aria-label={label}
      title={label}
    />
  );
}

type Rgb = readonly [number, number, number];

const rgbOf = (hex: string): Rgb => {
  const number = Number.parseInt(hex.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
};

function viridisAt(value: number, reach: number): Rgb {
  const at = 3 * colourIndex(value, 0, reach);
  const table = colourTables.viridis;
  return [table[at]!, table[at + 1]!, table[at + 2]!];
}

/** Linear between five colours from −reach to reach; zero is the middle one. */
export function divergingAt(value: number, reach: number, stops: readonly Rgb[]): Rgb {
  const at = Math.min(4, Math.max(0, 2 + (2 * value) / (reach || 1)));
  const left = Math.min(3, Math.floor(at));
  const [a, b] = [stops[left]!, stops[left + 1]!];
  const mixed = (k: 0 | 1 | 2) => Math.round(a[k] + (at - left) * (b[k] - a[k]));
  return [mixed(0), mixed(1), mixed(2)];
}
