import { BadInput } from '../bad-input.ts';
import type { Result } from '../linalg/result.ts';
import { simulateDepths } from './depths.ts';
import { simulateHierarchy } from './hierarchy.ts';
import { simulateModes } from './modes.ts';
import { simulateRace } from './race.ts';
import type { Simulate, SimulationContext } from './simulate-one.ts';
import type { SimulationCall, SimulationName, SimulationValue } from './simulation.ts';
import { simulateSurface } from './surface.ts';

const simulations: { readonly [N in SimulationName]?: Simulate<N> } = {
  surface: simulateSurface,
  race: simulateRace,
  modes: simulateModes,
  depths: simulateDepths,
  hierarchy: simulateHierarchy,
};

/**
 * A small world by its name; null where it was cancelled. The same parameters give the same numbers. BadInput for
 * parameters that are not usable.
 */
export async function simulate(
  { simulation, params }: SimulationCall,
  context: SimulationContext,
): Promise<Result<SimulationValue> | null> {
  const found = simulations[simulation] as Simulate<never> | undefined;
  if (found === undefined)
    throw new BadInput(
      `The simulation ${simulation} is not there.`,
      `Use one of ${Object.keys(simulations).join(', ')}.`,
    );
  return found(params as never, context);
}
