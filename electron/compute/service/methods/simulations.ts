import { BadInput } from '../../../../core/bad-input.ts';
import type { Method } from '../method.ts';

export const simulate: Method<'simulate'> = async ({ simulation }) => {
  throw new BadInput(`The simulation ${simulation} is not there yet.`, 'Wait for the next version.');
};
