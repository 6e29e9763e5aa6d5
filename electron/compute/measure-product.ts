import type { Experiment } from '../../core/experiment/experiment.ts';
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

async function medianMs(work: () => Promise<void>, repeats: number): Promise<number> {
  const times: number[] = [];
  await work();
  for (let i = 0; i < repeats; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return median(times);
}

/** Times the engine of an experiment at its θ₀: what a product costs on this machine. */
export async function measureProduct(experiment: Experiment, repeats = 9): Promise<ProductTime> {
  const opened = await openExperiment(experiment, '.');
  const { objective, initialTheta, rng } = opened;
  const { space } = objective;
  const theta = space.copy(initialTheta);
  const direction = space.random(rng.split('doctor'), 'sphere');
  const linearization = await objective.linearize(theta);
  try {
    const gradientMs = await medianMs(async () => space.release((await objective.gradient(theta)).gradient), repeats);
    const productMs = await medianMs(async () => space.release(await linearization.hessianProduct(direction)), repeats);
    const { engine, examples } = objective;
    return { engine, precision: space.precision, parameters: space.dim, examples, gradientMs, productMs };
  } finally {
    linearization.dispose();
    space.release(theta, direction);
    opened.dispose();
  }
}
