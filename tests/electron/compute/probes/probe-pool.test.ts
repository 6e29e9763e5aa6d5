import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analysisRuns } from '../../../../core/analyses/runs.ts';
import type { Spectrum } from '../../../../core/analyses/spectrum/spectrum.ts';
import type { ProbePool } from '../../../../core/analyses/spectrum/spectrum-context.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import type { Experiment } from '../../../../core/experiment/experiment.ts';
import { readExperiment } from '../../../../core/experiment/read-experiment.ts';
import type { Result } from '../../../../core/linalg/result.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { breathingObjective } from '../../../../core/objective/breathing.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { openExperiment } from '../../../../electron/compute/open-experiment.ts';
import { type OpenedPoint, pointOf } from '../../../../electron/compute/open-point.ts';
import { ProbesLost, probePool } from '../../../../electron/compute/probes/probe-pool.ts';
import { engineOfProbes, probePoolOfPoint } from '../../../../electron/compute/probes/probe-pool-of-point.ts';
import { turnOfEventLoop } from '../../../../electron/compute/turn-of-event-loop.ts';
import { type BundledEntry, bundledEntry } from '../../../support/bundled-entry.ts';

let entry: BundledEntry;
/** Those started since the test began, and which of them computed something. */
let workers: Worker[] = [];
const computed = new Set<Worker>();

beforeAll(async () => {
  entry = await bundledEntry('electron', 'compute', 'probes', 'worker.ts');
});
afterAll(() => entry.remove());

function start(workerData: unknown): Worker {
  const worker = new Worker(entry.file, { workerData });
  worker.on('message', ({ kind }) => kind === 'outcome' && computed.add(worker));
  workers.push(worker);
  return worker;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const haveEnded = (started: readonly Worker[]) =>
  Promise.all(started.map((worker) => worker.threadId < 0 || new Promise((resolve) => worker.once('exit', resolve))));

const classifier = (settings: string, examples = 200): Experiment =>
  readExperiment(
    `
seed: 7
data: { train: digits-8x8, subset: { first: ${examples} } }
model: { layers: [ { dense: { units: 8, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01 } }
steps: 0
${settings}`,
    'classifier.yaml',
  );

async function at<T>(experiment: Experiment, work: (point: OpenedPoint) => Promise<T>): Promise<T> {
  workers = [];
  computed.clear();
  const opened = await openExperiment(experiment, '.', 'look', { threads: 1 });
  try {
    return await work(await pointOf(opened, null, undefined));
  } finally {
    opened.dispose();
  }
}

const poolOf = (point: OpenedPoint, threads: number, takesPart: boolean) =>
  probePool({ point, threads, start, engine: engineOfProbes(point)!, takesPart });

const spectrumOf = (
  { opened, theta, preconditioner }: OpenedPoint,
  parameters: Readonly<Record<string, unknown>>,
  probes: ProbePool | undefined,
  more: {
    readonly signal?: { aborted: boolean };
    readonly onProgress?: (at: { done: number; stage: string }) => void;
  } = {},
) =>
  analysisRuns.spectrum(breathingObjective(opened.objective, turnOfEventLoop), theta, parameters, {
    rng: randomFromSeed(11).split('spectrum'),
    preconditioner,
    probes,
    ...more,
  }) as Promise<Result<Spectrum>>;

const small = { density: true, densityProbes: 5, densitySteps: 12, gridPoints: 64, top: 3, maxProducts: 60 };

describe('probes in threads', () => {
  it.each([
    ['in float64 by the closed form, of the Hessian, its largest eigenvalues deflated', 'precision: float64', {}],
    ['of a block of the Hessian', 'precision: float64', { blocks: 'the last layer', top: 0 }],
    [
      'of a Fisher matrix of labels that are drawn',
      'precision: float64',
      { operator: 'fisherMonteCarlo', samples: 2, top: 0 },
    ],
    ['in float32 on tensors, of the Hessian, its largest eigenvalues deflated', 'engine: wasm', {}],
  ])('%s, are those of one thread, bit for bit', async (_, settings, matrix) => {
    await at(classifier(settings), async (point) => {
      const names = point.opened.objective.layout.blocks.map(({ layer }) => layer);
      const wanted = { ...small, ...matrix, ...('blocks' in matrix && { blocks: names.at(-1) }) };
      const alone = await spectrumOf(point, wanted, undefined);
      expect(alone.value.density!.probes).toBe(5);
      for (const threads of [2, 3]) {
        const together = await spectrumOf(point, wanted, poolOf(point, threads, false));
        expect(together.value.density).toStrictEqual(alone.value.density);
        expect(together.stats.products).toBe(alone.stats.products);
      }
      expect(workers).toHaveLength(5);
      await haveEnded(workers);
    });
  });

  it('are shared with this thread, which begins at once', async () => {
    await at(classifier('precision: float64'), async (point) => {
      const wanted = { ...small, top: 0, densityProbes: 12, densitySteps: 20 };
      const alone = await spectrumOf(point, wanted, undefined);
      const seen: number[] = [];
      const onProgress = ({ done, stage }: { done: number; stage: string }) => stage === 'density' && seen.push(done);
      // Slow, so that the other thread comes in time.
      const objective = breathingObjective(point.opened.objective, () => pause(40), 0);
      const slow = { ...point, opened: { ...point.opened, objective } };
      const together = await spectrumOf(slow, wanted, poolOf(point, 2, true), { onProgress });
      expect(together.value.density).toStrictEqual(alone.value.density);
      expect([workers.length, computed.size]).toEqual([1, 1]);
      expect(seen).toStrictEqual([...seen].sort((a, b) => a - b));
      expect(seen.at(-1)).toBe(240);
      await haveEnded(workers);
    });
  });

  it('end with their work, leave no vector behind, and the next density has new ones', async () => {
    await at(classifier('precision: float64'), async (point) => {
      const before = hostArena().bytesInUse;
      for (let round = 1; round <= 3; round++) {
        await spectrumOf(point, { ...small, top: 0 }, poolOf(point, 2, false));
        expect(workers).toHaveLength(2 * round);
        await haveEnded(workers);
        expect(hostArena().bytesInUse).toBe(before);
      }
    });
  });

  it.each([true, false])(
    'stop within 250 ms, with what was finished (this thread takes part: %s)',
    async (takesPart) => {
      await at(classifier('precision: float64', 1000), async (point) => {
        const signal = { aborted: false };
        let asked = 0;
        const onProgress = ({ done }: { done: number }) => {
          if (done < 400 || signal.aborted) return;
          signal.aborted = true;
          asked = performance.now();
        };
        const wanted = { ...small, top: 0, densityProbes: 1000, densitySteps: 40 };
        const { value, status } = await spectrumOf(point, wanted, poolOf(point, 2, takesPart), { signal, onProgress });
        expect(performance.now() - asked).toBeLessThan(250);
        expect(status).toBe('cancelled');
        expect(value.density!.probes).toBeGreaterThan(0);
        const [first] = (await spectrumOf(point, { ...wanted, densityProbes: value.density!.probes }, undefined)).value
          .density!.y;
        expect(value.density!.y[0]).toBe(first);
        await haveEnded(workers);
      });
    },
  );

  it('fail with a sentence where a thread is lost, and others stop', async () => {
    await at(classifier('precision: float64', 1000), async (point) => {
      let isEnded = false;
      const onProgress = ({ done }: { done: number }) => {
        if (done > 100 && !isEnded) void workers[0]!.terminate();
        isEnded ||= done > 100;
      };
      const wanted = { ...small, top: 0, densityProbes: 1000, densitySteps: 40 };
      const work = spectrumOf(point, wanted, poolOf(point, 3, true), { onProgress });
      await expect(work).rejects.toThrow(ProbesLost);
      // A thread that is ended at a moment without work ends with 0.
      await expect(work).rejects.toThrow(
        /^A thread that computes probes of the density has ended: code [01]\. Start again/,
      );
      await haveEnded(workers);
      expect((await spectrumOf(point, small, poolOf(point, 2, true))).value.density!.probes).toBe(5);
    });
  });

  it('refuse data that are no longer those that were opened', async () => {
    await at(classifier('precision: float64'), async (point) => {
      const train = { ...point.opened.train, sha256: 'another' };
      const other = { ...point, opened: { ...point.opened, train } };
      const work = spectrumOf(point, { ...small, top: 0 }, poolOf(other, 2, false));
      await expect(work).rejects.toThrow(BadInput);
      await expect(work).rejects.toThrow('are no longer those that were opened');
      await haveEnded(workers);
    });
  });
});

describe('whether probes have threads', () => {
  it('depends on how many are wanted, and on the engine', async () => {
    await at(classifier('precision: float64'), async (point) => {
      expect(probePoolOfPoint(point, 1, start)).toBeUndefined();
      expect(probePoolOfPoint(point, 2, null)).toBeUndefined();
      expect(probePoolOfPoint(point, 2, start)!.threads).toBe(2);
      const objective = { ...point.opened.objective, engine: 'webgpu (Some GPU)' };
      expect(probePoolOfPoint({ ...point, opened: { ...point.opened, objective } }, 2, start)).toBeUndefined();
    });
  });
});
