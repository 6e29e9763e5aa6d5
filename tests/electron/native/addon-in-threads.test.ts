import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nativeEngine, noNativeEngine } from '../../support/native-engine.ts';

/** What runs in the threads of a process of its own, as CommonJS; `work(k)` is k · (1² + … + 6²). */
const threadSource = (folder: string) => `
const native = require(${JSON.stringify(path.join(folder, 'saddlescope-tensorflow.node'))});
function open() {
  native.load(${JSON.stringify(path.join(folder, 'lib'))});
  native.start(2);
}
function work(k, runs) {
  open();
  const compiled = (sideBySide) => {
    const graph = native.graph();
    const x = native.placeholder(graph, 1, [2, 3]);
    const y = native.placeholder(graph, 1, [2, 3]);
    const [product] = native.node(graph, 'Mul', [x.id, y.id], {}, 1);
    const axes = native.constant(graph, 3, [2], Int32Array.of(0, 1));
    const [sum] = native.node(graph, 'Sum', [product.id, axes.id], {}, 1);
    return native.compile(graph, [x.id], [y.id], [sum.id], sideBySide);
  };
  const [program, sideBySide] = [compiled(false), compiled(true)];
  const fixed = native.upload(1, [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6).map((v) => k * v));
  const [into, four] = [new Float32Array(1), new Float32Array(4)];
  let total = 0;
  for (let i = 0; i < runs; i++) {
    native.run(program, Float32Array.of(1, 2, 3, 4, 5, 6), [fixed.id], into);
    const [a] = native.execute('Mul', [fixed.id, fixed.id], {}, 1);
    native.free(a.id);
    native.run(sideBySide, Float32Array.from({ length: 24 }, (_, j) => (j % 6) + 1), [fixed.id], four);
    if (four.some((one) => one !== into[0])) throw new Error('runs side by side: ' + four);
    total += into[0];
  }
  return { mean: total / runs, alive: native.alive() };
}
`;

/** The last line that a process with this main program writes, and how it ended. */
function runProcess(source: string): Promise<{ code: number | string; output: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', source], { timeout: 50_000 }, (problem, output, errors) =>
      resolve({
        code: problem === null ? 0 : (problem.code ?? problem.signal ?? 'killed'),
        output: output.trim(),
        errors,
      }),
    );
  });
}

describe.skipIf(nativeEngine === null)(`the addon in several threads (${noNativeEngine})`, () => {
  const source = threadSource(nativeEngine?.folder ?? '');
  const inWorker = `new (require('node:worker_threads').Worker)`;
  const workerSource = `${source}
    const { parentPort, workerData } = require('node:worker_threads');`;

  test('two workers and the main thread at once compute their own sums, and end cleanly with things unfreed', async () => {
    const result = await runProcess(`${source}
      const code = ${JSON.stringify(`${workerSource} parentPort.postMessage(work(workerData, 2000));`)};
      const one = (k) => new Promise((resolve, reject) => {
        const worker = ${inWorker}(code, { eval: true, workerData: k });
        let answer;
        worker.on('message', (message) => { answer = message; });
        worker.on('error', reject);
        worker.on('exit', (exit) => resolve({ ...answer, exit }));
      });
      Promise.all([one(1), one(2), Promise.resolve().then(() => work(3, 2000))])
        .then((answers) => console.log(JSON.stringify(answers)));`);
    const alive = { tensors: 1, programs: 2 };
    expect(result).toMatchObject({ code: 0, errors: '' });
    expect(JSON.parse(result.output)).toEqual([
      { mean: 91, alive, exit: 0 },
      { mean: 182, alive, exit: 0 },
      { mean: 273, alive },
    ]);
  });

  test('runs side by side have the same bits in one, two and three threads', async () => {
    const bits = (threads: number) =>
      runProcess(`
        const native = require(${JSON.stringify(path.join(nativeEngine?.folder ?? '', 'saddlescope-tensorflow.node'))});
        native.load(${JSON.stringify(path.join(nativeEngine?.folder ?? '', 'lib'))});
        native.start(${threads});
        const graph = native.graph();
        const x = native.placeholder(graph, 1, [60, 784]);
        const y = native.placeholder(graph, 1, [784, 500]);
        const [z] = native.node(graph, 'MatMul', [x.id, y.id], {}, 1);
        const [h] = native.node(graph, 'Tanh', [z.id], {}, 1);
        const axes = native.constant(graph, 3, [1], Int32Array.of(1));
        const [sum] = native.node(graph, 'Sum', [h.id, axes.id], {}, 1);
        const program = native.compile(graph, [x.id], [y.id], [sum.id], true);
        const waves = (size) => Float32Array.from({ length: size }, (_, i) => Math.sin(i * i));
        const fixed = native.upload(1, [784, 500], waves(784 * 500));
        const into = new Float32Array(9 * 60);
        native.run(program, waves(9 * 60 * 784), [fixed.id], into);
        console.log(native.threads(), Buffer.from(into.buffer).toString('base64'));`);
    const [one, two, three] = await Promise.all([1, 2, 3].map(bits));
    expect(one).toMatchObject({ code: 0, errors: '' });
    const values = (result: typeof one) => result?.output.split(' ');
    expect(values(one)?.[0]).toBe('1');
    expect(values(one)?.[1]?.length).toBe((9 * 60 * 4 * 4) / 3);
    expect(values(two)).toEqual(['2', values(one)?.[1]]);
    expect(values(three)).toEqual(['3', values(one)?.[1]]);
  });

  test('a worker that opens the engine first, ends, and gives way to the next one leaves no trace', async () => {
    const result = await runProcess(`
      const code = ${JSON.stringify(`${workerSource} parentPort.postMessage(work(workerData, 10).mean);`)};
      const next = (k) => {
        if (k > 4) return console.log('done');
        const worker = ${inWorker}(code, { eval: true, workerData: k });
        worker.on('message', (mean) => { if (mean !== 91 * k) throw new Error(String(mean)); });
        worker.on('exit', () => next(k + 1));
      };
      next(1);`);
    expect(result).toEqual({ code: 0, output: 'done', errors: '' });
  });

  test.each([
    ['process.exit with the code it was given', 'work(1, 10); process.exit(7);', 7],
    [
      'an error of the program',
      "work(1, 10); process.on('uncaughtException', () => process.exit(3)); throw new Error();",
      3,
    ],
    [
      'the end of a worker in the middle of its work',
      `work(1, 1); const worker = ${inWorker}(${JSON.stringify(`${workerSource} parentPort.postMessage(0); for (;;) work(1, 100);`)}, { eval: true, workerData: 1 });
       worker.on('message', () => setTimeout(() => worker.terminate().then(() => { process.exitCode = 5; }), 100));`,
      5,
    ],
  ])('%s is the end of the process, without a crash', async (_, main, code) => {
    expect(await runProcess(source + main)).toEqual({ code, output: '', errors: '' });
  });

  test('before the library is loaded, and for a folder without it, it says so', async () => {
    const result = await runProcess(`${source}
      const said = [];
      const fault = (f) => { try { f(); said.push('nothing'); } catch (problem) { said.push(problem.message); } };
      fault(() => native.start(1));
      fault(() => native.load('/nowhere'));
      native.load(${JSON.stringify(path.join(nativeEngine?.folder ?? '', 'lib'))});
      fault(() => native.graph() && native.upload(1, [], new Float32Array(1)));
      fault(() => native.start(0));
      fault(() => native.load('/nowhere'));
      console.log(JSON.stringify(said));`);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.output)).toEqual([
      'TensorFlow has not been loaded.',
      expect.stringContaining('/nowhere/libtensorflow_framework.so.2'),
      'The engine has not been started.',
      'The number of threads must be 1 or more.',
      expect.stringContaining('cannot load another one'),
    ]);
  });
});
