import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { nameOfSlice } from '../../../core/experiment/slice-name.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { writeSafetensors } from '../../../core/formats/safetensors.ts';
import { weightsToOutside } from '../../../core/models/weights-from-outside.ts';
import { openExperiment } from '../../compute/open-experiment.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { isRunFolder } from '../../host/run-folder.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { placeOf, storedSlice, thetaAt } from '../point-of-slice.ts';
import { printable } from '../terminal/printable.ts';

const kinds = ['.safetensors', '.npz'];

function kindOf(out: string): string {
  const kind = path.extname(out).toLowerCase();
  if (kinds.includes(kind)) return kind;
  throw new BadInput(`--out ${out} is no kind of file for weights.`, `Give a name that ends in ${kinds.join(' or ')}.`);
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
    const at = placeOf(point, slice, '--point');
    const opened = await openExperiment(given.experiment, given.baseFolder);
    try {
      const { layout } = opened.objective;
      const tensors = weightsToOutside(await thetaAt(run, slice, at, layout), layout, opened.precision);
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
