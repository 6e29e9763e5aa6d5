import { type ValueAxis, valueAxis } from '../../charts/value-axis.ts';
import { waterfallScale } from '../../charts/waterfall.ts';
import type { RunSeries } from '../../state/run-series.ts';
import type { Run } from '../../state/runs.ts';
import { frameAt, type MovieMatrix } from './movie-frame.ts';

/** The same for every frame of a movie, so that what moves in it has moved. */
export interface MovieAxes {
  readonly x: ValueAxis;
  /** Density, logarithmic; null where no density was measured. */
  readonly y: ValueAxis | null;
}

/** A threshold further out than so many times the spectrum is told and not drawn: the spectrum would be a point. */
const farthestThreshold = 2;
const mostNumbers = 9;

/** From everything that the run has measured so far. Null where nothing finite was. */
export function movieAxes(run: Pick<Run, 'series' | 'description'>, matrix: MovieMatrix): MovieAxes | null {
  const { series } = run;
  const scale = matrix === 'hessian' ? waterfallScale(series.densities) : null;
  let [low, high] = [Math.min(0, scale?.low ?? 0), Math.max(0, scale?.high ?? 0)];
  for (const columns of spectrumColumns(series, matrix))
    for (let row = 0; row < columns.length; row++) {
      const [value, residual] = [columns.data.value[row] ?? Number.NaN, columns.data.residual[row] ?? Number.NaN];
      if (!Number.isFinite(value)) continue;
      const error = Number.isFinite(residual) && residual < Math.abs(value) ? residual : 0;
      low = Math.min(low, value - error);
      high = Math.max(high, value + error);
    }
  if (!(high > low)) return null;
  const { threshold } = frameAt(run, matrix, Number.POSITIVE_INFINITY);
  const reach = threshold && threshold.value <= farthestThreshold * high ? Math.max(high, threshold.value) : high;
  const margin = 0.03 * (reach - low);
  const x = valueAxis(low < 0 ? low - margin : low, reach + margin, false, mostNumbers);
  const y = scale && valueAxis(10 ** scale.darkest, 10 ** scale.lightest, true, mostNumbers);
  return x && { x, y };
}

const spectrumColumns = ({ eigenvalues, topEigenvalues }: RunSeries, matrix: MovieMatrix) =>
  matrix === 'hessian'
    ? [eigenvalues.sharpness, eigenvalues.lowestEigenvalue, ...topEigenvalues]
    : [eigenvalues.preconditionedSharpness];
