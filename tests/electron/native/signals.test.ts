import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nativeEngine, noNativeEngine } from '../../support/native-engine.ts';

/** Multiplies matrices for two seconds, each time with the same result, in all ways that the library is called. */
const source = (folder: string) => `
process.on('SIGWINCH', () => {});
const native = require(${JSON.stringify(path.join(folder, 'saddlescope-tensorflow.node'))});
native.load(${JSON.stringify(path.join(folder, 'lib'))});
native.start(2);
const [n, m, k] = [600, 500, 64];
const a = native.upload(1, [n, m], new Float32Array(n * m).fill(1));
const b = native.upload(1, [m, k], new Float32Array(m * k).fill(1));
const graph = native.graph();
const x = native.placeholder(graph, 1, [m, k]);
const y = native.placeholder(graph, 1, [n, m]);
const [product] = native.node(graph, 'MatMul', [y.id, x.id], {}, 1);
const program = native.compile(graph, [x.id], [y.id], [product.id]);
const other = native.graph();
const left = native.placeholder(other, 1, [k, m]);
const right = native.placeholder(other, 1, [m, k]);
const [small] = native.node(other, 'MatMul', [left.id, right.id], {}, 1);
const sideBySide = native.compile(other, [left.id], [right.id], [small.id], true);
const [flats, intos] = [new Float32Array(8 * k * m).fill(1), new Float32Array(8 * k * k)];
const [flat, into] = [new Float32Array(m * k).fill(1), new Float32Array(n * k)];
console.log('ready');
let runs = 0;
for (const began = Date.now(); Date.now() - began < 2000; runs++) {
  native.run(program, flat, [a.id], into);
  const [eager] = native.execute('MatMul', [a.id, b.id], {}, 1);
  native.run(sideBySide, flats, [b.id], intos);
  if (into.some((sum) => sum !== m) || intos.some((sum) => sum !== m)) process.exit(1);
  native.free(eager.id);
}
console.log(runs > 10 ? 'computed' : 'too slow to tell');
`;

describe.skipIf(nativeEngine === null)(`the addon under signals (${noNativeEngine})`, () => {
  test('a process that gets a signal every millisecond computes on: none arrives while the library computes', async () => {
    const child = spawn(process.execPath, ['-e', source(nativeEngine?.folder ?? '')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let bombard: ReturnType<typeof setInterval> | undefined;
    child.stdout.on('data', (chunk) => {
      output += chunk;
      bombard ??= setInterval(() => child.kill('SIGWINCH'), 1);
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, 'close');
    clearInterval(bombard);
    expect({ code, output: output.trim().split('\n'), errors }).toEqual({
      code: 0,
      output: ['ready', 'computed'],
      errors: '',
    });
  });
});
