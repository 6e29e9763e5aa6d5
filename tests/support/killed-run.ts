import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { randomFromSeed } from '../../core/random/philox.ts';
import { type Running, start } from './command-line.ts';

/** An experiment that costs milliseconds a hundred steps: float32 runs it on the tensor engine, float64 in closed form. */
export const moonsExperiment = (run: {
  steps: number;
  every: number;
  precision: 'float32' | 'float64';
}): string => `name: moons
seed: 3
data: { train: two-moons, test: two-moons }
model:
  layers:
    - dense: { units: 16, activation: tanh }
    - dense: { units: 2 }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01, batchSize: 64 } }
steps: ${run.steps}
checkpoints: { every: ${run.every} }
probes: { budget: 0.3, every: { loss: 50, sharpness: 50, density: 1000 } }
precision: ${run.precision}
engine: wasm
`;

/** States for resuming ten times a second, for the tests of this file: killed runs are then short. */
export function resumeStatesOften(): void {
  beforeAll(() => {
    process.env.SADDLESCOPE_RESUME_SECONDS = '0.1';
  });
  afterAll(() => {
    delete process.env.SADDLESCOPE_RESUME_SECONDS;
  });
}

/** Of the moments at which runs are killed; another number tries others. */
export const killSeed = Number(process.env.SADDLESCOPE_TEST_SEED ?? 1);

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const hasTemporary = (run: string) => existsSync(run) && readdirSync(run).some((name) => /^resume-.*\.tmp$/.test(name));

/** Settles when the run trains, or has ended. */
export const training = ({ child, ended }: Running) =>
  Promise.race([
    ended,
    new Promise((resolve) => child.stderr?.on('data', (text) => / parameters, /.test(text) && resolve(null))),
  ]);

/** Ends a run with SIGKILL again and again until it is done; every other time inside the writing of a state. */
export async function killUntilDone(
  run: string,
  args: readonly string[],
  longestMs: number,
  mostKills: number,
): Promise<{ kills: number; inWriting: number }> {
  const rng = randomFromSeed(killSeed);
  let kills = 0;
  let inWriting = 0;
  for (let attempt = 0; attempt < 60; attempt++) {
    const running = start(args);
    const { child, ended } = running;
    await training(running);
    if (attempt < mostKills) {
      await pause(longestMs * rng.uniform());
      const patience = performance.now() + 300;
      while (attempt % 2 === 1 && performance.now() < patience && child.exitCode === null) {
        if (hasTemporary(run)) {
          inWriting++;
          break;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      child.kill('SIGKILL');
    }
    const { code, err } = await ended;
    if (code === 0) return { kills, inWriting };
    if (code !== null) throw new Error(`ended with ${code} (seed ${killSeed}): ${err}`);
    kills++;
  }
  throw new Error(`60 attempts did not end the run (seed ${killSeed})`);
}
