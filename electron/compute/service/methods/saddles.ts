import { BadInput } from '../../../../core/bad-input.ts';
import type { Method } from '../method.ts';

const notYet = () => new BadInput('Critical points cannot be sought yet.', 'Wait for the next version.');

export const saddles: Method<'saddles'> = async () => {
  throw notYet();
};

export const escapeFrom: Method<'escape'> = async () => {
  throw notYet();
};
