import type { Surface } from './surface.ts';
import {
  beale,
  booth,
  himmelblau,
  monkeySaddle,
  rastrigin,
  rosenbrock,
  saddle,
  sixHumpCamel,
  twoMinima,
} from './surface-table.ts';

/** By the name that an experiment gives. */
export const surfaces: Readonly<Record<string, Surface>> = {
  saddle,
  monkeySaddle,
  twoMinima,
  rosenbrock,
  himmelblau,
  beale,
  sixHumpCamel,
  booth,
  rastrigin,
};
