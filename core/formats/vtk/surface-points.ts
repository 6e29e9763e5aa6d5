import { BadInput } from '../../bad-input.ts';
import { shapeName } from '../landscape-checks.ts';
import type { LandscapeFile } from '../landscape-file.ts';
import type { QuantityOnGrid } from '../slice-npz.ts';

/** How the heights of a surface follow from a quantity. */
export interface HeightOptions {
  /** Greater values are drawn at this height. */
  readonly zmax?: number | undefined;
  /** ln(z + 0.1), after the clip. */
  readonly log?: boolean | undefined;
}

/** Heights of a quantity on a plane: NaN where it was not computed, and where it has no height. */
export function heightsOf({ values, computed }: QuantityOnGrid, { zmax, log = false }: HeightOptions): Float64Array {
  return values.map((value, i) => {
    if (computed[i] !== 1) return Number.NaN;
    const clipped = zmax !== undefined && value > zmax ? zmax : value;
    const height = log ? Math.log(clipped + 0.1) : clipped;
    return Number.isFinite(height) ? height : Number.NaN;
  });
}

/** The two axes of a plane; BadInput for other shapes. */
export function planeAxes(file: LandscapeFile, form: string): readonly [Float64Array, Float64Array] {
  const [x, y] = file.axes.map(({ coordinates }) => coordinates);
  if (x && y && file.axes.length === 2) return [x, y];
  throw new BadInput(
    `The ${form} form holds a surface over a plane, and this is a ${shapeName(file)}.`,
    'Use .vti or .npz.',
  );
}
