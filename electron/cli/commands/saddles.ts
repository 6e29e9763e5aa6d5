import path from 'node:path';
import { saddlesDescriptor } from '../../../core/analyses/saddles/descriptor.ts';
import { BadInput } from '../../../core/bad-input.ts';
import type { SaddlesDocument } from '../../../core/experiment/result-documents.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { saddlesArrays, saddlesJson, saddlesOfPoint, storeSaddles } from '../../compute/documents/saddles-document.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { saddlesLines } from '../documents/saddles-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { requireFolderOf } from '../slice-files.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { printable } from '../terminal/printable.ts';
import { watched } from '../terminal/watched.ts';
import { slicePointOptions, wantedPoint } from '../wanted-point.ts';

const kinds = ['.json', '.npz'];

export const saddles: Command = {
  description: {
    name: saddlesDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: saddlesDescriptor.question,
    options: [
      {
        name: 'at',
        value: 'STEP',
        help: 'the last checkpoint of RUN to start from; with --from point the one in the centre',
      },
      ...slicePointOptions,
      ...analysisOptions(saddlesDescriptor),
      { name: 'out', value: 'FILE', help: 'write FILE.json, or FILE.npz with θ of every point, a row a point' },
      { name: 'state', value: 'FILE', help: 'where an unfinished search is kept and taken up; a run keeps its own' },
      ...experimentOptions,
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has points [{number, start, loss, gradientNormSquared, residual, verdict, certified, proof, index',
    '{negative, null, positive, tolerance, method, standardError}, smallest, lowest, highest, eigenvalues, zeroModes, …}] and, where',
    'all critical points are known in closed form, exact [{modes, loss, negative, null, positive}]. `verdict` is critical,',
    'gradientFlat, notConverged or atInfinity; only `certified` points are proved to have a true critical point nearby.',
    '',
    'References:',
    ...saddlesDescriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
  ],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const [out, state] = [args.text('out'), args.text('state')];
    if (out !== undefined) {
      if (!kinds.includes(path.extname(out).toLowerCase()))
        throw new BadInput(
          `--out ${out} is no kind of file for points.`,
          `Give a name that ends in ${kinds.join(' or ')}.`,
        );
      await requireFolderOf(out);
    }
    const parameters = givenParameters(saddlesDescriptor, args);
    const { given, point } = await wantedPoint(await readGiven(operand, args), args);
    if (args.has('cell') && parameters.from !== 'point')
      throw new BadInput('--cell is a point, and the search does not start from it.', 'Give --from point as well.');
    let kept: string | null = null;
    let forget = async (): Promise<void> => {};
    try {
      const document = await watched(terminal, (monitor) =>
        saddlesOfPoint(
          point,
          // Checkpoints of another loss are starts like any others, but what is found is no result of the run.
          given.run,
          parameters,
          thisCommand(),
          {
            ...monitor,
            onResume: ({ length }) =>
              terminal.err.write(`Goes on with a search of which ${length} points are judged.\n`),
            onNotice: (sentence) => terminal.err.write(`${printable(sentence)}\n`),
            onKept: (file) => {
              kept = file;
            },
            onWhole: (remove) => {
              forget = remove;
            },
          },
          state === undefined ? {} : { state: path.resolve(state) },
        ),
      );
      const isWhole = document.status !== 'cancelled';
      await sayWhatWasStored(given, terminal, (run) => storeSaddles(run, document), isWhole ? null : kept);
      if (out !== undefined && isWhole) await write(out, document);
      if (isWhole) await forget();
      const lines = args.has('json') ? [saddlesJson(document)] : saddlesLines(document);
      terminal.out.write(`${lines.join('\n')}\n`);
      if (!isWhole && kept !== null) return exitCode.stopped;
      return hasConverged(document) ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};

const write = (out: string, document: SaddlesDocument): Promise<void> =>
  atomicWrite(
    out,
    path.extname(out).toLowerCase() === '.npz' ? writeNpz(saddlesArrays(document)) : `${saddlesJson(document, 1)}\n`,
  );
