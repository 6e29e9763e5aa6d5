import { FormatError } from '../format-error.ts';
import type { LandscapeFile } from '../landscape-file.ts';
import { isDirectionTree } from './directions.ts';
import type { Hdf5Group } from './hdf5-tree.ts';
import { isProjectionTree } from './projection.ts';
import { isSurface, readSurface } from './read-surface.ts';
import { isSnapshot, readSnapshot } from './snapshot.ts';

/** The landscape in the tree of an HDF5 file, ours or of loss-landscape. Throws FormatError where it is another file. */
export function landscapeOfTree(tree: Hdf5Group): LandscapeFile {
  if (isSnapshot(tree)) return readSnapshot(tree);
  if (isSurface(tree)) return readSurface(tree);
  const what = isDirectionTree(tree)
    ? 'a direction file of loss-landscape, which belongs beside a surface'
    : isProjectionTree(tree)
      ? 'a projection file of loss-landscape, which belongs beside a surface'
      : 'no landscape: it has neither xcoordinates nor the format of Saddlescope';
  throw new FormatError('landscape-unknown', `The HDF5 file is ${what}.`);
}
