import { overlapDescriptor } from '../../../core/analyses/overlap/descriptor.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { overlapOfPoint, storeOverlap } from '../../compute/documents/overlap-document.ts';
import { openPoint } from '../../compute/open-point.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { overlapLines } from '../documents/overlap-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';

export const overlap: Command = {
  description: {
    name: overlapDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: overlapDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the last checkpoint of RUN that is compared; for halves and layers the one' },
      ...analysisOptions(overlapDescriptor),
      ...experimentOptions,
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has labels, overlap {rows, columns, data} with ‖UᵢᵀUⱼ‖²/k, errorBound alike, random (k/p), subspaces',
    '[{label, eigenvalues, gap, angleBound}] and pairs [{first, second, squaredCosines}].',
    '',
    'References:',
    ...overlapDescriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
  ],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const given = await readGiven(operand, args);
    const parameters = givenParameters(overlapDescriptor, args);
    const point = await openPoint(given, args.number('at', { least: 0 }));
    try {
      const document = await watched(terminal, (monitor) =>
        overlapOfPoint(point, given.run, parameters, thisCommand(), monitor),
      );
      await sayWhatWasStored(given, terminal, (run) => storeOverlap(run, document));
      const text = args.has('json') ? writeJson(document) : overlapLines(document).join('\n');
      terminal.out.write(`${text}\n`);
      return hasConverged(document) ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
