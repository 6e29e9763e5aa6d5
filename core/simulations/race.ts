import type { Status } from '../linalg/result.ts';
import { surfaceObjective, surfaces } from '../models/closed-form/surfaces.ts';
import type { Objective } from '../objective/objective.ts';
import { randomFromSeed } from '../random/philox.ts';
import type { TrainingSettings } from '../training/optimizers/optimizer.ts';
import { trainingSettings } from '../training/settings.ts';
import { createTrainer } from '../training/trainer.ts';
import { type GivenParams, givenParams } from './params.ts';
import { finished, type Simulate } from './simulate-one.ts';
import type { Runner, RunnerPath } from './simulation.ts';

const runnerNames = [
  'gradientDescent',
  'momentum',
  'nesterov',
  'adam',
  'newton',
  'saddleFreeNewton',
] as const satisfies readonly Runner['optimizer'][];

const mostRunners = 12;
const mostSteps = 100_000;
/** Steps between two looks at the signal. */
const chunk = 1000;

/**
 * The optimisers of training on a surface of two variables from one point, all examples (there is one) at every step. A
 * path ends early where its numbers leave every bound, with the status of training. Cost: a gradient a step, for Newton's
 * methods 2 products, for saddle-free Newton the losses of its damping.
 */
export const simulateRace: Simulate<'race'> = async (params, { signal, breathe }) => {
  const given = givenParams(params, ['surface', 'start', 'steps', 'runners', 'leavesBelow'], 'race');
  const surface = given.choice('surface', Object.keys(surfaces));
  const start = given.numbers('start', { least: 2, most: 2 }, { least: -1e6, most: 1e6 });
  const steps = given.whole('steps', { least: 0, most: mostSteps });
  const leavesBelow = given.orNull('leavesBelow', () => given.number('leavesBelow', {}));
  const runners = given.list('runners', { least: 1, most: mostRunners }, readRunner);
  const began = performance.now();
  const objective = surfaceObjective(surface);
  const spent = { gradients: 0, products: 0, losses: 0 };
  const paths: RunnerPath[] = [];
  for (const settings of runners) {
    const theta = Float64Array.from(start);
    const trainer = createTrainer(objective, settings, { theta, rng: randomFromSeed(0), now: () => 0 });
    const path = new Float64Array(2 * (steps + 1));
    const losses = new Float64Array(steps + 1);
    let ended: Status | null = null;
    for (let step = 0; step < steps && ended === null; step++) {
      path.set(trainer.theta, 2 * step);
      const { loss, status } = await trainer.advance();
      losses[step] = loss;
      ended = status;
      spent.gradients += trainer.cost.gradients;
      spent.products += trainer.cost.products;
      spent.losses += trainer.cost.losses;
      if (step % chunk === chunk - 1) await breathe();
      if (signal.aborted) return null;
    }
    const made = trainer.step;
    path.set(trainer.theta, 2 * made);
    losses[made] = await lossAt(objective, trainer.theta);
    spent.losses++;
    paths.push({
      optimizer: settings.optimizer as Runner['optimizer'],
      ...finitePart(path.subarray(0, 2 * made + 2), losses.subarray(0, made + 1), leavesBelow),
      status: ended ?? (Number.isFinite(losses[made]!) ? 'converged' : 'diverged'),
    });
  }
  return finished({ runners: paths }, began, spent);
};

function readRunner(runner: GivenParams): TrainingSettings {
  const kind = runner.choice('optimizer', runnerNames);
  return trainingSettings(kind, runner.group('settings'), (key) => (key === undefined ? kind : `${kind}.${key}`));
}

const lossAt = async (objective: Objective<Float64Array>, theta: Float64Array): Promise<number> =>
  (await objective.evaluate(theta)).loss;

/** The points before the first that is not finite; the start in any case. */
function finitePart(path: Float64Array, losses: Float64Array, leavesBelow: number | null) {
  const wrong = losses.findIndex((loss, i) => !Number.isFinite(loss + path[2 * i]! + path[2 * i + 1]!));
  const length = wrong < 0 ? losses.length : Math.max(1, wrong);
  const left = leavesBelow === null ? -1 : losses.subarray(0, length).findIndex((loss) => loss < leavesBelow);
  return {
    path: path.slice(0, 2 * length),
    losses: losses.slice(0, length),
    leavesAt: left < 0 ? null : left,
  };
}
