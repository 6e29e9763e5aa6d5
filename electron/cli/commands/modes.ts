import { modesDescriptor } from '../../../core/analyses/modes/descriptor.ts';
import { modesOfPoint, storeModes } from '../../compute/documents/modes-document.ts';
import type { Command } from '../command.ts';
import { modesLines } from '../documents/modes-lines.ts';
import { analysisCommand } from './analysis-command.ts';

export const modes: Command = analysisCommand({
  descriptor: modesDescriptor,
  at: 'the last checkpoint of RUN that is looked at',
  json: [
    'RUN is of an experiment with model: { deepLinear: … }. The JSON document has form (balanced, unbalanced, deep or none),',
    'notices, steps, times (Σ η), loss, offDiagonal, imbalance and drift by checkpoint, and modes [{mode, singularValue,',
    'strengths, theory, imbalance, alignment, unevenness, halfTime: {value, spacing}, theoryHalfTime, deviation: {value, step}}].',
  ],
  compute: modesOfPoint,
  store: storeModes,
  lines: modesLines,
});
