import { edgeSentence } from '../../core/figures/edge-sentence.ts';
import { numberText } from '../../core/figures/number-text.ts';
import type { Run } from '../state/runs.ts';
import type { ChartId } from '../state/settings.ts';
import { chartDefinitions } from './chart-definitions.ts';
import type { ChartLine } from './chart-lines.ts';
import { readingAt } from './reading.ts';
import { stepText } from './value-axis.ts';

/** The chart in words: what it shows, from where to where, and how the sharpness stands to its threshold. */
export function chartSentence(chart: ChartId, lines: readonly ChartLine[], run: Run | null): string {
  const { title, unit } = chartDefinitions[chart];
  if (chart === 'density') return densitySentence(run);
  const told = lines
    .filter(({ held, quiet, key }) => (!held && !quiet) || key.endsWith('learningRate'))
    .flatMap((line) => {
      const [first, last] = [readingAt(line, line.steps[0] ?? 0), readingAt(line, Number.POSITIVE_INFINITY)];
      if (!first || !last) return [];
      const number = (value: number) => `${numberText(value, 3)}${unit ? ` ${unit}` : ''}`;
      return `${line.name} from ${number(first.value)} at step ${stepText(first.step)} to ${number(last.value)} at step ${stepText(last.step)}`;
    });
  if (told.length === 0) return `${title}: nothing has been recorded yet.`;
  return `${title}: ${told.join('; ')}.${chart === 'sharpness' && run ? ` ${thresholdSentence(run)}` : ''}`;
}

function thresholdSentence(run: Run): string {
  const { sharpness, preconditionedSharpness } = run.series.eigenvalues;
  const { data, length } = preconditionedSharpness.length > 0 ? preconditionedSharpness : sharpness;
  const readings = Array.from({ length }, (_, row) => ({
    step: data.step[row]!,
    value: data.value[row]!,
    threshold: Number.isNaN(data.threshold[row]!) ? null : data.threshold[row]!,
    converged: data.converged[row] === 1,
  }));
  return edgeSentence(readings, run.description?.thresholdName ?? 'the threshold');
}

function densitySentence(run: Run | null): string {
  const densities = run?.series.densities ?? [];
  const [first, last] = [densities[0], densities[densities.length - 1]];
  if (!first || !last) return 'Spectral density: nothing has been measured yet.';
  const count = densities.length === 1 ? 'one measurement' : `${densities.length} measurements`;
  const span = (x: readonly number[]) => `${numberText(x[0] ?? 0, 3)} to ${numberText(x[x.length - 1] ?? 0, 3)}`;
  return `Spectral density as a map over step and eigenvalue: ${count} from step ${stepText(first.step)} to ${stepText(last.step)}; the last one spans λ from ${span(last.x)}.`;
}
