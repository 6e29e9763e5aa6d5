import type { Finder, FinderId } from './finder.ts';
import { gradientNorm } from './gradient-norm.ts';
import { levenbergMarquardt } from './levenberg-marquardt.ts';
import { newtonMr } from './newton-mr.ts';
import { newtonPseudoInverse } from './newton-pinv.ts';
import { newtonTrustRegion } from './newton-trust-region.ts';
import { saddleFreeNewton } from './saddle-free-newton.ts';

/** All methods that look for critical points. */
export const finderTable: Readonly<Record<FinderId, Finder>> = {
  'gradient-norm': gradientNorm,
  'levenberg-marquardt': levenbergMarquardt,
  'newton-mr': newtonMr,
  'newton-tr': newtonTrustRegion,
  'saddle-free': saddleFreeNewton,
  'newton-pinv': newtonPseudoInverse,
};

/** Most iterations of one search where nobody says otherwise: several times what a search that converges needs. */
export const defaultIterations: Readonly<Record<FinderId, number>> = {
  'gradient-norm': 3_000,
  'levenberg-marquardt': 500,
  'newton-mr': 500,
  'newton-tr': 200,
  'saddle-free': 200,
  'newton-pinv': 200,
};
