import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readMetrics } from '../../../core/experiment/run-folder.ts';
import { readSafetensors } from '../../../core/formats/safetensors.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { saddlescope, start, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'moons.yaml');
const steps = 6000;

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
checkpoints: { every: 500 }
probes: { budget: 0.3, every: { loss: 50, sharpness: 50, density: 1000 } }
precision: float64
`,
);

const thetaAt = (run: string, step: number) => {
  const { tensors } = readSafetensors(readFileSync(path.join(run, 'checkpoints', `step-${step}.safetensors`)));
  return [...tensors].map(([name, { data }]) => [name, Array.from(data)]);
};
const metrics = (run: string) => readMetrics(readFileSync(path.join(run, 'metrics.jsonl'), 'utf8'));
const trajectory = (run: string) =>
  metrics(run).flatMap((record) => (record.record === 'step' ? [[record.step, record.loss]] : []));

describe('a run that is killed goes on bit for bit in float64', () => {
  const unbroken = path.join(folder, 'unbroken');
  beforeAll(async () => {
    expect((await saddlescope(['train', file, '--out', unbroken])).code).toBe(0);
  });

  test('killed with SIGKILL at random moments until it is done', async () => {
    const run = path.join(folder, 'killed');
    const rng = randomFromSeed(Date.now());
    let kills = 0;
    for (let attempt = 0; attempt < 60; attempt++) {
      const args = ['train', file, '--out', run, '--resume'];
      const { child, ended } = start(args);
      const timer = setTimeout(() => child.kill('SIGKILL'), attempt < 12 ? 120 + 500 * rng.uniform() : 60_000);
      const { code, err } = await ended;
      clearTimeout(timer);
      if (code === 0) break;
      if (code !== null) throw new Error(`ended with ${code}: ${err}`);
      kills++;
    }
    expect(kills).toBeGreaterThan(5);
    expect(thetaAt(run, steps)).toEqual(thetaAt(unbroken, steps));
    expect(trajectory(run)).toEqual(trajectory(unbroken));
    const files = readdirSync(run, { recursive: true }) as string[];
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('SIGTERM leaves a state within five seconds, answers 75, and the run goes on', async () => {
    const run = path.join(folder, 'terminated');
    const { child, ended } = start(['train', file, '--out', run, '--set', 'steps=2000000']);
    while (!existsSync(path.join(run, 'checkpoints', 'step-500.safetensors')))
      await new Promise((r) => setTimeout(r, 20));
    const asked = performance.now();
    child.kill('SIGTERM');
    const { code, err } = await ended;
    expect(code).toBe(75);
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(err).toMatch(/Stopped at step \d+/);
    const stoppedAt = metrics(run).at(-1)?.step ?? 0;
    const resumed = await saddlescope(['train', run, '--resume', '--set', `steps=${stoppedAt + 100}`]);
    expect(resumed.code).toBe(0);
    expect(trajectory(run).map(([step]) => step)).toEqual(Array.from({ length: stoppedAt + 100 }, (_, i) => i));
    const common = Math.min(steps, stoppedAt + 100);
    expect(trajectory(run).slice(0, common)).toEqual(trajectory(unbroken).slice(0, common));
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
