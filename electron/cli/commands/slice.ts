import path from 'node:path';
import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import { BadInput } from '../../../core/bad-input.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { sliceArrays, sliceKeys } from '../../../core/formats/slice-npz.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { sliceJson, sliceOfPoint, storeSlice } from '../../compute/documents/slice-document.ts';
import { openPoint } from '../../compute/open-point.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { sliceLines } from '../documents/slice-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { slicePicture } from '../slice-picture.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';

const kinds = ['.npz', '.svg', '.png', '.json'];

function kindOf(out: string): string {
  const kind = path.extname(out).toLowerCase();
  if (kinds.includes(kind)) return kind;
  throw new BadInput(
    `--out ${out} is no kind of file that a slice can be.`,
    `Give a name that ends in ${kinds.join(', ')}.`,
  );
}

async function content(kind: string, document: SliceDocument): Promise<Uint8Array | string> {
  if (kind === '.npz') return writeNpz(sliceArrays(document));
  if (kind === '.json') return `${sliceJson(document, 1)}\n`;
  return slicePicture(document, kind === '.png' ? 'png' : 'svg');
}

export const slice: Command = {
  description: {
    name: sliceDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: sliceDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN in the centre; the last one by itself' },
      ...analysisOptions(sliceDescriptor),
      { name: 'out', value: 'FILE', help: 'write FILE.npz, .svg, .png or .json' },
      ...experimentOptions,
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: ['Keys of the .npz:', ...Object.entries(sliceKeys).map(([name, help]) => `  ${name.padEnd(20)} ${help}`)],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const out = args.text('out');
    const kind = out === undefined ? null : kindOf(out);
    const given = await readGiven(operand, args);
    const parameters = givenParameters(sliceDescriptor, args);
    const point = await openPoint(given, args.number('at', { least: 0 }));
    try {
      const document = await watched(terminal, (monitor) =>
        sliceOfPoint(point, given.run, parameters, thisCommand(), monitor),
      );
      await sayWhatWasStored(given, terminal, (run) => storeSlice(run, document));
      if (out !== undefined && kind !== null && document.status !== 'cancelled')
        await atomicWrite(path.resolve(out), await content(kind, document));
      if (args.has('json')) terminal.out.write(`${sliceJson(document)}\n`);
      else terminal.out.write(`${sliceLines(document, terminal.colours(terminal.out)).join('\n')}\n`);
      return hasConverged(document) ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
