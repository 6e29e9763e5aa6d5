import type { Result, Stats, Status } from '../linalg/result.ts';
import type { SimulationName, Simulations } from './simulation.ts';

/** How a long simulation lets the rest of the program breathe and learns that it is no longer wanted. */
export interface SimulationContext {
  readonly signal: { readonly aborted: boolean };
  /** Settles after the event loop has turned. */
  breathe(): Promise<void>;
}

/** One simulation. `params` come from outside and are checked: BadInput. Null where it was cancelled. */
export type Simulate<N extends SimulationName> = (
  params: Simulations[N]['params'],
  context: SimulationContext,
) => Promise<Result<Simulations[N]['value']> | null>;

/** @param began `performance.now()` at the start */
export function finished<T>(
  value: T,
  began: number,
  spent: Partial<Omit<Stats, 'seconds'>> = {},
  status: Status = 'converged',
): Result<T> {
  const seconds = (performance.now() - began) / 1000;
  return { value, status, stats: { products: 0, gradients: 0, losses: 0, ...spent, seconds } };
}
