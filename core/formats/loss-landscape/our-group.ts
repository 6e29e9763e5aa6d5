import type { FilePath, LandscapeFile } from '../landscape-file.ts';
import { array, dataset, group, type Hdf5Group, hdf5Name } from './hdf5-tree.ts';

/** In files of loss-landscape, everything of ours lies in one group, which the tool never looks at. */
export const ourGroup = 'saddlescope';

export const notesGroup = (notes: LandscapeFile['notes']): Hdf5Group =>
  group(Object.entries(notes).map(([name, text]) => [hdf5Name(name), dataset(text)] as const));

/** steps (n,), coordinates (axes, n), distance (n,), loss (n,). */
export function pathGroup(path: FilePath | null): Hdf5Group | null {
  if (path === null) return null;
  const n = path.steps.length;
  const coordinates = new Float64Array(path.coordinates.length * n);
  path.coordinates.forEach((along, k) => {
    coordinates.set(along, k * n);
  });
  return group({
    steps: Float64Array.from(path.steps),
    coordinates: array(coordinates, [path.coordinates.length, n]),
    distance: path.distance,
    loss: path.loss,
  });
}
