import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';
import { killSeed, killUntilDone } from '../../support/killed-run.ts';
import { resumedAt, thetaAt, trajectoryOf } from '../../support/small-run.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'moons.yaml');
const steps = 1200;

writeFileSync(
  file,
  `name: moons
seed: 3
data: { train: two-moons, test: two-moons }
model:
  layers:
    - dense: { units: 16, activation: tanh }
    - dense: { units: 2 }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01, batchSize: 64 } }
steps: ${steps}
checkpoints: { every: 400 }
probes: { budget: 0.3, every: { loss: 50, sharpness: 50, density: 1000 } }
precision: float32
engine: wasm
`,
);

beforeAll(() => {
  process.env.SADDLESCOPE_RESUME_SECONDS = '0.1';
});
afterAll(() => {
  delete process.env.SADDLESCOPE_RESUME_SECONDS;
});

test(`a run in float32 that is killed goes on bit for bit with the tensor engine (seed ${killSeed})`, async () => {
  const unbroken = path.join(folder, 'unbroken-float32');
  expect((await saddlescope(['train', file, '--out', unbroken])).code).toBe(0);
  const run = path.join(folder, 'killed-float32');
  const { kills } = await killUntilDone(run, ['train', file, '--out', run, '--resume'], 500, 6);
  expect(kills).toBeGreaterThan(1);
  expect(new Set(resumedAt(run).filter((step) => step > 0)).size).toBeGreaterThan(1);
  expect(thetaAt(run, steps)).toEqual(thetaAt(unbroken, steps));
  expect(trajectoryOf(run)).toEqual(trajectoryOf(unbroken));
});
