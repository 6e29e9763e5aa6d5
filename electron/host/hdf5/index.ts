import type { FilePath, LandscapeFile } from '../../../core/formats/landscape-file.ts';
import {
  type DirectionFile,
  type DirectionTensor,
  directionTree,
  isDirectionTree,
  type PrincipalComponents,
  readDirections,
  type UnnamedTensor,
} from '../../../core/formats/loss-landscape/directions.ts';
import {
  isProjectionTree,
  type ProjectionFile,
  type ProjectionMethod,
  projectionTree,
  readProjection,
} from '../../../core/formats/loss-landscape/projection.ts';
import { landscapeOfTree } from '../../../core/formats/loss-landscape/read-landscape.ts';
import { snapshotTree } from '../../../core/formats/loss-landscape/snapshot.ts';
import { type SurfaceOptions, surfaceTree } from '../../../core/formats/loss-landscape/write-surface.ts';
import { hdf5Bytes, hdf5Tree } from './hdf5-thread.ts';

export { isHdf5 } from './signature.ts';
export type {
  DirectionFile,
  DirectionTensor,
  PrincipalComponents,
  ProjectionFile,
  ProjectionMethod,
  SurfaceOptions,
  UnnamedTensor,
};

/**
 * Landscapes in HDF5: surface, direction and projection files of loss-landscape (Li et al., 2018) and our own. Bytes in and
 * out; each call works in a thread of its own (`hdf5-thread.ts`). Reading throws FormatError; a signal ends it with its
 * reason.
 */

/** A surface file of loss-landscape or a landscape of ours. */
export const readHdf5Landscape = async (bytes: Uint8Array, signal?: AbortSignal): Promise<LandscapeFile> =>
  landscapeOfTree(await hdf5Tree(bytes, { signal }));

/** What an HDF5 file of loss-landscape is, or of ours: `directions` and `projection` belong beside a surface. */
export type Hdf5Content =
  | { readonly kind: 'landscape'; readonly landscape: LandscapeFile }
  | { readonly kind: 'directions' | 'projection' };

/** A file of which it is not known before what it holds; told by its tree, read once. */
export async function readHdf5Content(bytes: Uint8Array, signal?: AbortSignal): Promise<Hdf5Content> {
  const tree = await hdf5Tree(bytes, { signal });
  if (isDirectionTree(tree)) return { kind: 'directions' };
  if (isProjectionTree(tree)) return { kind: 'projection' };
  return { kind: 'landscape', landscape: landscapeOfTree(tree) };
}

/** A direction file of loss-landscape, with principal components where it has them. */
export const readDirectionFile = async (bytes: Uint8Array, signal?: AbortSignal): Promise<DirectionFile> =>
  readDirections(await hdf5Tree(bytes, { signal }));

/** A projection file of loss-landscape; with the directions, the path comes in multiples of them (`readProjection`). */
export const readProjectionFile = async (
  bytes: Uint8Array,
  method: ProjectionMethod,
  directions: Pick<DirectionFile, 'norms' | 'cosine'> | null,
  signal?: AbortSignal,
): Promise<ProjectionFile> => readProjection(await hdf5Tree(bytes, { signal }), method, directions);

/** A surface file for loss-landscape, and where the tool will see something else than what is here (`surfaceTree`). */
export async function writeSurfaceFile(
  landscape: LandscapeFile,
  options: SurfaceOptions,
): Promise<{ readonly bytes: Uint8Array; readonly announcements: readonly string[] }> {
  const { tree, announcements } = surfaceTree(landscape, options);
  return { bytes: await hdf5Bytes(tree), announcements };
}

/** A direction file for loss-landscape, of tensors in PyTorch's order and shapes; stored as float32, as the tool does. */
export const writeDirectionFile = (
  directions: readonly (readonly UnnamedTensor[])[],
  principalComponents: PrincipalComponents | null = null,
): Promise<Uint8Array> => hdf5Bytes(directionTree(directions, principalComponents));

/** A projection file for loss-landscape (`projectionTree`). */
export const writeProjectionFile = (
  path: FilePath,
  method: ProjectionMethod,
  directions: Pick<DirectionFile, 'norms' | 'cosine'>,
): Promise<Uint8Array> => hdf5Bytes(projectionTree(path, method, directions));

/** A landscape of ours in HDF5 (`snapshotLayout`). */
export const writeSnapshotFile = (landscape: LandscapeFile): Promise<Uint8Array> => hdf5Bytes(snapshotTree(landscape));
