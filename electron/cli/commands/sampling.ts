import { samplingDescriptor } from '../../../core/analyses/sampling/descriptor.ts';
import { samplingOfPoint, storeSampling } from '../../compute/documents/sampling-document.ts';
import type { Command } from '../command.ts';
import { samplingLines } from '../documents/sampling-lines.ts';
import { analysisCommand } from './analysis-command.ts';

export const sampling: Command = analysisCommand({
  descriptor: samplingDescriptor,
  at: 'the checkpoint of RUN; the last one by itself',
  json: [
    'The JSON document has sharpness and trace {value, uncertainty, perExample, standardError}, ladder [{size, mean,',
    'standardDeviation, predictedDeviation, bias}], proposals [{quantity, accuracy, examples, low95, high95, ofThese}] and',
    'batchSharpness {sharpness, alongGradient} with mean, deviation and quantiles at 5, 25, 50, 75 and 95 %.',
  ],
  compute: (point, _, parameters, command, monitor) => samplingOfPoint(point, parameters, command, monitor),
  store: storeSampling,
  lines: samplingLines,
});
