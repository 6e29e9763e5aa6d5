import type { SaveKind } from '../../core/protocol/bridge.ts';
import type { SliceFileKind } from '../../core/protocol/methods.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import type { HeldSlice } from '../figures/figure-source.ts';
import { studiedFileName } from '../state/landscape-files.ts';
import { announce } from '../state/session.ts';
import { reporting } from './failures.ts';

export type SliceForm = Exclude<SliceFileKind, 'surface' | 'directions'> | 'loss-landscape';

export interface SliceFormDescription {
  readonly id: SliceForm;
  readonly title: string;
  /** Who reads it, and what it holds. */
  readonly help: string;
}

const all: readonly (SliceFormDescription & { readonly only?: HeldSlice['shape'] })[] = [
  { id: 'csv', title: 'CSV', help: 'A row a point with every quantity, for tables' },
  { id: 'npz', title: 'NPZ', help: 'NumPy arrays with masks, certificates, directions and path' },
  { id: 'h5', title: 'HDF5', help: 'The same for h5py, with notes on how it was made' },
  { id: 'json', title: 'JSON', help: 'The whole document, as slice --json prints it' },
  {
    id: 'vts',
    title: 'VTK structured grid, .vts',
    help: 'The surface for ParaView, points hidden where nothing was computed',
    only: 'plane',
  },
  { id: 'vtp', title: 'VTK surface, .vtp', help: 'Triangles, as loss-landscape writes them', only: 'plane' },
  { id: 'vti', title: 'VTK image data, .vti', help: 'The volume for ParaView', only: 'volume' },
];

/** The files of loss-landscape hold lines and planes. */
const forLossLandscape: SliceFormDescription = {
  id: 'loss-landscape',
  title: 'Files of loss-landscape',
  help: 'A direction file, then the surface file that names it, both HDF5',
};

/** What was read from a file keeps its direction file, where it has one. */
const surfaceAlone: SliceFormDescription = {
  id: 'loss-landscape',
  title: 'Surface file of loss-landscape',
  help: 'HDF5, which names the direction file that it was read with',
};

/** What a slice can be saved as. */
export const formsOfSlice = ({ shape, planeId }: Omit<HeldSlice, 'run'>): readonly SliceFormDescription[] => [
  ...all.filter(({ only }) => only === undefined || only === shape),
  ...(shape === 'volume' ? [] : [typeof planeId === 'string' ? forLossLandscape : surfaceAlone]),
];

const fileNameOf = ({ run, shape }: HeldSlice): string => `${studiedFileName(run) ?? 'slice'}-${shape}`;

/** Saves the slice with all it holds. Asks where; for loss-landscape twice, as that is two files. */
export async function saveSliceData(slice: HeldSlice, form: SliceForm): Promise<void> {
  await reporting(async () => {
    if (form !== 'loss-landscape') return savePart(slice, form, form, '', `${fileNameOf(slice)}.${form}`);
    if (typeof slice.planeId !== 'string') return savePart(slice, 'surface', 'h5', '', `${fileNameOf(slice)}.h5`);
    const directions = await savePart(slice, 'directions', 'h5', '', `${fileNameOf(slice)}.directions.h5`);
    // The surface says the name that the user has given to the directions.
    if (directions !== null) await savePart(slice, 'surface', 'h5', lastPart(directions), `${fileNameOf(slice)}.h5`);
  });
}

/** What the side that computes makes of it: of a slice that it holds, or of a file that it reads again. */
export async function writtenSlice({ run, planeId }: HeldSlice, kind: SliceFileKind, directionFile = '') {
  if (typeof planeId === 'string')
    return (await compute.call('sliceFile', { run, planeId, kind, directionFile }).outcome).value;
  if (kind === 'directions') throw new Error('A landscape file has no directions of its own to be saved.');
  return (await compute.call('landscapeFile', { ...planeId, kind }).outcome).value;
}

async function savePart(
  slice: HeldSlice,
  kind: SliceFileKind,
  ending: SaveKind,
  directionFile: string,
  suggested: string,
): Promise<string | null> {
  const { bytes, announcements } = await writtenSlice(slice, kind, directionFile);
  const saved = await bridge.saveFile(suggested, ending, bytes);
  if (saved !== null) announce([`Saved ${saved}.`, ...announcements].join(' '));
  return saved;
}

const lastPart = (file: string): string => file.split(/[/\\]/).at(-1) ?? '';
