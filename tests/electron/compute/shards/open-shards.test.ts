import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import type { Experiment } from '../../../../core/experiment/experiment.ts';
import { readExperiment } from '../../../../core/experiment/read-experiment.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { createGate, Stopped } from '../../../../core/objective/gate.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { type OpenedExperiment, openExperiment } from '../../../../electron/compute/open-experiment.ts';
import { canBeSharded, isPenalized, openShards } from '../../../../electron/compute/shards/open-shards.ts';
import { nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { experimentOf, peerExperiment } from '../../../support/peer-experiments.ts';
import { peersFolder } from '../../../support/peers.ts';
import { bundledShardThreads } from '../../../support/shard-threads.ts';

let threads: Awaited<ReturnType<typeof bundledShardThreads>>;
beforeAll(async () => {
  threads = await bundledShardThreads();
});
afterAll(() => threads.remove());

const small = (settings: string, penalty = ', kernelRegularizer: { l2: 0.01 }'): Experiment =>
  readExperiment(
    `
data: { train: { bundled: spirals, examples: 47 } }
model:
  layers:
    - { dense: { units: 5, activation: tanh${penalty} } }
    - { dense: { units: 3 } }
loss: softmaxCrossEntropy
optimizer: { sgd: { learningRate: 0.1 } }
steps: 0
${settings}`,
    'small.yaml',
  );

function near(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  expect(got.length).toBe(expected.length);
  const size = Math.max(...Array.from(expected, Math.abs));
  let worst = 0;
  for (let i = 0; i < got.length; i++) worst = Math.max(worst, Math.abs(got[i]! - expected[i]!));
  expect(worst / size).toBeLessThan(tolerance);
}

/** Everything that an objective computes, by the shards and by the whole. */
async function compare(opened: OpenedExperiment, baseFolder: string, count: number, tolerance: number): Promise<void> {
  const whole = opened.objective;
  const { space, examples } = whole;
  const { start } = threads;
  const shards = await openShards({ experiment: opened.experiment, baseFolder, whole, threads: count, start });
  const { objective } = shards;
  expect([objective.examples, objective.engine]).toEqual([examples, `${whole.engine}, ${count} threads`]);
  const theta = opened.initialTheta;
  const v = space.random(randomFromSeed(5), 'sphere');
  const batch = Int32Array.of(examples - 1, 0, 3, examples - 2, 0);
  const both = async <T>(ask: (of: typeof whole) => Promise<T>) => [await ask(objective), await ask(whole)] as const;

  for (const key of [undefined, batch]) {
    const [value, expected] = await both((of) => of.gradient(theta, key));
    near([value.loss], [expected.loss], tolerance);
    near(value.gradient, expected.gradient, tolerance);
    const wanted = { perExample: true, outputs: true, outputGradients: true, ...(key && { batch: key }) };
    const [seen, all] = await both((of) => of.evaluate(theta, wanted));
    near([seen.loss, seen.standardError, seen.error!], [all.loss, all.standardError, all.error!], tolerance);
    near(seen.perExample!, all.perExample!, tolerance);
    near(seen.outputs!.data, all.outputs!.data, tolerance);
    near(seen.outputGradients!.data, all.outputGradients!.data, tolerance);
    const line = { rows: 3, columns: 1, data: Float64Array.of(-1, 0, 2) };
    const [losses, expectedLosses] = await both((of) => of.losses(theta, [v], line, key));
    near(losses, expectedLosses, tolerance);
    const ask = { errors: true, standardErrors: true, classLosses: true };
    const [found, known] = await both((of) => of.evaluations!(theta, [v], line, ask, key));
    near(found.losses, known.losses, tolerance);
    near([1, ...found.errors!], [1, ...known.errors!], tolerance);
    near(found.standardErrors!, known.standardErrors!, tolerance);
    const present = (of: typeof found) => of.classLosses!.data.filter((mean) => !Number.isNaN(mean));
    near(present(found), present(known), tolerance);
    expect(found.classCounts).toEqual(known.classCounts);
    const [at, there] = await both((of) => of.linearize(theta, key));
    expect(at.exact).toBe(true);
    near(at.gradient, there.gradient, tolerance);
    const products: HostVector[] = [];
    for (const name of ['hessianProduct', 'gaussNewtonProduct'] as const) {
      const [got, wantedProduct] = [await at[name]!(v), await there[name]!(v)];
      near(got, wantedProduct, tolerance);
      products.push(got, wantedProduct);
    }
    const [jv, expectedJv] = [await at.jacobianProduct!(v), await there.jacobianProduct!(v)];
    near(jv.data, expectedJv.data, tolerance);
    const [jtu, expectedJtu] = [await at.jacobianTransposeProduct!(jv), await there.jacobianTransposeProduct!(jv)];
    near(jtu, expectedJtu, tolerance);
    space.release(...products, jtu, expectedJtu, value.gradient, expected.gradient);
    at.dispose();
    there.dispose();
  }
  space.release(v);
  objective.dispose();
}

describe('shards in threads', () => {
  for (const reduction of ['mean', 'sum']) {
    it(`compute what the whole does, in float64, ${reduction}`, async () => {
      const opened = await openExperiment(small(`precision: float64\nreduction: ${reduction}`, ''), '.');
      expect(opened.objective.engine).toBe('closed form');
      await compare(opened, '.', 3, 1e-12);
      opened.dispose();
    });

    it(`compute what the whole does, with tensors and a penalty, ${reduction}`, async () => {
      const opened = await openExperiment(small(`engine: wasm\nreduction: ${reduction}`), '.');
      expect(opened.objective.engine).toBe('wasm');
      await compare(opened, '.', 3, 5e-6);
      opened.dispose();
    });
  }

  it('compute what the whole does on a convolutional network', async () => {
    const part = ['data.subset={"first":150}', 'engine=wasm'];
    const opened = await openExperiment(experimentOf(peerExperiment('cnn'), part), peersFolder);
    expect(opened.objective.examples).toBe(150);
    // Trained: its residuals are small, so that the rounding of its outputs weighs more.
    await compare(opened, peersFolder, 2, 5e-5);
    opened.dispose();
  });

  it.skipIf(nativeEngine === null)(
    `compute what the whole does on the TensorFlow library (${noNativeEngine})`,
    async () => {
      const opened = await openExperiment(small('engine: tensorflow\nreduction: sum'), '.');
      expect(opened.objective.engine).toContain('tensorflow');
      await compare(opened, '.', 2, 5e-6);
      opened.dispose();
    },
  );

  it('share one copy of a vector, and neither slots nor vectors grow over products', async () => {
    const opened = await openExperiment(small('engine: wasm'), '.');
    const { objective: whole, initialTheta: theta } = opened;
    const { start } = threads;
    const { objective } = await openShards({
      experiment: opened.experiment,
      baseFolder: '.',
      whole,
      threads: 2,
      start,
    });
    const linearization = await objective.linearize(theta);
    const first = await linearization.hessianProduct(theta);
    const inUse = hostArena().bytesInUse;
    for (let i = 0; i < 200; i++) {
      const again = await linearization.hessianProduct(theta);
      expect(again).toEqual(first);
      whole.space.release(again);
    }
    expect(hostArena().bytesInUse).toBe(inUse);
    linearization.dispose();
    whole.space.release(first);
    objective.dispose();
    await expect(objective.gradient(theta)).rejects.toThrow('was disposed');
    opened.dispose();
  });

  it('tell what cannot be opened as one process would', async () => {
    const opened = await openExperiment(small('engine: wasm'), '.');
    const { start } = threads;
    const missing = readExperiment(
      'data: { train: ./nowhere.npz }\nmodel: { layers: [ { dense: { units: 2 } } ] }\nloss: softmaxCrossEntropy\noptimizer: { sgd: { learningRate: 0.1 } }\nsteps: 0',
      'missing.yaml',
    );
    const opening = openShards({ experiment: missing, baseFolder: '/', whole: opened.objective, threads: 2, start });
    await expect(opening).rejects.toThrow(BadInput);
    await expect(opening).rejects.toThrow('nowhere.npz does not exist');
    opened.dispose();
  });

  it('name a lost thread once, stop the others, and the next experiment has threads again', async () => {
    const opened = await openExperiment(experimentOf(peerExperiment('mlp-784-64-10'), ['engine=wasm']), peersFolder);
    const { objective: whole, initialTheta: theta, experiment } = opened;
    const { start, workers } = threads;
    // All threads that there are, so that it is one of these that ends.
    const options = { experiment, baseFolder: peersFolder, whole, threads: Math.max(2, workers.length), start };
    const { objective } = await openShards(options);
    const linearization = await objective.linearize(theta);
    const products = Promise.allSettled(Array.from({ length: 60 }, () => linearization.hessianProduct(theta)));
    await workers.at(-1)!.terminate();
    const last = (await products).at(-1)!;
    expect(last.status === 'rejected' && String(last.reason)).toContain(
      'A thread that computes on a part of the examples has ended',
    );
    await expect(objective.gradient(theta)).rejects.toThrow('has ended');
    linearization.dispose();
    objective.dispose();
    const again = await openShards(options);
    const { loss, gradient } = await again.objective.gradient(theta);
    near([loss], [(await whole.evaluate(theta)).loss], 1e-6);
    whole.space.release(gradient);
    again.objective.dispose();
    opened.dispose();
  });

  it('stop between calls where the signal of the gate is aborted, and go on with another', async () => {
    const opened = await openExperiment(small('engine: wasm\nreduction: sum'), '.');
    const { objective: whole, initialTheta: theta, experiment } = opened;
    const gate = createGate(async () => {});
    const { objective } = await openShards({
      experiment,
      baseFolder: '.',
      whole,
      threads: 2,
      start: threads.start,
      gate,
    });
    const signal = { aborted: true };
    gate.watch(signal);
    await expect(objective.gradient(theta)).rejects.toThrow(Stopped);
    gate.watch({ aborted: false });
    whole.space.release((await objective.gradient(theta)).gradient);
    objective.dispose();
    opened.dispose();
  });
});

describe('whether a loss is a sum over shards', () => {
  const withLayer = (layer: string, mode: string) =>
    readExperiment(
      `data: { train: spirals }\nmodel: { layers: [ { dense: { units: 4 } }, ${layer}, { dense: { units: 3 } } ], mode: ${mode} }\nloss: softmaxCrossEntropy\noptimizer: { sgd: { learningRate: 0.1 } }\nsteps: 0`,
      'layers.yaml',
    );

  it('depends on layers that see the whole batch in training', () => {
    const layers = ['{ batchNormalization: {} }', '{ dropout: { rate: 0.5 } }'];
    for (const layer of layers)
      expect(['training', 'inference'].map((mode) => canBeSharded(withLayer(layer, mode)))).toEqual([false, true]);
    expect(canBeSharded(small(''))).toBe(true);
  });

  it('penalties are seen', () => {
    expect([isPenalized(small('')), isPenalized(withLayer('{ dropout: { rate: 0.5 } }', 'inference'))]).toEqual([
      true,
      false,
    ]);
  });
});
