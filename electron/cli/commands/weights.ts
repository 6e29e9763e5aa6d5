import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { nameOfSlice } from '../../../core/experiment/slice-name.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { writeSafetensors } from '../../../core/formats/safetensors.ts';
import { weightsToOutside } from '../../../core/models/weights-from-outside.ts';
import type { ParameterLayout } from '../../../core/objective/parameter-layout.ts';
import { thetaOfCheckpoint } from '../../compute/checkpoint-state.ts';
import { latestWholeSlices } from '../../compute/documents/stored-results.ts';
import { openExperiment } from '../../compute/open-experiment.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { isRunFolder, readCheckpoint } from '../../host/run-folder.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { printable } from '../terminal/printable.ts';

const kinds = ['.safetensors', '.npz'];

function kindOf(out: string): string {
  const kind = path.extname(out).toLowerCase();
  if (kinds.includes(kind)) return kind;
  throw new BadInput(`--out ${out} is no kind of file for weights.`, `Give a name that ends in ${kinds.join(' or ')}.`);
}

/** `0.5,-0.25`: a coordinate an axis, in multiples of the directions. */
function pointOf(text: string, slice: SliceDocument): Float64Array {
  const coordinates = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  if (coordinates.length === slice.axes.length && coordinates.every(Number.isFinite))
    return Float64Array.from(coordinates);
  throw new BadInput(
    `--point ${text} is no point of the slice ${nameOfSlice(slice)}.`,
    `Give ${slice.axes.length} ${slice.axes.length === 1 ? 'number' : 'numbers with commas'}, one an axis.`,
  );
}

async function storedSlice(run: string, name: string | undefined, told: (sentence: string) => void) {
  const slices = (await latestWholeSlices(run, ({ message }) => told(message))).map(({ document }) => document);
  const named = slices.filter((slice) => nameOfSlice(slice) === name);
  // Without its variant a name is enough where it tells them apart.
  const alike = slices.filter((slice) => name === undefined || nameOfSlice({ ...slice, variant: '' }) === name);
  const fits = named.length > 0 ? named : alike;
  if (fits.length === 1) return fits[0]!;
  const names = slices.map(nameOfSlice);
  throw new BadInput(
    name !== undefined
      ? `${run} has ${fits.length === 0 ? 'no slice' : 'several slices'} “${name}”.`
      : `${run} has ${slices.length === 0 ? 'no slice' : 'several slices'}.`,
    names.length > 0 ? `Name one with --slice: ${names.join(', ')}.` : 'Compute one with `saddlescope slice`.',
  );
}

/** θ at a point of a slice: origin + Σ_k c_k d_k. */
async function weightsAt(run: string, slice: SliceDocument, at: Float64Array, layout: ParameterLayout) {
  const theta = thetaOfCheckpoint(await readCheckpoint(run, slice.step ?? 0), layout);
  for (const [k, direction] of slice.vectors.entries())
    for (let i = 0; i < theta.length; i++) theta[i]! += at[k]! * direction[i]!;
  return theta;
}

export const weights: Command = {
  description: {
    name: 'weights',
    operands: ['RUN'],
    summary:
      'Writes the weights that a point of a stored slice stands for, to be looked at, trained on or compared with.',
    options: [
      {
        name: 'slice',
        value: 'NAME',
        help: 'the slice, as its file says between slice- and the precision; needed where there are several',
      },
      { name: 'point', value: 'A,B', help: 'where, in multiples of the directions; a number an axis' },
      { name: 'out', value: 'FILE', help: 'write FILE.safetensors or .npz' },
      ...experimentOptions,
    ],
  },
  more: ['The file can be the `weights` of an experiment, and another point of `slice --plane difference --to FILE`.'],
  async run(args, { out: output, err }) {
    const [run = ''] = args.operands;
    if (!(await isRunFolder(run)))
      throw new BadInput(`${run} is not the folder of a run.`, 'Give a folder that `saddlescope train` has written.');
    const [point, out] = [args.text('point'), args.text('out')];
    if (point === undefined || out === undefined)
      throw new BadInput(`--${point === undefined ? 'point' : 'out'} is missing.`, 'Give --point A,B and --out FILE.');
    const kind = kindOf(out);
    const given = await readGiven(run, args);
    const slice = await storedSlice(run, args.text('slice'), (sentence) => err.write(`${printable(sentence)}\n`));
    const at = pointOf(point, slice);
    const opened = await openExperiment(given.experiment, given.baseFolder);
    try {
      const { layout } = opened.objective;
      const tensors = weightsToOutside(await weightsAt(run, slice, at, layout), layout, opened.precision);
      await atomicWrite(path.resolve(out), kind === '.npz' ? writeNpz(tensors) : writeSafetensors(tensors));
      const shown = Array.from(at, (value) => String(value)).join(', ');
      output.write(
        `${path.resolve(out)}: ${layout.dim} weights at (${shown}) of ${nameOfSlice(slice)}, step ${slice.step}.\n`,
      );
      return exitCode.done;
    } finally {
      opened.dispose();
    }
  },
};
