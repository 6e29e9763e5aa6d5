import type { Finder, FinderId } from './finder.ts';
import { gradientNorm } from './gradient-norm.ts';
import { levenbergMarquardt } from './levenberg-marquardt.ts';

/** All methods that look for critical points. */
export const finderTable: Readonly<Record<FinderId, Finder>> = {
  'gradient-norm': gradientNorm,
  'levenberg-marquardt': levenbergMarquardt,
  'newton-mr': levenbergMarquardt,
  'newton-tr': levenbergMarquardt,
  'saddle-free': levenbergMarquardt,
  'newton-pinv': levenbergMarquardt,
};

/** Most iterations of one search where nobody says otherwise: several times what a search that converges needs. */
export const defaultIterations: Readonly<Record<FinderId, number>> = {
  'gradient-norm': 20_000,
  'levenberg-marquardt': 500,
  'newton-mr': 500,
  'newton-tr': 200,
  'saddle-free': 200,
  'newton-pinv': 200,
};
