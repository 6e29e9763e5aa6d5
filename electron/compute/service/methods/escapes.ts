import { BadInput } from '../../../../core/bad-input.ts';
import type { Method } from '../method.ts';

export const escapeFrom: Method<'escape'> = async () => {
  throw new BadInput('Escapes cannot be followed yet.', 'Wait for the next version.');
};
