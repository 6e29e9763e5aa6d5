import { type RunPoints, shareStandardError } from '../../core/experiment/run-figures.ts';
import type { QuantityPoint } from '../../core/figures/quantity-figure.ts';
import type { SharpnessPoint } from '../../core/figures/sharpness-figure.ts';
import type { Columns } from '../state/columns.ts';
import type { RunSeries } from '../state/run-series.ts';

/** The rows of columns, as far as they are filled. */
function rows<Name extends string, Row>(columns: Columns<Name>, row: (at: Record<Name, number>) => Row): Row[] {
  return Array.from({ length: columns.length }, (_, i) => {
    const at = {} as Record<Name, number>;
    for (const name of columns.names) at[name] = columns.data[name][i] ?? Number.NaN;
    return row(at);
  });
}

const eigenvaluePoints = (columns: RunSeries['eigenvalues']['sharpness']): SharpnessPoint[] =>
  rows(columns, ({ step, value, residual, threshold, converged }) => ({
    step,
    value,
    residual,
    threshold: Number.isNaN(threshold) ? null : threshold,
    converged: converged === 1,
  }));

const accuracyPoints = (losses: RunSeries['losses'], set: 'train' | 'test'): QuantityPoint[] =>
  rows(losses, ({ step, trainError, testError, examples, testExamples }) => {
    const [error, count] = set === 'train' ? [trainError, examples] : [testError, testExamples];
    return { step, value: 1 - error, uncertainty: shareStandardError(error, count) };
  }).filter(({ value }) => !Number.isNaN(value));

const hasTest = ({ data, length }: RunSeries['losses'], i: number): boolean =>
  i < length && !Number.isNaN(data.testExamples[i] ?? Number.NaN);

/** Of each of the top eigenvalues, the largest first. */
export const topEigenvaluePoints = ({ topEigenvalues }: RunSeries): QuantityPoint[][] =>
  topEigenvalues.map((columns) =>
    rows(columns, ({ step, value, residual }) => ({ step, value, uncertainty: residual })),
  );

/** Of the subspace that they span, where it was measured. */
export const subspacePoints = ({ subspaces }: RunSeries, which: 'overlap' | 'gradientShare'): QuantityPoint[] =>
  rows(subspaces, (row) => ({
    step: row.step,
    value: row[which],
    uncertainty: which === 'overlap' ? row.overlapError : row.subspaceError,
  })).filter(({ value }) => !Number.isNaN(value));

/** The columns of a run as the points that its figures are drawn from: the same as those of its records. */
export function pointsOfSeries({ updates, losses, eigenvalues, densities }: RunSeries): RunPoints {
  return {
    train: rows(updates, ({ step, loss }) => ({ step, loss })),
    test: rows(losses, ({ step, test }) => ({ step, loss: test })).filter((_, i) => hasTest(losses, i)),
    eigenvalues: {
      sharpness: eigenvaluePoints(eigenvalues.sharpness),
      lowestEigenvalue: eigenvaluePoints(eigenvalues.lowestEigenvalue),
      preconditionedSharpness: eigenvaluePoints(eigenvalues.preconditionedSharpness),
    },
    densities,
    accuracies: { train: accuracyPoints(losses, 'train'), test: accuracyPoints(losses, 'test') },
    gradientNorms: rows(updates, ({ step, gradientNorm }) => ({ step, value: gradientNorm, uncertainty: null })),
    learningRates: rows(updates, ({ step, learningRate }) => ({ step, value: learningRate, uncertainty: null })),
  };
}
