import type { LandscapeFile } from './landscape-file.ts';
import { axisNames, type SliceArrays } from './slice-npz.ts';

/** A slice as it is computed, for the writers of files. `notes` is what else they should keep: command, formula, seed. */
export const landscapeOfSlice = (
  slice: SliceArrays & { readonly warnings?: readonly string[] },
  notes: Readonly<Record<string, string>> = {},
): LandscapeFile => ({
  form: 'saddlescope',
  axes: slice.axes.map((coordinates, k) => ({
    name: axisNames[k]!,
    coordinates,
    norm: slice.directions[k]?.norm ?? null,
  })),
  fields: slice.fields.map(({ quantity, values, computed, uncertainty = null }) => ({
    quantity,
    values,
    computed,
    uncertainty,
  })),
  path: slice.trajectory && {
    steps: slice.trajectory.steps,
    coordinates: slice.trajectory.coordinates,
    distance: slice.trajectory.distance,
    loss: slice.trajectory.trueLoss,
  },
  directions:
    slice.vectors.length === 0
      ? null
      : slice.vectors.map((data, k) => [{ name: `d${k + 1}`, shape: [data.length], data }]),
  notes,
  announcements: slice.warnings ?? [],
});
