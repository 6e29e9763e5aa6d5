import { samplingDescriptor } from '../../../core/analyses/sampling/descriptor.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { samplingOfPoint, storeSampling } from '../../compute/documents/sampling-document.ts';
import { openPoint } from '../../compute/open-point.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { samplingLines } from '../documents/sampling-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';

export const sampling: Command = {
  description: {
    name: samplingDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: samplingDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN; the last one by itself' },
      ...analysisOptions(samplingDescriptor),
      ...experimentOptions,
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has sharpness and trace {value, uncertainty, perExample, standardError}, ladder [{size, mean,',
    'standardDeviation, predictedDeviation, bias}], proposals [{quantity, accuracy, examples, low95, high95, ofThese}] and',
    'batchSharpness {sharpness, alongGradient} with mean, deviation and quantiles at 5, 25, 50, 75 and 95 %.',
    '',
    'References:',
    ...samplingDescriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
  ],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const given = await readGiven(operand, args);
    const parameters = givenParameters(samplingDescriptor, args);
    const point = await openPoint(given, args.number('at', { least: 0 }));
    try {
      const document = await watched(terminal, (monitor) => samplingOfPoint(point, parameters, thisCommand(), monitor));
      await sayWhatWasStored(given, terminal, (run) => storeSampling(run, document));
      const text = args.has('json') ? writeJson(document) : samplingLines(document).join('\n');
      terminal.out.write(`${text}\n`);
      return hasConverged(document) ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
