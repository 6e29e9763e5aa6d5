import type { EigenSubspace, ProbedEstimate, Spectrum } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { matrixName } from '../../../core/experiment/spectrum-figures.ts';
import { certifiedText } from '../../../core/figures/number-text.ts';
import { braillePlot } from '../terminal/braille-plot.ts';
import { certified } from '../terminal/certified-number.ts';
import { printable } from '../terminal/printable.ts';

/**
 * The document for people: what must be read with it, eigenvalues with residuals and what cannot be told apart, blocks,
 * density as a curve with the shares of the signs, trace and sums with their intervals.
 */
export function spectrumLines(document: SpectrumDocument, colours: boolean): string[] {
  const { eigenvalues, bottom, magnitude, density, stats, status, inexactReason, notices, layers } = document;
  const order = document.order ?? document.dim;
  const size = order === document.dim ? `${document.dim} parameters` : `${order} of ${document.dim} parameters`;
  const lines = [
    `${printable(document.experiment)}${document.step === null ? '' : `, step ${document.step}`}: ${printable(matrixName(document))} of ${document.convention.formula}`,
    ...(document.operatorFormula ? [document.operatorFormula] : []),
    `loss ${document.loss.toPrecision(7)}, ‖∇L‖ ${document.gradientNorm.toPrecision(4)}, ${size}, ${document.engine} ${document.precision}`,
    ...(notices ?? []).map(({ found, instead }) => printable(`Note: ${found} ${instead}`)),
  ];
  if (inexactReason !== null) lines.push(`Products are differences of gradients: ${printable(inexactReason)}`);
  lines.push(
    ...listLines(document, 'top', eigenvalues, [
      'Largest eigenvalues (± estimated error r²/gap; some eigenvalue lies within the residual r of each)',
      'λ',
    ]),
    ...listLines(document, 'bottom', bottom, ['Most negative eigenvalues', 'λ₋']),
    ...listLines(document, 'magnitude', magnitude ?? [], ['Eigenvalues of largest absolute value', 'λ']),
    ...listLines(document, 'nearZero', document.nearZero ?? [], ['Eigenvalues nearest to zero', 'λ']),
  );
  if (layers && layers.length > 0) lines.push('', ...layerLines(layers));
  lines.push(...sumLines(document));
  if (density && density.probes > 0) lines.push('', ...densityLines(density, colours));
  lines.push('', `${status}: ${document.advice} ${stats.products} products, ${stats.seconds.toFixed(1)} s.`);
  return lines;
}

/** One end of the spectrum; a bracket joins what cannot be told apart. */
function listLines(
  { subspaces, blockNames }: SpectrumDocument,
  end: EigenSubspace['end'],
  list: Spectrum['eigenvalues'],
  [title, symbol]: readonly [title: string, symbol: string],
): string[] {
  if (list.length === 0) return [];
  const same = (subspaces ?? []).filter((one) => one.end === end && one.count > 1);
  const bracket = (i: number): string => {
    const own = same.find(({ first, count }) => i >= first && i < first + count);
    if (!own) return ' ';
    return i === own.first ? '┌' : i === Math.min(list.length, own.first + own.count) - 1 ? '└' : '│';
  };
  const rows = list.map(
    ({ value, residual, residualIsEstimate, evidence, errorEstimate, mass }, i) =>
      `${bracket(i)} ${`${symbol}${i + 1}`.padEnd(8)} ${certified(value, errorEstimate).padEnd(26)} residual ${evidence === 'bounded' ? '≤ ' : ''}${residual.toExponential(1)}${residualIsEstimate ? ' (estimated)' : ''}${mass ? `  ${massText(mass, blockNames)}` : ''}`,
  );
  return ['', title, ...rows, ...same.map((one) => `  ${subspaceText(one)}`)];
}

/** The two blocks with the largest shares: `dense_1/kernel 83 %, dense_2/kernel 15 %`. */
const massText = (mass: readonly number[], names: readonly string[]): string =>
  mass
    .map((share, i) => ({ share, name: names[i] ?? '' }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .map(({ share, name }) => `${printable(name)} ${(100 * share).toFixed(0)} %`)
    .join(', ');

const subspaceText = ({ first, count, spread, complete }: EigenSubspace): string =>
  `${first + 1} to ${first + count} cannot be told apart (they differ by ${spread.toExponential(1)}): only the space of their ${count} vectors is determined${complete ? '' : ', and it may have more'}.`;

/** `108.2 [90.9, 137.4]`: the interval is that of 95 %, which need not be symmetric. */
const interval = ({ value, low95, high95, standardError }: ProbedEstimate): string => {
  const half = (high95 - low95) / 2;
  if (!Number.isFinite(half)) return certified(value, standardError);
  const digits = (number: number) => certifiedText(number, half).value;
  return `${digits(value)} [${digits(low95)}, ${digits(high95)}]`;
};

const traceMethods = { hutchinson: 'Hutchinson', 'hutch++': 'Hutch++', xtrace: 'XTrace' } as const;

/** Trace, ln det and effective dimension; what was stopped before its first probe says nothing. */
function sumLines({ trace, logDeterminant, effectiveDimension }: SpectrumDocument): string[] {
  const lines: string[] = [];
  if (trace && trace.probes > 0)
    lines.push(
      `Trace ${interval(trace)}, ${traceMethods[trace.method] ?? 'Hutchinson'}, ${trace.probes} probes${trace.probes > 1 ? '' : ': no standard error from a single one'}`,
    );
  if (logDeterminant)
    lines.push(`ln det(A + σI) ${interval(logDeterminant)}, σ = ${logDeterminant.shift.toPrecision(3)}`);
  if (effectiveDimension)
    lines.push(
      `Effective dimension Σ λ/(λ + σ) ${interval(effectiveDimension)}, σ = ${effectiveDimension.shift.toPrecision(3)}`,
    );
  return lines.length > 0
    ? ['', 'Of the whole spectrum (in brackets the interval of 95 %)', ...lines.map((line) => `  ${line}`)]
    : [];
}

function layerLines(layers: NonNullable<Spectrum['layers']>): string[] {
  const total = layers.reduce((sum, { trace }) => sum + trace.value, 0);
  const width = Math.max(5, ...layers.map(({ block }) => printable(block).length));
  return [
    `Blocks of parameters (trace ± 95 %, share of their sum, largest eigenvalue)`,
    ...layers.map(({ block, size, trace, top }) =>
      `  ${printable(block).padEnd(width)} ${String(size).padStart(8)}  ${certified(trace.value, (trace.high95 - trace.low95) / 2).padEnd(22)} ${total === 0 ? '' : `${((100 * trace.value) / total).toFixed(1)} %`.padStart(7)}  ${top ? certified(top.value, top.errorEstimate) : ''}`.trimEnd(),
    ),
    `  ${'sum'.padEnd(width)} ${String(layers.reduce((sum, { size }) => sum + size, 0)).padStart(8)}  ${total.toPrecision(5)}`,
  ];
}

function massLines({ delta, below, near, above }: NonNullable<NonNullable<Spectrum['density']>['masses']>): string[] {
  const share = ({ value, low95, high95 }: ProbedEstimate): string =>
    `${(100 * value).toFixed(1)} % (95 %: ${(100 * low95).toFixed(1)} … ${(100 * high95).toFixed(1)})`;
  const δ = delta.toPrecision(2);
  return [`Shares: λ < −${δ} ${share(below)}; |λ| ≤ ${δ} ${share(near)}; λ > ${δ} ${share(above)}`];
}

function densityLines(density: NonNullable<Spectrum['density']>, colours: boolean): string[] {
  const floor = 1e-6 * Math.max(...density.y);
  const curve = {
    name: `density, ${density.probes} starts × ${density.steps} steps`,
    x: density.x,
    y: Array.from(density.y, (y) => Math.max(y, floor)),
    colour: 36,
  };
  const plot = braillePlot([curve], {
    title: 'Spectral density',
    xLabel: 'λ',
    width: 76,
    height: 8,
    logarithmic: true,
    colours,
  });
  return [...plot, ...(density.masses ? massLines(density.masses) : [])];
}
