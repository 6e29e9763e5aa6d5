import { simulate as simulateOne } from '../../../../core/simulations/simulate.ts';
import { turnOfEventLoop } from '../../turn-of-event-loop.ts';
import { Cancelled, type Method } from '../method.ts';

export const simulate: Method<'simulate'> = async (call, { signal }) => {
  const result = await simulateOne(call, { signal, breathe: turnOfEventLoop });
  if (result === null) throw new Cancelled();
  return result;
};
