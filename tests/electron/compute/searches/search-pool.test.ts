import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSaddles, type SaddlesContext } from '../../../../core/analyses/saddles/run.ts';
import type { SaddleSearch } from '../../../../core/analyses/saddles/saddle.ts';
import type { FoundStart, SearchOutcome, SearchSettings } from '../../../../core/analyses/saddles/search.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import type { Experiment } from '../../../../core/experiment/experiment.ts';
import { readExperiment } from '../../../../core/experiment/read-experiment.ts';
import type { Result } from '../../../../core/linalg/result.ts';
import { Stopped } from '../../../../core/objective/gate.ts';
import { openExperiment } from '../../../../electron/compute/open-experiment.ts';
import { type OpenedPoint, pointOf } from '../../../../electron/compute/open-point.ts';
import { openCertifier } from '../../../../electron/compute/searches/certifier.ts';
import { searchPool, type ThreadKind } from '../../../../electron/compute/searches/search-pool.ts';
import { searchPoolOfPoint } from '../../../../electron/compute/searches/search-pool-of-point.ts';
import { SearchesLost, type StartSearchThread } from '../../../../electron/compute/searches/search-thread.ts';
import { turnOfEventLoop } from '../../../../electron/compute/turn-of-event-loop.ts';
import { type BundledEntry, bundledEntry } from '../../../support/bundled-entry.ts';

let entry: BundledEntry;
let workers: Worker[] = [];
/** What those threads were started as. */
let kinds: ThreadKind[] = [];

beforeAll(async () => {
  entry = await bundledEntry('electron', 'compute', 'searches', 'worker.ts');
});
afterAll(() => entry.remove());

const start: StartSearchThread = (workerData) => {
  kinds.push(workerData);
  return kept(new Worker(entry.file, { workerData }));
};

function kept(worker: Worker): Worker {
  workers.push(worker);
  return worker;
}

const haveEnded = (started: readonly Worker[] = workers) =>
  Promise.all(started.map((worker) => worker.threadId < 0 || new Promise((resolve) => worker.once('exit', resolve))));

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const chain = '[ { dense: { units: 3, activation: tanh } }, { dense: { units: 2 } } ]';
const withStatistics =
  '[ { dense: { units: 2, activation: tanh } }, { batchNormalization: {} }, { dense: { units: 2 } } ]';

const classifier = (settings: string, layers = chain): Experiment =>
  readExperiment(
    `
seed: 7
data: { train: two-moons, subset: { first: 24 } }
model: { layers: ${layers} }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01 } }
steps: 0
${settings}`,
    'classifier.yaml',
  );

const linear = readExperiment(
  `
seed: 1
model: { deepLinear: { hidden: 2, singularValues: [4, 3, 2, 1], initial: { scale: 0.001 } } }
optimizer: { gradientDescent: { learningRate: 0.02 } }
steps: 0
`,
  'linear.yaml',
);

async function at<T>(experiment: Experiment, work: (point: OpenedPoint) => Promise<T>): Promise<T> {
  workers = [];
  kinds = [];
  const opened = await openExperiment(experiment, '.', 'look', { threads: 1 });
  try {
    return await work(await pointOf(opened, null, undefined));
  } finally {
    opened.dispose();
  }
}

type Parameters = Readonly<Record<string, unknown>>;

/** With 0 threads in this one. */
async function search(
  point: OpenedPoint,
  threads: number,
  parameters: Parameters,
  more: Partial<SaddlesContext> = {},
): Promise<Result<SaddleSearch>> {
  const { objective, rng } = point.opened;
  const examples = (parameters.examples as number | undefined) ?? null;
  const certifier = await openCertifier(point, 'float64', examples);
  const streams = rng.split('saddles');
  const context = { rng: streams.split('searches'), signal: more.signal, breathe: turnOfEventLoop };
  const wanted = { objective, examples, certifier, context, starts: Number(parameters.starts) };
  try {
    return await runSaddles(
      objective,
      point.theta,
      { from: 'random', ...parameters },
      {
        rng: streams,
        breathe: turnOfEventLoop,
        certifier: certifier.kind === 'here' ? certifier.objective : undefined,
        pool: threads === 0 ? undefined : searchPoolOfPoint(point, wanted, start, threads),
        ...more,
      },
    );
  } finally {
    if (certifier.kind === 'here') certifier.close();
  }
}

const plain = ({ value: { points, thetas } }: Result<SaddleSearch>) => ({
  points: points.map(({ stats: { seconds: _, ...stats }, ...point }) => ({ ...point, stats })),
  thetas,
});

const roles = () => kinds.map(({ role, realm, certified }) => `${role} ${realm}${certified ? ' certified' : ''}`);

describe('searches in threads', () => {
  it('of a function of θ alone are those of one thread, bit for bit', async () => {
    await at(linear, async (point) => {
      const parameters = { starts: 14 };
      const alone = await search(point, 0, parameters);
      expect(alone.value.points).toHaveLength(14);
      for (const threads of [2, 3]) expect(plain(await search(point, threads, parameters))).toStrictEqual(plain(alone));
      expect(roles()).toEqual(Array(5).fill('whole ordinary'));
      await haveEnded();
    });
  });

  it('in float32 judge in float64 each, as one thread does, on the same subset of the examples', async () => {
    await at(classifier('engine: wasm'), async (point) => {
      const parameters = { starts: 3, iterations: 3, examples: 10 };
      // A subset is the loss that is searched: this thread has to be given it.
      const { searchObjective } = await import('../../../../electron/compute/searches/search-objective.ts');
      const own = await searchObjective(point.opened, 10);
      const subset = { ...point, opened: { ...point.opened, objective: own.objective } };
      const alone = await search(subset, 0, parameters);
      const together = await search(subset, 2, parameters);
      expect(plain(together)).toStrictEqual(plain(alone));
      expect(together.value.points.map(({ precision }) => precision)).toEqual(Array(3).fill('float64'));
      expect(roles()).toEqual(['whole ordinary certified', 'whole ordinary certified']);
      own.close();
      await haveEnded();
    });
  });

  it('find in single and judge in double precision, in threads of two kinds, as where they are found here', async () => {
    await at(classifier('engine: wasm', withStatistics), async (point) => {
      const parameters = { starts: 3, iterations: 3, polish: false };
      const there = await search(point, 1, parameters);
      expect(roles()).toEqual(['find ordinary', 'judge float64']);
      expect(there.value.points.map(({ precision }) => precision)).toEqual(Array(3).fill('float64'));
      // An engine that uses all cores itself: found in this thread.
      const objective = { ...point.opened.objective, engine: 'tensorflow (all cores)' };
      const here = await search({ ...point, opened: { ...point.opened, objective } }, 1, parameters);
      expect(roles().slice(2)).toEqual(['judge float64']);
      expect(plain(here)).toStrictEqual(plain(there));
      // The judge computes the same function: where θ stays as it was found, a loss that single precision knows too.
      const { points } = (await search(point, 0, parameters)).value;
      for (const [i, { loss }] of there.value.points.entries()) {
        expect(Math.abs(loss - points[i]!.loss)).toBeLessThan(1e-5 * (1 + Math.abs(loss)));
        expect(loss).not.toBe(points[i]!.loss);
      }
      await haveEnded();
    });
  });

  it('end with their work, and leave no thread, timer or port behind', async () => {
    await at(linear, async (point) => {
      const handles = () => process.getActiveResourcesInfo().filter((name) => /Timeout|MessagePort|Worker/.test(name));
      const before = handles();
      for (let round = 0; round < 3; round++) await search(point, 2, { starts: 4 });
      await haveEnded();
      expect(workers).toHaveLength(6);
      await pause(20);
      // Timers of others may end meanwhile.
      for (const name of new Set(handles()))
        expect(handles().filter((one) => one === name).length).toBeLessThanOrEqual(
          before.filter((one) => one === name).length,
        );
    });
  });

  it('are not started where nothing is left to be searched', async () => {
    await at(linear, async (point) => {
      const { value } = await search(point, 0, { starts: 3 });
      const before = value.points.map((one, i): SearchOutcome => ({ point: one, theta: value.thetas[i]! }));
      const again = await search(point, 2, { starts: 3 }, { before });
      expect(again.value.points).toStrictEqual(value.points);
      expect(workers).toEqual([]);
    });
  });
});

describe('searches that are stopped or lost', () => {
  it.each([
    ['in threads that do both', linear, 2, 8],
    ['found in one and judged in another', classifier('engine: wasm', withStatistics), 1, 2],
  ])('stop within 250 ms with what was judged: %s', async (_, experiment, threads, enough) => {
    await at(experiment, async (point) => {
      const signal = { aborted: false };
      let asked = 0;
      let told = 0;
      const onOutcome = () => {
        told++;
        if (told < enough || signal.aborted) return;
        signal.aborted = true;
        asked = performance.now();
      };
      const parameters = { starts: 5000, iterations: 3 };
      const { value, status } = await search(point, threads, parameters, { signal, onOutcome });
      expect(performance.now() - asked).toBeLessThan(250);
      expect(status).toBe('cancelled');
      expect(value.points.length).toBeGreaterThanOrEqual(enough);
      expect(value.points).toHaveLength(told);
      expect(value.thetas).toHaveLength(told);
      await haveEnded();
      await pause(50);
      expect(told).toBe(value.points.length);
    });
  });

  it('go on from what was judged to what they would have been', async () => {
    await at(linear, async (point) => {
      const signal = { aborted: false };
      const before: SearchOutcome[] = [];
      const onOutcome = (outcome: SearchOutcome) => {
        before.push(outcome);
        signal.aborted = before.length > 4;
      };
      const parameters = { starts: 16 };
      await search(point, 2, parameters, { signal, onOutcome });
      expect(before.length).toBeLessThan(16);
      const rest: number[] = [];
      const again = await search(point, 2, parameters, {
        before,
        onOutcome: ({ point: { number } }) => void rest.push(number),
      });
      expect(plain(again)).toStrictEqual(plain(await search(point, 0, parameters)));
      expect([...rest, ...before.map(({ point: { number } }) => number)].sort((a, b) => a - b)).toEqual([
        ...Array(16).keys(),
      ]);
    });
  });

  it('fail with a sentence where a thread is lost; the others end, and the next search has new ones', async () => {
    await at(linear, async (point) => {
      let told = 0;
      const onOutcome = () => {
        if (++told === 4) void workers[1]!.terminate();
      };
      const work = search(point, 3, { starts: 5000 }, { onOutcome });
      await expect(work).rejects.toThrow(SearchesLost);
      await expect(work).rejects.toThrow(
        /^A thread that searches for critical points has ended: code \d\. Start again/,
      );
      await haveEnded();
      const after = told;
      await pause(50);
      expect(told).toBe(after);
      expect((await search(point, 2, { starts: 2 })).value.points).toHaveLength(2);
    });
  });

  it('refuse data that are no longer those that were opened', async () => {
    await at(classifier('precision: float64'), async (point) => {
      const train = { ...point.opened.train, sha256: 'another' };
      const other = { ...point, opened: { ...point.opened, train } };
      const work = search(other, 2, { starts: 4 });
      await expect(work).rejects.toThrow(BadInput);
      await expect(work).rejects.toThrow('are no longer those that were opened');
      await haveEnded();
    });
  });
});

describe('threads that never begin', () => {
  const settings = {} as SearchSettings;
  const kind = {} as ThreadKind;
  const idle = 'require("node:worker_threads").parentPort.on("message", () => {}).postMessage({ kind: "ready" })';
  const program = (text: string) => kept(new Worker(text, { eval: true }));
  const tasks = () => async () => ({ start: { number: 0 }, theta: new Float64Array(1) }) as never;
  const found = { start: { number: 0 } } as unknown as FoundStart;

  it.each([
    ['ends at once', 'process.exit(3)', /has ended: code 3/],
    ['throws while it is loaded', 'throw new Error("no engine here")', /has ended: no engine here/],
  ])('one that %s is told', async (_, text, sentence) => {
    workers = [];
    const pool = searchPool({
      threads: 2,
      start: () => program(workers.length === 0 ? idle : text),
      finders: kind,
      judges: null,
    });
    await expect(pool.search(tasks(), settings, () => {}, undefined)).rejects.toThrow(sentence);
    await haveEnded();
    expect(workers).toHaveLength(2);
  });

  it('where the second cannot be started, the first is ended, whichever kind it is of', async () => {
    for (const failsAt of [1, 2, 3]) {
      workers = [];
      const starting: StartSearchThread = () => {
        if (workers.length === failsAt) throw new Error('no more threads');
        return program(idle);
      };
      const pool = searchPool({ threads: 2, start: starting, finders: kind, judges: kind });
      await expect(pool.search(tasks(), settings, () => {}, undefined)).rejects.toThrow('no more threads');
      await haveEnded();
      expect(workers).toHaveLength(failsAt);
    }
  });

  it('where a judge is lost, the search in this thread stops, and nothing computes when the pool has settled', async () => {
    workers = [];
    let under = 0;
    let calls = 0;
    const findHere = async (_: unknown, __: unknown, signal: { readonly aborted: boolean }) => {
      calls++;
      under++;
      for (let i = 0; i < 1000 && !signal.aborted; i++) await pause(10);
      under--;
      return signal.aborted ? null : found;
    };
    const dying = `${idle}; setTimeout(() => process.exit(4), 100)`;
    const pool = searchPool({ threads: 1, start: () => program(dying), finders: null, judges: kind, findHere });
    await expect(pool.search(tasks(), settings, () => {}, undefined)).rejects.toThrow(/code 4/);
    expect([under, calls]).toEqual([0, 1]);
  });

  it('a gate that stops the search in this thread is a stop, and no fault', async () => {
    workers = [];
    const signal = { aborted: false };
    const findHere = async () => {
      signal.aborted = true;
      throw new Stopped();
    };
    const pool = searchPool({ threads: 1, start: () => program(idle), finders: null, judges: kind, findHere });
    await pool.search(tasks(), settings, () => {}, signal);
    await haveEnded();
  });

  it('none is started for a search that is stopped already', async () => {
    const pool = searchPool({
      threads: 2,
      start: () => {
        throw new Error('started');
      },
      finders: kind,
      judges: null,
    });
    await pool.search(tasks(), settings, () => {}, { aborted: true });
  });
});

describe('whether searches have threads', () => {
  it('depends on how many are wanted, on the engine, and on where points are judged', async () => {
    await at(linear, async (point) => {
      const { objective } = point.opened;
      const wanted = {
        objective,
        examples: null,
        certifier: { kind: 'same' },
        context: { rng: point.opened.rng },
        starts: 9,
      } as const;
      const other = { ...point, opened: { ...point.opened, objective: { ...objective, engine: 'webgpu (Some GPU)' } } };
      const realm = { ...wanted, certifier: { kind: 'float64 realm' } } as const;
      expect(searchPoolOfPoint(point, wanted, start, 1)).toBeUndefined();
      expect(searchPoolOfPoint(point, wanted, null, 2)).toBeUndefined();
      expect(searchPoolOfPoint(point, wanted, start, 2)).toBeDefined();
      expect(searchPoolOfPoint(other, wanted, start, 2)).toBeUndefined();
      expect(searchPoolOfPoint(other, realm, start, 1)).toBeDefined();
      expect(searchPoolOfPoint(other, realm, null, 1)).toBeUndefined();
      expect(workers).toEqual([]);
    });
  });
});
