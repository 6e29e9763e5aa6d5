import { BadInput } from '../bad-input.ts';
import type { Result } from '../linalg/result.ts';
import { simulateDepths } from './depths.ts';
import { simulateEdge } from './edge.ts';
import { simulateEscapeTimes } from './escape-times.ts';
import { simulateHierarchy } from './hierarchy.ts';
import { simulateModes } from './modes.ts';
import { simulateRace } from './race.ts';
import { simulateRandomLandscape } from './random-landscape.ts';
import type { Simulate, SimulationContext } from './simulate-one.ts';
import type { SimulationCall, SimulationName, SimulationValue } from './simulation.ts';
import { simulateSurface } from './surface.ts';

const simulations: { readonly [N in SimulationName]: Simulate<N> } = {
  surface: simulateSurface,
  race: simulateRace,
  modes: simulateModes,
  depths: simulateDepths,
  hierarchy: simulateHierarchy,
  randomLandscape: simulateRandomLandscape,
  edge: simulateEdge,
  escapeTimes: simulateEscapeTimes,
};

/** What is the same for all of them once the name has told their parameters. */
type AnySimulation = (params: never, context: SimulationContext) => Promise<Result<SimulationValue> | null>;

/**
 * A small world by its name; null where it was cancelled. The same parameters give the same numbers. BadInput for
 * parameters that are not usable.
 */
export async function simulate(
  { simulation, params }: SimulationCall,
  context: SimulationContext,
): Promise<Result<SimulationValue> | null> {
  if (!Object.hasOwn(simulations, simulation))
    throw new BadInput(
      `The simulation ${simulation} is not there.`,
      `Use one of ${Object.keys(simulations).join(', ')}.`,
    );
  const found: AnySimulation = simulations[simulation];
  return found(params as never, context);
}
