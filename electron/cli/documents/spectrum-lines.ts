import type { Spectrum } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { operatorName } from '../../../core/experiment/run-figures.ts';
import { braillePlot } from '../terminal/braille-plot.ts';
import { certified } from '../terminal/certified-number.ts';
import { printable } from '../terminal/printable.ts';

/** The document for people: eigenvalues with residuals, density as a curve, trace with its standard error. */
export function spectrumLines(document: SpectrumDocument, colours: boolean): string[] {
  const { eigenvalues, bottom, density, trace, stats, status, inexactReason } = document;
  const rows = (list: Spectrum['eigenvalues'], name: (i: number) => string) =>
    list.map(
      ({ value, residual, residualIsEstimate, errorEstimate }, i) =>
        `  ${name(i).padEnd(8)} ${certified(value, errorEstimate).padEnd(26)} residual ${residual.toExponential(1)}${residualIsEstimate ? ' (estimated)' : ''}`,
    );
  const lines = [
    `${printable(document.experiment)}${document.step === null ? '' : `, step ${document.step}`}: ${operatorName(document)} of ${document.convention.formula}`,
    `loss ${document.loss.toPrecision(7)}, ‖∇L‖ ${document.gradientNorm.toPrecision(4)}, ${document.dim} parameters, ${document.engine} ${document.precision}`,
  ];
  if (inexactReason !== null) lines.push(`Products are differences of gradients: ${printable(inexactReason)}`);
  if (eigenvalues.length > 0)
    lines.push(
      '',
      'Largest eigenvalues (± estimated error r²/gap; some eigenvalue lies within the residual r of each)',
      ...rows(eigenvalues, (i) => `λ${i + 1}`),
    );
  if (bottom.length > 0) lines.push('', 'Most negative eigenvalues', ...rows(bottom, (i) => `λ₋${i + 1}`));
  // Stopped before the first probe, density and trace say nothing.
  if (trace && trace.probes > 0)
    lines.push(
      '',
      `Trace ${certified(trace.value, trace.standardError)} (${trace.probes > 1 ? 'standard error' : 'no standard error from a single probe'}, ${trace.probes} probes)`,
    );
  if (density && density.probes > 0) lines.push('', ...densityLines(density, colours));
  lines.push('', `${status}: ${document.advice} ${stats.products} products, ${stats.seconds.toFixed(1)} s.`);
  return lines;
}

function densityLines(density: NonNullable<Spectrum['density']>, colours: boolean): string[] {
  const floor = 1e-6 * Math.max(...density.y);
  const curve = {
    name: `density, ${density.probes} starts × ${density.steps} steps`,
    x: density.x,
    y: Array.from(density.y, (y) => Math.max(y, floor)),
    colour: 36,
  };
  return braillePlot([curve], {
    title: 'Spectral density',
    xLabel: 'λ',
    width: 76,
    height: 8,
    logarithmic: true,
    colours,
  });
}
