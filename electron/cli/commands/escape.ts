import { escapeDescriptor } from '../../../core/analyses/escape/descriptor.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { escapeJson, escapeOfPoint } from '../../compute/documents/escape-document.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { escapeLines } from '../documents/escape-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { watched } from '../terminal/watched.ts';
import { searchPointOptions, wantedPoint } from '../wanted-point.ts';

export const escapeCommand: Command = {
  description: {
    name: escapeDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: escapeDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN that is left; the last one by itself' },
      ...searchPointOptions,
      ...analysisOptions(escapeDescriptor),
      ...experimentOptions,
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has paths [{direction, sign, eigenvalue, residual, losses, steps, distances, end {loss, gradientNormSquared,',
    'lowest, kind, steps}}]. `kind` is minimum, saddle or moving.',
  ],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const parameters = givenParameters(escapeDescriptor, args);
    const { point } = await wantedPoint(await readGiven(operand, args), args);
    try {
      const document = await watched(terminal, (monitor) => escapeOfPoint(point, parameters, thisCommand(), monitor));
      const lines = args.has('json') ? [escapeJson(document)] : escapeLines(document);
      terminal.out.write(`${lines.join('\n')}\n`);
      return hasConverged(document) && !terminal.stop.aborted ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
