import type { BatchDistribution, ProposedSize } from '../../../core/analyses/sampling/sampling.ts';
import type { SamplingDocument } from '../../../core/experiment/result-documents.ts';
import { certified } from '../terminal/certified-number.ts';
import { printable } from '../terminal/printable.ts';

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

function distributionLine(name: string, { mean, standardError, quantiles }: BatchDistribution): string {
  const [low, , middle, , high] = quantiles.map((value) => value.toPrecision(4));
  return `  ${name.padEnd(16)} ${certified(mean, standardError).padEnd(22)} 5 %: ${low}, median ${middle}, 95 %: ${high}`;
}

function proposalLine(
  { quantity, accuracy, examples: size, low95, high95, ofThese }: ProposedSize,
  examples: number,
): string {
  if (!Number.isFinite(high95))
    return `For ${quantity} to ${percent(accuracy)}: nothing can be said, the batches do not bound the scatter of an example; take more examples or fewer batches.`;
  return `For ${quantity} to ${percent(accuracy)}: ${size} examples of the population (95 %: ${low95} … ${high95}); ${ofThese} of these ${examples} for the value of all of them.`;
}

/** The document for people: what single examples scatter, how subsamples err, and the size that is proposed. */
export function samplingLines(document: SamplingDocument): string[] {
  const { examples, sharpness, trace, ladder, biasConstant, proposals, batchSharpness, status, advice, stats } =
    document;
  const curvature = (name: string, { value, uncertainty, perExample, standardError }: typeof sharpness) =>
    `  ${name.padEnd(10)} ${certified(value, Math.hypot(standardError, uncertainty)).padEnd(22)} σ of one example ${perExample.toPrecision(3)}, ${percent(standardError / Math.abs(value))} of the value`;
  const lines = [
    `${printable(document.experiment)}${document.step === null ? '' : `, step ${document.step}`}: sampling error of the curvature of ${document.convention.formula}`,
    `${examples} examples, ${document.dim} parameters, ${document.engine} ${document.precision}`,
    '',
    'Of these examples, ± standard error as a value of the population (and of the probes of the trace)',
    curvature('sharpness', sharpness),
    curvature('trace', trace),
    '',
    'Sharpness of random subsets',
    '      size     mean       deviation   predicted   bias',
    ...ladder.map(
      ({ size, mean, standardDeviation, predictedDeviation, bias, biasStandardError }) =>
        `  ${`${size}`.padStart(8)}   ${mean.toPrecision(5).padEnd(10)} ${standardDeviation.toPrecision(3).padEnd(11)} ${predictedDeviation.toPrecision(3).padEnd(11)} ${certified(bias, biasStandardError)}`,
    ),
    `  bias ≈ c (1/n − 1/N) with c = ${certified(biasConstant.value, biasConstant.standardError)}`,
    '',
    ...proposals.map((proposal) => proposalLine(proposal, examples)),
  ];
  if (batchSharpness)
    lines.push(
      '',
      `Mini-batches of ${batchSharpness.batchSize} (${batchSharpness.batches} of them; mean ± standard error)`,
      distributionLine('λ_max', batchSharpness.sharpness),
      distributionLine('gᵀHg/‖g‖²', batchSharpness.alongGradient),
    );
  lines.push('', `${status}: ${advice} ${stats.products} products, ${stats.seconds.toFixed(1)} s.`);
  return lines;
}
