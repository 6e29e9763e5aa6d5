import fs from 'node:fs/promises';
import path from 'node:path';
import type { SliceShape } from '../../core/analyses/slices/grid-text.ts';
import { shapeOf } from '../../core/analyses/slices/slice.ts';
import { BadInput } from '../../core/bad-input.ts';
import type { SliceDocument } from '../../core/experiment/result-documents.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import type { SliceFileKind } from '../../core/protocol/methods.ts';
import { sliceContent } from '../compute/documents/slice-contents.ts';
import { atomicWrite } from '../host/atomic-write.ts';
import { landscapeKinds } from './landscape-kinds.ts';
import { type PictureSize, slicePicture } from './slice-picture.ts';

const kinds = [...new Set([...Object.keys(landscapeKinds), '.json'])];
const pictures = ['.svg', '.png'];

/** Before hours of work: the folder that the file will be in. */
export async function requireFolderOf(out: string): Promise<void> {
  const folder = path.dirname(path.resolve(out));
  const stat = await fs.stat(folder).catch(() => null);
  if (!stat?.isDirectory()) throw new BadInput(`${folder} is no folder.`, 'Give --out a name in a folder that exists.');
}

/** The ending of a name; BadInput for what no slice can be written as, or for a size of what is no picture. */
export function sliceKind(out: string, size: PictureSize = null): string {
  const kind = path.extname(out).toLowerCase();
  if (kind === '.pdf')
    throw new BadInput(
      `--out ${out}: PDF is made by the window alone, which has the program that prints.`,
      'Write .svg, or open the run in the window and choose “Save for print…” in the menu of the figure.',
    );
  if (!kinds.includes(kind))
    throw new BadInput(
      `--out ${out} is no kind of file that a slice can be.`,
      `Give a name that ends in ${kinds.join(', ')}.`,
    );
  if (size !== null && !pictures.includes(kind))
    throw new BadInput(`--width is that of a picture, and ${out} is none.`, 'Leave it out, or write .svg or .png.');
  return kind;
}

/** What can only be written of some shapes. */
const shapesOf: Readonly<Record<string, readonly SliceShape[]>> = {
  '.vtp': ['plane'],
  '.vti': ['plane', 'volume'],
};

/** Before hours of work: whether the kind of file can hold the shape. BadInput. */
export function requireShape(out: string, parameters: Readonly<Record<string, unknown>>): void {
  const kind = path.extname(out).toLowerCase();
  const shape = parameters.volume !== undefined ? 'volume' : parameters.line !== undefined ? 'line' : 'plane';
  const can = shapesOf[kind];
  if (can && !can.includes(shape))
    throw new BadInput(
      `A ${kind} file holds no ${shape}.`,
      `Write .npz, .h5 or .csv${shape === 'volume' ? ', or .vti' : ''}.`,
    );
}

/**
 * Writes a slice in the form of its name. A surface file of loss-landscape (`.h5`) comes with its direction file beside
 * it, `NAME.directions.h5`, in the order and the shapes of PyTorch, and with the path of a run as its projection file,
 * `NAME.directions.h5_proj_lstsq.h5`. Answers what the form cannot hold, a sentence each.
 */
export async function writeSliceFile(
  out: string,
  document: SliceDocument,
  layout: ParameterLayout,
  size: PictureSize = null,
): Promise<readonly string[]> {
  const kind = sliceKind(out, size);
  const file = path.resolve(out);
  if (kind === '.svg' || kind === '.png') {
    await atomicWrite(file, await slicePicture(document, kind === '.svg' ? 'svg' : 'png', size));
    return [];
  }
  // A volume has no place in a surface file: then ours, which h5py reads as well.
  if (kind === '.h5' && shapeOf(document) !== 'volume') return writeSurface(file, document, layout);
  const { content, announcements } = await sliceContent(document, kind.slice(1) as SliceFileKind);
  await atomicWrite(file, content);
  return announcements;
}

/** The path in multiples of the directions, under the name by which loss-landscape finds it. */
async function writeProjection(file: string, { trajectory, directions, cosines }: SliceDocument): Promise<void> {
  if (trajectory === null) return;
  const { writeProjectionFile } = await import('../host/hdf5/index.ts');
  const { steps, coordinates, distance, trueLoss: loss } = trajectory;
  const axes = { norms: directions.map(({ norm }) => norm), cosine: cosines[0] ?? null };
  await atomicWrite(file, await writeProjectionFile({ steps, coordinates, distance, loss }, 'lstsq', axes));
}

async function writeSurface(
  file: string,
  document: SliceDocument,
  layout: ParameterLayout,
): Promise<readonly string[]> {
  const directionFile = file.replace(/\.h5$/i, '.directions.h5');
  const needs = { layout, directionFile: path.basename(directionFile) };
  const surface = await sliceContent(document, 'surface', needs);
  await atomicWrite(directionFile, (await sliceContent(document, 'directions', needs)).content);
  await writeProjection(`${directionFile}_proj_lstsq.h5`, document);
  await atomicWrite(file, surface.content);
  return surface.announcements;
}
