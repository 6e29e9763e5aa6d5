import { structureDescriptor } from '../../../core/analyses/structure/descriptor.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { storeStructure, structureOfPoint } from '../../compute/documents/structure-document.ts';
import { openPoint } from '../../compute/open-point.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { structureLines } from '../documents/structure-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';

export const structure: Command = {
  description: {
    name: structureDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: structureDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN; the last one by itself' },
      ...analysisOptions(structureDescriptor),
      ...experimentOptions,
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has classes {parts [{name, formula, eigenvalues, trace, floor}], within, traceOfG, hessian, gaussNewton,',
    'hessianRatios, overlapWithHessian {value, error} …}, gradientShares [{k, share {value, error}, halves}], approximations',
    '{damping, qualities [{name, of, frobeniusError, traceError, largestRatio, topCosine, stepCosine}], kfac}, sharpness',
    '[{name, formula, value, certificate, error, interval95, scaleInvariant, settings}], notices, parts, convention, engine,',
    'precision, status, stats. What this model does not allow is null, and a notice says why. Numbers that JSON cannot write are',
    'the texts "NaN", "Infinity" and "-Infinity".',
    '',
    'References:',
    ...structureDescriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
  ],
  async run(args, terminal) {
    const { out, stop } = terminal;
    const [operand = ''] = args.operands;
    const given = await readGiven(operand, args);
    const parameters = givenParameters(structureDescriptor, args);
    const point = await openPoint(given, args.number('at', { least: 0 }));
    try {
      const document = await watched(terminal, (monitor) =>
        structureOfPoint(point, parameters, thisCommand(), monitor),
      );
      await sayWhatWasStored(given, terminal, (run) => storeStructure(run, document));
      const lines = args.has('json') ? [writeJson(document)] : structureLines(document);
      out.write(`${lines.join('\n')}\n`);
      return hasConverged(document) && !stop.aborted ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
