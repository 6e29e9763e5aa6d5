import { structureDescriptor } from '../../../core/analyses/structure/descriptor.ts';
import { storeStructure, structureOfPoint } from '../../compute/documents/structure-document.ts';
import type { Command } from '../command.ts';
import { structureLines } from '../documents/structure-lines.ts';
import { analysisCommand } from './analysis-command.ts';

export const structure: Command = analysisCommand({
  descriptor: structureDescriptor,
  at: 'the checkpoint of RUN; the last one by itself',
  json: [
    'The JSON document has classes {parts [{name, formula, eigenvalues, trace, floor}], within, traceOfG, hessian, gaussNewton,',
    'hessianRatios, overlapWithHessian {value, error} …}, gradientShares [{k, share {value, error}, halves}], approximations',
    '{damping, qualities [{name, of, frobeniusError, traceError, largestRatio, topCosine, stepCosine}], kfac}, sharpness',
    '[{name, formula, value, certificate, error, interval95, scaleInvariant, settings}], notices, parts, convention, engine,',
    'precision, status, stats. What this model does not allow is null, and a notice says why. Numbers that JSON cannot write are',
    'the texts "NaN", "Infinity" and "-Infinity".',
  ],
  compute: (point, _, parameters, command, monitor) => structureOfPoint(point, parameters, command, monitor),
  store: storeStructure,
  lines: structureLines,
});
