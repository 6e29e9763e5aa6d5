import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { saddlescope, start, temporaryFolder } from '../../support/command-line.ts';
import {
  killSeed,
  killUntilDone,
  moonsExperiment,
  pause,
  resumeStatesOften,
  training,
} from '../../support/killed-run.ts';
import { metricsOf, resumedAt, thetaAt, trajectoryOf } from '../../support/small-run.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'moons.yaml');
const steps = 12_000;

writeFileSync(file, moonsExperiment({ steps, every: 500, precision: 'float64' }));

resumeStatesOften();

describe('a run that is killed goes on bit for bit in float64', () => {
  const unbroken = path.join(folder, 'unbroken');
  beforeAll(async () => {
    expect((await saddlescope(['train', file, '--out', unbroken])).code).toBe(0);
  });

  test(`killed with SIGKILL at random moments until it is done (seed ${killSeed})`, async () => {
    const run = path.join(folder, 'killed');
    const { kills, inWriting } = await killUntilDone(run, ['train', file, '--out', run, '--resume'], 350, 16);
    expect(kills).toBeGreaterThan(5);
    expect(inWriting).toBeGreaterThan(1);
    const begins = resumedAt(run);
    expect(begins.length).toBeGreaterThan(4);
    expect(new Set(begins.filter((step) => step > 0)).size).toBeGreaterThan(4);
    expect(thetaAt(run, steps)).toEqual(thetaAt(unbroken, steps));
    expect(trajectoryOf(run)).toEqual(trajectoryOf(unbroken));
    const files = readdirSync(run, { recursive: true }) as string[];
    expect(files.filter((name) => name.endsWith('.tmp') || name === 'run.lock')).toEqual([]);
  });

  test('a second process is refused while the first writes, and one alone goes on after a kill', async () => {
    const run = path.join(folder, 'rivals');
    const first = start(['train', file, '--out', run, '--set', 'steps=2000000']);
    await training(first);
    const second = await saddlescope(['train', run, '--resume']);
    expect(second.code).toBe(2);
    expect(second.err).toContain(`Process ${first.child.pid} is writing the run in ${run}.`);
    first.child.kill('SIGKILL');
    await first.ended;
    const rivals = Array.from({ length: 3 }, () => start(['train', run, '--resume']));
    await Promise.all(rivals.map(training));
    for (const { child } of rivals) child.kill('SIGTERM');
    const codes = (await Promise.all(rivals.map(({ ended }) => ended))).map(({ code }) => code);
    expect(codes.sort()).toEqual([2, 2, 75]);
    expect(trajectoryOf(run).map(([step]) => step)).toEqual(trajectoryOf(run).map((_, i) => i));
  });

  test('SIGTERM leaves a state within five seconds, answers 75, and the run goes on', async () => {
    const run = path.join(folder, 'terminated');
    const { child, ended } = start(['train', file, '--out', run, '--set', 'steps=2000000']);
    while (!existsSync(path.join(run, 'checkpoints', 'step-500.safetensors'))) await pause(20);
    const asked = performance.now();
    child.kill('SIGTERM');
    const { code, err } = await ended;
    expect(code).toBe(75);
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(err).toMatch(/Stopped at step \d+/);
    const stoppedAt = metricsOf(run).at(-1)?.step ?? 0;
    const resumed = await saddlescope(['train', run, '--resume', '--set', `steps=${stoppedAt + 100}`]);
    expect(resumed.code).toBe(0);
    expect(trajectoryOf(run).map(([step]) => step)).toEqual(Array.from({ length: stoppedAt + 100 }, (_, i) => i));
    const common = Math.min(steps, stoppedAt + 100);
    expect(trajectoryOf(run).slice(0, common)).toEqual(trajectoryOf(unbroken).slice(0, common));
  });

  test('a branch with the same settings follows the run it left; with other settings it does not', async () => {
    const same = path.join(folder, 'same');
    const other = path.join(folder, 'other');
    expect((await saddlescope(['train', unbroken, '--at', '500', '--out', same, '--set', 'steps=1500'])).code).toBe(0);
    expect(thetaAt(same, 1500)).toEqual(thetaAt(unbroken, 1500));
    const changed = ['--set', 'steps=1500', '--set', 'optimizer.adam.learningRate=0.02'];
    expect((await saddlescope(['train', unbroken, '--at', '500', '--out', other, ...changed])).code).toBe(0);
    expect(thetaAt(other, 500)).toEqual(thetaAt(unbroken, 500));
    expect(thetaAt(other, 1500)).not.toEqual(thetaAt(unbroken, 1500));
  });

  test('resuming with another experiment is refused', async () => {
    const { code, err } = await saddlescope([
      'train',
      unbroken,
      '--resume',
      '--set',
      'optimizer.adam.learningRate=0.02',
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(/another experiment/);
  });
});
