import type { Optimizer } from '../../../core/lessons/measured/race.ts';

/** Tokens of the theme. */
export const runnerColours: Readonly<Record<Optimizer, string>> = {
  gradientDescent: 'c-1',
  momentum: 'c-5',
  nesterov: 'c-6',
  adam: 'c-2',
  newton: 'c-4',
  saddleFreeNewton: 'c-3',
};
