import type { NamedArrays } from '../../../core/protocol/methods.ts';
import type { Columns } from '../../state/columns.ts';
import type { RunSeries } from '../../state/run-series.ts';
import type { Run } from '../../state/runs.ts';

/** The filled rows of chosen columns, `name_column` each. */
function columnArrays<Name extends string>(name: string, { data, length }: Columns<Name>, wanted: readonly Name[]) {
  if (length === 0) return [];
  return wanted.map(
    (column) => [`${name}_${column}`, { shape: [length], data: data[column].slice(0, length) }] as const,
  );
}

/** Rows of unlike length, filled up with NaN. */
function rowsArray(rows: readonly (readonly number[])[]) {
  const width = Math.max(0, ...rows.map(({ length }) => length));
  const data = new Float64Array(rows.length * width).fill(Number.NaN);
  rows.forEach((row, i) => {
    data.set(row, i * width);
  });
  return { shape: [rows.length, width], data };
}

/**
 * `density_step` n, `density_x` and `density_y` and `density_standardError` n × points, `top_step` m, `top_value` and
 * `top_residual` m × k, and of λ₁, λ_min, the preconditioned λ₁ and the loss a column each with its steps.
 */
export function movieArrays({ series }: Pick<Run, 'series'>): NamedArrays {
  const { densities, topEigenvalues, subspaces, eigenvalues, updates } = series;
  const steps = Array.from(subspaces.data.step.subarray(0, subspaces.length));
  const ofTop = (column: 'value' | 'residual') => rowsArray(steps.map((step) => topRow(topEigenvalues, step, column)));
  const spectral = ['step', 'value', 'residual', 'threshold', 'converged'] as const;
  return Object.fromEntries([
    ...(densities.length === 0
      ? []
      : [
          [
            'density_step',
            { shape: [densities.length], data: Float64Array.from(densities, ({ step }) => step) },
          ] as const,
          ['density_x', rowsArray(densities.map(({ x }) => x))] as const,
          ['density_y', rowsArray(densities.map(({ y }) => y))] as const,
          ['density_standardError', rowsArray(densities.map(({ standardError }) => standardError))] as const,
        ]),
    ...(steps.length === 0
      ? []
      : [['top_value', ofTop('value')] as const, ['top_residual', ofTop('residual')] as const]),
    ...columnArrays('top', subspaces, [
      'step',
      'subspaceError',
      'overlap',
      'overlapError',
      'overlapWith',
      'gradientShare',
    ]),
    ...columnArrays('sharpness', eigenvalues.sharpness, spectral),
    ...columnArrays('lowestEigenvalue', eigenvalues.lowestEigenvalue, spectral),
    ...columnArrays('preconditionedSharpness', eigenvalues.preconditionedSharpness, spectral),
    ...columnArrays('update', updates, ['step', 'loss', 'learningRate']),
  ]);
}

/** What one probe found, by rank; NaN where it found fewer. */
function topRow(ranks: RunSeries['topEigenvalues'], step: number, column: 'value' | 'residual'): number[] {
  return ranks.map(({ data, length }) => {
    const row = data.step.subarray(0, length).indexOf(step);
    return row < 0 ? Number.NaN : (data[column][row] ?? Number.NaN);
  });
}
