import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';
import { killSeed, killUntilDone, moonsExperiment, resumeStatesOften } from '../../support/killed-run.ts';
import { resumedAt, thetaAt, trajectoryOf } from '../../support/small-run.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'moons.yaml');
const steps = 1200;

writeFileSync(file, moonsExperiment({ steps, every: 400, precision: 'float32' }));

resumeStatesOften();

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
