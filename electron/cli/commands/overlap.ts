import { overlapDescriptor } from '../../../core/analyses/overlap/descriptor.ts';
import { overlapOfPoint, storeOverlap } from '../../compute/documents/overlap-document.ts';
import type { Command } from '../command.ts';
import { overlapLines } from '../documents/overlap-lines.ts';
import { analysisCommand } from './analysis-command.ts';

export const overlap: Command = analysisCommand({
  descriptor: overlapDescriptor,
  at: 'the last checkpoint of RUN that is compared; for halves and layers the one',
  json: [
    'The JSON document has labels, overlap {rows, columns, data} with ‖UᵢᵀUⱼ‖²/k, errorBound alike, random (k/p), subspaces',
    '[{label, eigenvalues, gap, angleBound}] and pairs [{first, second, squaredCosines}].',
  ],
  compute: overlapOfPoint,
  store: storeOverlap,
  lines: overlapLines,
});
