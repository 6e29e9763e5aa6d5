import type { Experiment } from '../../core/experiment/experiment.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import type { Objective } from '../../core/objective/objective.ts';
import type { MeasuredCosts } from '../../core/protocol/methods.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import { openExperiment } from './open-experiment.ts';

/** Milliseconds of one gradient and one Hessian product, medians. */
export interface ProductTime {
  readonly engine: string;
  readonly precision: 'float32' | 'float64';
  readonly parameters: number;
  readonly examples: number;
  readonly gradientMs: number;
  readonly productMs: number;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function medianSeconds(work: () => Promise<void>, repeats: number, mostSeconds: number): Promise<number> {
  const times: number[] = [];
  await work();
  const started = performance.now();
  do {
    const began = performance.now();
    await work();
    times.push((performance.now() - began) / 1000);
  } while (times.length < repeats && performance.now() - started < 1000 * mostSeconds);
  return median(times);
}

/** What one evaluation of each kind takes at θ, here and now: medians of at most `repeats`, each for `mostSeconds` at most. */
export async function measureCosts(
  objective: Objective<HostVector>,
  theta: HostVector,
  repeats = 9,
  mostSeconds = 0.3,
): Promise<MeasuredCosts> {
  const { space } = objective;
  const point = space.copy(theta);
  const direction = space.random(randomFromSeed(1), 'sphere');
  const linearization = await objective.linearize(point);
  const seconds = (work: () => Promise<void>) => medianSeconds(work, repeats, mostSeconds);
  try {
    return {
      loss: await seconds(async () => void (await objective.evaluate(point))),
      gradient: await seconds(async () => space.release((await objective.gradient(point)).gradient)),
      product: await seconds(async () => space.release(await linearization.hessianProduct(direction))),
    };
  } finally {
    linearization.dispose();
    space.release(point, direction);
  }
}

/** Times the engine of an experiment at its θ₀: what a product costs on this machine. */
export async function measureProduct(experiment: Experiment): Promise<ProductTime> {
  const opened = await openExperiment(experiment, '.');
  try {
    const { objective, initialTheta, precision } = opened;
    const { gradient, product } = await measureCosts(objective, initialTheta, 9, Number.POSITIVE_INFINITY);
    return {
      engine: objective.engine,
      precision,
      parameters: objective.space.dim,
      examples: objective.examples,
      gradientMs: 1000 * gradient,
      productMs: 1000 * product,
    };
  } finally {
    opened.dispose();
  }
}
