import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { lossProbesOf, type Records, sharpnessPoints, stepsOf } from '../../../core/experiment/run-figures.ts';
import type { Provenance } from '../../../core/experiment/run-folder.ts';
import { matrixName } from '../../../core/experiment/spectrum-figures.ts';
import { edgeSentence } from '../../../core/figures/edge-sentence.ts';
import type { KeyNumber } from '../../../core/figures/report.ts';
import type { LossProbe } from '../../../core/training/records.ts';

/** A record of step n is the update from n to n + 1; one with a status was not made. */
export const stepsMade = (records: Records): number =>
  stepsOf(records).reduce((most, { step, status }) => Math.max(most, status === null ? step + 1 : step), 0);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * The training loss at the last step: of the probe there, or exactly from a spectrum of that step on the same data; else
 * that of the last probe before. The standard error belongs to a probe on the same examples at the same step.
 */
function trainingLoss(records: Records, spectrum: SpectrumDocument | null, provenance: Provenance): KeyNumber | null {
  const last = stepsMade(records);
  const probe = lossProbesOf(records).at(-1);
  const common = { name: 'Training loss', symbol: 'L', status: null };
  const spectrumIsOfTheEnd = spectrum?.step === last && spectrum.data?.sha256 === provenance.train.sha256;
  if (spectrum && spectrumIsOfTheEnd && probe?.step !== last) {
    const shares = probe ? errors(probe) : '';
    const atProbe = probe && shares !== '' ? ` At step ${probe.step}, ${shares}` : '';
    return {
      ...common,
      value: spectrum.loss,
      uncertainty: null,
      precision: spectrum.precision,
      meaning: `At step ${last} over ${spectrum.data.examples} examples.${atProbe}`,
    };
  }
  if (!probe) return null;
  return {
    ...common,
    value: probe.train.loss,
    uncertainty: { kind: 'standard error', size: probe.train.standardError },
    precision: provenance.precision,
    meaning: `At step ${probe.step} over ${probe.train.examples} examples. ${errors(probe)}`.trimEnd(),
  };
}

/** Nothing where the targets are not classes. */
function errors({ train, test }: LossProbe): string {
  if (train.error === null) return '';
  const ofTest = test && test.error !== null ? `, ${percent(test.error)} of ${test.examples} test examples` : '';
  return `${percent(train.error)} of ${train.examples} training examples are misclassified${ofTest}.`;
}

function sharpness(records: Records, thresholdName: string, { precision }: Provenance): KeyNumber | null {
  const points = sharpnessPoints(records);
  const last = points.at(-1);
  if (!last) return null;
  return {
    name: 'Sharpness',
    symbol: 'λ₁',
    value: last.value,
    uncertainty: { kind: 'residual', size: last.residual },
    status: last.converged ? 'converged' : 'budgetSpent',
    precision,
    meaning: `At step ${last.step}. ${edgeSentence(points, thresholdName)}`,
  };
}

const traceSymbols: Readonly<Record<SpectrumDocument['operator'], string>> = {
  hessian: 'tr H',
  gaussNewton: 'tr G',
  residual: 'tr (H − G)',
  fisher: 'tr F',
  fisherMonteCarlo: 'tr F',
  fisherEmpirical: 'tr F',
  gradientCovariance: 'tr C',
  ntk: 'tr K',
  preconditioned: 'tr P⁻¹H',
};

function trace(document: SpectrumDocument | null): KeyNumber | null {
  if (!document?.trace) return null;
  const { value, standardError, probes, low95, high95 } = document.trace;
  const half = (high95 - low95) / 2;
  return {
    name: `Trace of the ${matrixName(document)}`,
    symbol: traceSymbols[document.operator],
    value,
    uncertainty: Number.isFinite(half)
      ? { kind: '95 % interval', size: half }
      : { kind: 'standard error', size: standardError },
    status: document.parts.trace,
    precision: document.precision,
    meaning: `At step ${document.step}, from ${probes} random probes; the mean eigenvalue is ${(value / (document.order ?? document.dim)).toPrecision(2)}.`,
  };
}

/** The numbers at the head of a report, each with its certificate. */
export const keyNumbers = (
  records: Records,
  thresholdName: string,
  spectrum: SpectrumDocument | null,
  provenance: Provenance,
): KeyNumber[] =>
  [trainingLoss(records, spectrum, provenance), sharpness(records, thresholdName, provenance), trace(spectrum)].filter(
    (number) => number !== null,
  );
