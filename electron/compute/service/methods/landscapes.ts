import path from 'node:path';
import { BadInput } from '../../../../core/bad-input.ts';
import { FormatError, shown } from '../../../../core/formats/format-error.ts';
import type { LandscapeFile } from '../../../../core/formats/landscape-file.ts';
import { methodOfName, withDirections, withPath } from '../../../../core/formats/loss-landscape/projection.ts';
import { readLandscapeNpz, sniffLandscape } from '../../../../core/formats/sniff-landscape.ts';
import type { LandscapeSource, ReadLandscape } from '../../../../core/protocol/methods.ts';
import {
  type DirectionFile,
  readDirectionFile,
  readHdf5Content,
  readProjectionFile,
} from '../../../host/hdf5/index.ts';
import { namingFile, readBoundedFile } from '../../../host/read-dataset.ts';
import { landscapeKinds } from '../../documents/landscape-kinds.ts';
import { Cancelled, type Method, type MethodContext, outcomeOf } from '../method.ts';

/** More points than this are no picture any more: a surface of them would take the window minutes and gigabytes. */
export const mostShownPoints = 4_000_000;

/** Reads a file with what is wrong inside it told under its name. */
async function reading<T>(file: string, read: (bytes: Uint8Array) => Promise<T> | T): Promise<T> {
  const bytes = await readBoundedFile(file);
  try {
    return await read(bytes);
  } catch (problem) {
    throw namingFile(path.basename(file), problem);
  }
}

function signalOf(context: Pick<MethodContext<'readLandscape'>, 'onCancel'>): AbortSignal {
  const controller = new AbortController();
  context.onCancel(() => controller.abort(new Cancelled()));
  return controller.signal;
}

const pointsOf = ({ axes }: LandscapeFile): number =>
  axes.reduce((product, { coordinates }) => product * coordinates.length, 1);

/**
 * The path of a projection file on its surface. Without the directions, the tool's “cos” coordinates are lengths: they are
 * not drawn where multiples belong.
 */
async function withProjection(
  surface: LandscapeFile,
  file: string,
  directions: DirectionFile | null,
  signal: AbortSignal,
): Promise<LandscapeFile> {
  const method = methodOfName(path.basename(file));
  const projection = await reading(file, (bytes) => readProjectionFile(bytes, method, directions, signal));
  const { length } = projection.path.coordinates;
  if (length !== surface.axes.length)
    throw new FormatError(
      'landscape-projection',
      `${path.basename(file)} has ${length === 1 ? 'one coordinate' : `${length} coordinates`} a point, and the surface ${surface.axes.length === 1 ? 'one axis' : `${surface.axes.length} axes`}.`,
    );
  const placed = withPath(surface, projection);
  const isInLengths = method === 'cos' && directions === null;
  const name = path.basename(file);
  const foreign =
    surface.notes.dir_file !== undefined && !name.startsWith(path.posix.basename(surface.notes.dir_file))
      ? [`${shown(name)} is not named after the surface's directions: its path may lie on another plane.`]
      : [];
  return {
    ...placed,
    path: isInLengths ? surface.path : placed.path,
    announcements: [...placed.announcements, ...foreign],
    notes: { ...placed.notes, projection: name },
  };
}

/** What the directions in full were, now that they stay behind. */
const withoutVectors = (landscape: LandscapeFile): LandscapeFile => {
  const { directions, notes } = landscape;
  if (directions === null) return landscape;
  const numbers = directions.map((tensors) => tensors.reduce((sum, { data }) => sum + data.length, 0));
  return { ...landscape, directions: null, notes: { ...notes, directions: `${numbers.join(', ')} numbers` } };
};

async function readAny(bytes: Uint8Array, signal: AbortSignal): Promise<ReadLandscape> {
  if (sniffLandscape(bytes) === 'hdf5') return readHdf5Content(bytes, signal);
  return { kind: 'landscape', landscape: readLandscapeNpz(bytes) };
}

/** With all that belongs to it, and the directions in full. */
async function readWhole(
  references: LandscapeSource,
  context: MethodContext<'readLandscape' | 'landscapeFile'>,
): Promise<ReadLandscape> {
  const signal = signalOf(context);
  const file = context.path(references.file);
  const read = await reading(file, (bytes) => readAny(bytes, signal));
  if (read.kind !== 'landscape') return read;
  let { landscape } = read;
  if (pointsOf(landscape) > mostShownPoints)
    throw new BadInput(
      `${path.basename(file)} has ${pointsOf(landscape)} points, more than the window draws (${mostShownPoints}).`,
      'Save a coarser grid, or convert it with saddlescope convert.',
    );
  let directions: DirectionFile | null = null;
  if (references.directions !== null) {
    const place = context.path(references.directions);
    directions = await reading(place, (bytes) => readDirectionFile(bytes, signal));
    landscape = withDirections(landscape, directions);
  }
  if (references.projection !== null)
    landscape = await withProjection(landscape, context.path(references.projection), directions, signal);
  return { kind: 'landscape', landscape };
}

export const readLandscape: Method<'readLandscape'> = (references, context) =>
  outcomeOf(async () => {
    const read = await readWhole(references, context);
    return read.kind === 'landscape' ? { ...read, landscape: withoutVectors(read.landscape) } : read;
  });

export const landscapeFile: Method<'landscapeFile'> = ({ kind, ...references }, context) =>
  outcomeOf(async () => {
    const read = await readWhole(references, context);
    if (read.kind !== 'landscape') throw new BadInput('The file holds no landscape.', 'Open the surface file.');
    const [ending, form] = kind === 'surface' ? ['.h5', 'loss-landscape'] : [`.${kind}`, 'saddlescope'];
    const { content, announcements } = await landscapeKinds[ending]!.write(read.landscape, { form });
    return { bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content, announcements };
  });
