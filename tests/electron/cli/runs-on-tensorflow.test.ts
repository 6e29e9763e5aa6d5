import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TrainingRecord } from '../../../core/training/records.ts';
import { saddlescope, start, temporaryFolder } from '../../support/command-line.ts';
import { pause, resumeStatesOften } from '../../support/killed-run.ts';
import { nativeEngine, noNativeEngine } from '../../support/native-engine.ts';
import { metricsOf, resumedAt, thetaAt, trajectoryOf } from '../../support/small-run.ts';
import { timeless } from '../../support/training-runs.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'convolution.yaml');
const steps = 120;

// Large enough for the library to part its work among its threads; at full budget no probe depends on the clock.
writeFileSync(
  file,
  `name: convolution
seed: 3
data: { train: digits, subset: { first: 300 } }
model:
  layers:
    - conv2d: { filters: 8, kernelSize: 3, activation: relu }
    - maxPooling2d: { poolSize: 2 }
    - conv2d: { filters: 8, kernelSize: 3, activation: tanh }
    - flatten: {}
    - dense: { units: 10 }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.003, batchSize: 64 } }
steps: ${steps}
checkpoints: { every: 40 }
probes: { budget: 1, every: { loss: 40, sharpness: 60, density: 0 } }
engine: tensorflow
`,
);

resumeStatesOften();

/** How many steps a run has recorded so far. */
const stepsOf = (run: string): number => (existsSync(path.join(run, 'metrics.jsonl')) ? trajectoryOf(run).length : 0);

const isRecord = (record: object): record is TrainingRecord => 'record' in record && record.record !== 'run';
const told = (run: string) => metricsOf(run).filter(isRecord).map(timeless);

describe.skipIf(nativeEngine === null)(`runs on the TensorFlow library (${noNativeEngine})`, () => {
  describe.each([1, 2])('with %i threads of an operation', (threads) => {
    const at = (name: string) => path.join(folder, `${name}-${threads}`);
    beforeEach(() => {
      vi.stubEnv('SADDLESCOPE_THREADS', String(threads));
    });
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    test('two runs are the same, bit by bit: steps, probes and parameters', async () => {
      for (const name of ['one', 'other']) {
        const { code, err } = await saddlescope(['train', file, '--out', at(name)]);
        expect(code, err).toBe(0);
      }
      expect(trajectoryOf(at('one'))).toHaveLength(steps);
      expect(told(at('other'))).toEqual(told(at('one')));
      for (const step of [40, 80, 120]) expect(thetaAt(at('other'), step)).toEqual(thetaAt(at('one'), step));
    });
  });

  test('a run that is killed half way goes on as the one that was not, bit for bit', async () => {
    const run = path.join(folder, 'killed');
    const unbroken = path.join(folder, 'one-2');
    vi.stubEnv('SADDLESCOPE_THREADS', '2');
    const { child, ended } = start(['train', file, '--out', run]);
    // States are stored ten times a second.
    while (child.exitCode === null && stepsOf(run) < steps / 2) await pause(5);
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    const { code, err } = await saddlescope(['train', file, '--out', run, '--resume']);
    vi.unstubAllEnvs();
    expect(code, err).toBe(0);
    expect(resumedAt(run).some((step) => step > 0)).toBe(true);
    expect(trajectoryOf(run)).toEqual(trajectoryOf(unbroken));
    expect(thetaAt(run, steps)).toEqual(thetaAt(unbroken, steps));
  });

  test('with another number of threads sums are taken in another order: the same to single precision at the start', () => {
    const [one, two] = [1, 2].map((threads) => trajectoryOf(path.join(folder, `one-${threads}`)));
    for (let step = 0; step < 10; step++) {
      const [a, b] = [one?.[step]?.[1] ?? Number.NaN, two?.[step]?.[1] ?? Number.NaN];
      expect(Math.abs(a / b - 1)).toBeLessThan(1e-5);
    }
  });
});
