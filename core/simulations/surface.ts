import { surfaces } from '../models/closed-form/surfaces.ts';
import { givenParams } from './params.ts';
import { finished, type Simulate } from './simulate-one.ts';

/** Points along each axis; a window has no more pixels for them. */
const mostPoints = 513;

/** The surface on a grid of its domain, with its critical points. Cost: points² values. */
export const simulateSurface: Simulate<'surface'> = async (params) => {
  const given = givenParams(params, ['surface', 'points'], 'surface');
  const name = given.choice('surface', Object.keys(surfaces));
  const points = given.whole('points', { least: 2, most: mostPoints });
  const began = performance.now();
  const { title, formula, domain, value, hessian, criticalPoints: known } = surfaces[name]!;
  const axis = ([from, to]: readonly [number, number]) =>
    Float64Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const x = axis(domain.x);
  const y = axis(domain.y);
  const values = new Float64Array(points * points);
  for (let j = 0; j < points; j++) for (let i = 0; i < points; i++) values[i + points * j] = value(x[i]!, y[j]!);
  const criticalPoints = known.map((point) => ({ ...point, eigenvalues: eigenvaluesOf(hessian(point.x, point.y)) }));
  return finished({ title, formula, x, y, values, criticalPoints }, began, { losses: values.length });
};

/** Ascending. */
function eigenvaluesOf([xx, xy, yy]: readonly [number, number, number]): [number, number] {
  const mean = (xx + yy) / 2;
  const radius = Math.hypot((xx - yy) / 2, xy);
  return [mean - radius, mean + radius];
}
