import path from 'node:path';
import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import { BadInput } from '../../../core/bad-input.ts';
import { printPresets, printSize } from '../../../core/figures/journal-sizes.ts';
import { sliceKeys } from '../../../core/formats/slice-npz.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { sliceJson, sliceOfPoint, storeSlice } from '../../compute/documents/slice-document.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { sliceLines } from '../documents/slice-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { requireFolderOf, requireShape, sliceKind, writeSliceFile } from '../slice-files.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { printable } from '../terminal/printable.ts';
import { watched } from '../terminal/watched.ts';
import { searchPointOptions, wantedPoint } from '../wanted-point.ts';

export const slice: Command = {
  description: {
    name: sliceDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: sliceDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN in the centre; the last one by itself' },
      ...searchPointOptions,
      ...analysisOptions(sliceDescriptor),
      {
        name: 'out',
        value: 'FILE',
        help: 'write FILE.npz, .h5 (surface file of loss-landscape, with its direction and projection files), .vtp, .vti, .vts, .csv, .svg, .png or .json',
      },
      {
        name: 'width',
        value: 'WIDTH',
        help: `of a picture on paper, laid out anew with text of 8 pt: ${printPresets.map(({ id }) => id).join(', ')}, or a length such as 85mm; a PNG then has 300 dots an inch`,
      },
      { name: 'state', value: 'FILE', help: 'where an unfinished grid is kept and taken up; a run keeps its own' },
      ...experimentOptions,
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: ['Keys of the .npz:', ...Object.entries(sliceKeys).map(([name, help]) => `  ${name.padEnd(20)} ${help}`)],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const out = args.text('out');
    const width = args.text('width');
    const size = width === undefined ? null : printSize(width);
    if (size !== null && out === undefined)
      throw new BadInput(
        '--width is that of a picture, and none is written.',
        'Give --out FILE.svg or FILE.png as well.',
      );
    if (out !== undefined) {
      sliceKind(out, size);
      await requireFolderOf(out);
    }
    const state = args.text('state');
    const parameters = givenParameters(sliceDescriptor, args);
    if (out !== undefined) requireShape(out, parameters);
    const { given, point } = await wantedPoint(await readGiven(operand, args), args);
    let kept: string | null = null;
    let forget = async (): Promise<void> => {};
    try {
      const document = await watched(terminal, (monitor) =>
        sliceOfPoint(
          point,
          given.run,
          parameters,
          thisCommand(),
          {
            ...monitor,
            onResume: (points) => terminal.err.write(`Goes on with a grid of which ${points} points are there.\n`),
            onNotice: (sentence) => terminal.err.write(`${printable(sentence)}\n`),
            onWhole: (remove) => {
              forget = remove;
            },
            onKept: (file) => {
              kept = file;
            },
          },
          state === undefined ? {} : { state: path.resolve(state) },
        ),
      );
      await sayWhatWasStored(given, terminal, (run) => storeSlice(run, document), kept);
      if (out !== undefined && document.status !== 'cancelled')
        for (const sentence of await writeSliceFile(out, document, point.opened.objective.layout, size))
          terminal.err.write(`${printable(sentence)}\n`);
      await forget();
      if (args.has('json')) terminal.out.write(`${sliceJson(document)}\n`);
      else terminal.out.write(`${sliceLines(document, terminal.colours(terminal.out)).join('\n')}\n`);
      if (document.status === 'cancelled' && kept !== null) return exitCode.stopped;
      return hasConverged(document) ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
