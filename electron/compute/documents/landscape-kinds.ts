import { writeJson } from '../../../core/formats/json-numbers.ts';
import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';
import { landscaperArrays } from '../../../core/formats/landscaper-npz.ts';
import { modeConnectivityArrays } from '../../../core/formats/mode-connectivity-npz.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { sliceCsv } from '../../../core/formats/slice-csv.ts';
import { arraysOfLandscape } from '../../../core/formats/slice-npz.ts';
import { imageDataXml } from '../../../core/formats/vtk/image-data.ts';
import { landscapeGridXml } from '../../../core/formats/vtk/landscape-grid.ts';
import { polyDataXml } from '../../../core/formats/vtk/poly-data.ts';
import type { HeightOptions } from '../../../core/formats/vtk/surface-points.ts';

export interface WrittenLandscape {
  readonly content: Uint8Array | string;
  /** What the form cannot hold, or what its tool will see otherwise. */
  readonly announcements: readonly string[];
}

export interface WantedForm extends HeightOptions {
  /** One of the kind's forms; null where it has one alone. */
  readonly form: string | null;
}

/** What can be written under one ending. */
export interface LandscapeKind {
  /** The first one is written unless another is asked for. */
  readonly forms?: readonly string[];
  /** Whether --zmax and --log mean anything. */
  readonly heights?: boolean;
  write(file: LandscapeFile, wanted: WantedForm): Promise<WrittenLandscape> | WrittenLandscape;
}

const plain = (content: Uint8Array | string): WrittenLandscape => ({ content, announcements: [] });
const texts = ({ form, notes }: LandscapeFile) => ({ form, ...notes });

/** By the ending of the file; pictures are for those who can draw. */
export const landscapeKinds: Readonly<Record<string, LandscapeKind>> = {
  '.h5': { forms: ['loss-landscape', 'saddlescope'], write: hdf5 },
  '.npz': { forms: ['saddlescope', 'landscaper', 'mode-connectivity'], write: npz },
  '.vtp': {
    heights: true,
    write(file, wanted) {
      const { xml, announcements } = polyDataXml(file, file.fields[0]!, wanted);
      return { content: xml, announcements };
    },
  },
  '.vti': { write: (file) => plain(imageDataXml(file, texts(file))) },
  '.vts': {
    heights: true,
    write: (file, wanted) => plain(landscapeGridXml(file, file.fields[0]!, wanted, texts(file))),
  },
  '.csv': { write: (file) => plain(sliceCsv(file)) },
  '.json': { write: (file) => plain(`${writeJson({ ...file, directions: null }, 1)}\n`) },
};

async function hdf5(file: LandscapeFile, { form }: WantedForm): Promise<WrittenLandscape> {
  const { writeSnapshotFile, writeSurfaceFile } = await import('../../host/hdf5/index.ts');
  if (form === 'saddlescope') return plain(await writeSnapshotFile(file));
  const directionFile = file.notes.dir_file ?? '';
  const on = file.notes.on === 'test' ? 'test' : 'train';
  const { bytes, announcements } = await writeSurfaceFile(file, { directionFile, on });
  const why = file.directions === null ? 'the input has no directions' : 'their order in PyTorch is not known here';
  const without = directionFile === '' ? [`The surface names no direction file: ${why}.`] : [];
  return { content: bytes, announcements: [...announcements, ...without] };
}

function npz(file: LandscapeFile, { form }: WantedForm): WrittenLandscape {
  if (form === 'saddlescope') return plain(writeNpz(arraysOfLandscape(file)));
  const { arrays, announcements } =
    form === 'landscaper' ? landscaperArrays(file, file.fields[0]!) : modeConnectivityArrays(file);
  // numpy.savez packs nothing, and neither does its writer here.
  return { content: writeNpz(arrays, { deflate: false }), announcements };
}
