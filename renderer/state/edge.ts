import { type EdgeReading, edgeSentence, shortThresholdName } from '../../core/figures/edge-sentence.ts';
import { type Columns, rowAtOrBefore } from './columns.ts';
import type { RunSeries } from './run-series.ts';
import type { Run } from './runs.ts';

/** One row of a group of columns, with its own step: what was measured last at or before the step that is looked at. */
export type Row<C> = C extends Columns<infer Name> ? Readonly<Record<Name, number>> : never;

type Eigenvalues = RunSeries['eigenvalues']['sharpness'];

/** What is known of a run at a step: the nearest records at or before it, never interpolated. Null where there is none. */
export interface ValuesAtStep {
  readonly step: number;
  readonly update: Row<RunSeries['updates']> | null;
  readonly losses: Row<RunSeries['losses']> | null;
  readonly sharpness: Row<Eigenvalues> | null;
  readonly lowestEigenvalue: Row<Eigenvalues> | null;
  readonly preconditionedSharpness: Row<Eigenvalues> | null;
  readonly gradientNorm: Row<RunSeries['gradientNorms']> | null;
  readonly noiseScale: Row<RunSeries['noiseScales']> | null;
}

function rowAt<Name extends string>(columns: Columns<Name>, step: number): Readonly<Record<Name, number>> | null {
  const row = rowAtOrBefore(columns, step);
  if (row < 0) return null;
  const entries = columns.names.map((name) => [name, columns.data[name][row] ?? Number.NaN]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** `step` null: the newest. */
export function valuesAtStep({ series }: Pick<Run, 'series'>, step: number | null): ValuesAtStep {
  const { updates, losses, eigenvalues, gradientNorms, noiseScales } = series;
  const at = step ?? Number.POSITIVE_INFINITY;
  const update = rowAt(updates, at);
  const { sharpness, lowestEigenvalue, preconditionedSharpness } = eigenvalues;
  const known = {
    update,
    losses: rowAt(losses, at),
    sharpness: rowAt(sharpness, at),
    lowestEigenvalue: rowAt(lowestEigenvalue, at),
    preconditionedSharpness: rowAt(preconditionedSharpness, at),
    gradientNorm: rowAt(gradientNorms, at),
    noiseScale: rowAt(noiseScales, at),
  };
  const newest = Math.max(0, ...Object.values(known).map((row) => row?.step ?? 0));
  return { step: step ?? newest, ...known };
}

/** The curvature that this optimiser's threshold speaks of: of the preconditioned Hessian where that is measured. */
export function edgeKind({ eigenvalues }: RunSeries): 'sharpness' | 'preconditionedSharpness' {
  return eigenvalues.preconditionedSharpness.length > 0 ? 'preconditionedSharpness' : 'sharpness';
}

/** Measurements of the curvature at the edge, up to a step (null: all), oldest first. */
export function edgeReadings({ series }: Pick<Run, 'series'>, step: number | null): EdgeReading[] {
  const readings = series.eigenvalues[edgeKind(series)];
  const { data } = readings;
  const count = step === null ? readings.length : rowAtOrBefore(readings, step) + 1;
  return Array.from({ length: count }, (_, i) => {
    const threshold = data.threshold[i] ?? Number.NaN;
    return {
      step: data.step[i] ?? 0,
      value: data.value[i] ?? Number.NaN,
      threshold: Number.isNaN(threshold) ? null : threshold,
      converged: data.converged[i] === 1,
    };
  });
}

/** `1.5 % above 2/η = 40. At the edge of stability since step 932.`, of what is known at a step (null: the newest). */
export function stabilitySentence(run: Pick<Run, 'series' | 'description'>, step: number | null): string {
  const name = shortThresholdName(run.description?.thresholdName ?? 'the threshold');
  return edgeSentence(edgeReadings(run, step), name);
}
