import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { statusWord } from '../../widgets/badge.tsx';
import { isAccurate } from './eigenvalue-table.tsx';
import type { Measured, PlaneDistance, StepReading } from './reading.ts';

/** A field of a table with tabulators: all digits, for whoever computes with it. */
type Field = string | number | null;

const line = (fields: readonly Field[]): string => fields.map((field) => field ?? '').join('\t');

const measuredLine = (name: string, kind: string, measured: Measured | null, status = ''): Field[][] =>
  measured
    ? [[name, measured.value, measured.uncertainty, measured.uncertainty === null ? '' : kind, status, measured.step]]
    : [];

const word = (converged: boolean): string => (converged ? 'converged' : 'not converged');

/** The numbers of the inspector as a table: value, uncertainty, what that is, status, step of the measurement. */
export function numbersText(
  reading: StepReading,
  spectrum: SpectrumDocument | null,
  distance: PlaneDistance | null,
  provenance: readonly (readonly [string, string])[],
): string {
  const { sharpness, lowest } = reading;
  const rows: Field[][] = [
    ['quantity', 'value', '±', 'kind of ±', 'status', 'step'],
    ...measuredLine('sharpness', 'residual', sharpness, sharpness ? statusWord(sharpness.status) : ''),
    ...(sharpness?.threshold == null ? [] : [['threshold', sharpness.threshold, null, '', '', sharpness.step]]),
    ...measuredLine('lowest eigenvalue', 'residual', lowest, lowest ? statusWord(lowest.status) : ''),
    ...measuredLine('loss', 'standard error', reading.loss),
    ...measuredLine('test loss', 'standard error', reading.testLoss),
    ...measuredLine('accuracy', 'standard error', reading.accuracy),
    ...measuredLine('test accuracy', 'standard error', reading.testAccuracy),
    ...measuredLine('loss of the batch', '', reading.batchLoss),
    ...measuredLine('gradient norm', '', reading.gradientNorm),
    ...measuredLine('learning rate', '', reading.learningRate),
    ...measuredLine('noise scale', 'standard error', reading.noiseScale),
    ...(distance
      ? [
          ['distance from the plane', distance.distance, null, '', '', distance.step],
          ['distance from its centre', distance.length, null, '', '', distance.step],
        ]
      : []),
  ];
  const pairs = (spectrum?.eigenvalues ?? []).map((pair, i) => [
    `λ${i + 1}`,
    pair.value,
    pair.errorEstimate,
    'estimated error',
    spectrum && isAccurate(spectrum, pair) ? word(true) : word(false),
    spectrum?.step ?? null,
    `residual ${pair.residual}`,
  ]);
  return [...rows, ...pairs, [], ...provenance].map(line).join('\n');
}
