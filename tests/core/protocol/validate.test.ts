import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { protocolVersion } from '../../../core/protocol/messages.ts';
import type { MethodName, Methods } from '../../../core/protocol/methods.ts';
import { readFromCompute, readMethodCall, readToCompute } from '../../../core/protocol/validate.ts';

const v = protocolVersion;
const source = { yaml: 'name: x', file: null };

/** One good call of every method. */
const calls: { readonly [M in MethodName]: Methods[M]['params'] } = {
  hello: {},
  readExperiment: { file: 'a1' },
  readLandscape: { file: 'a1', directions: 'a2', projection: null },
  landscapeFile: { file: 'a1', directions: null, projection: null, kind: 'vti' },
  describe: { source },
  measure: { source: { run: 'a1', step: null } },
  readPoint: { source: { run: 'a1', planeId: 'p', coordinates: [0.5, -1] } },
  openRun: { run: 'a1' },
  readOn: { run: 'a1', from: 1200 },
  provenance: { run: 'a1' },
  storedResults: { run: 'a1' },
  train: {
    source: { yaml: 'x', file: 'a2' },
    run: 'a1',
    start: { kind: 'branch', from: 'a3', step: 50 },
    reportEvery: 0.1,
  },
  spectrum: { source: { experiment: source }, parameters: { top: 3 }, keep: false },
  slice: { source: { run: 'a1', step: 20 }, parameters: {}, keep: true },
  overlap: { source: { run: 'a1', step: null }, parameters: { between: 'halves' }, keep: true },
  sampling: { source: { run: 'a1', step: 20 }, parameters: { accuracy: 0.1 }, keep: true },
  structure: { source: { run: 'a1', step: 20 }, parameters: {}, keep: false },
  modes: { source: { run: 'a1', step: 20 }, parameters: { points: 50 }, keep: true },
  saddles: { source: { run: 'a1', step: null }, parameters: { starts: 5 }, keep: true },
  escape: { source: { run: 'a1', search: 'saddles-newton-mr', point: 3 }, parameters: {}, planeId: null },
  simulate: { simulation: 'surface', params: { surface: 'saddle', points: 65 } },
  pathOnPlane: { run: 'a1', planeId: 'p', afterStep: -1 },
  check: { source: { run: 'a1', step: 0 }, spectrum: null },
  renderFigure: { specification: { mark: 'line' }, format: 'svg', width: 800 },
  packNpz: { arrays: { theta: { shape: [2, 3], data: new Float64Array(6) } } },
  printFigure: {
    specification: { mark: 'line' },
    print: { widthMm: 85, heightMm: null, textPt: 8, titled: false, background: 'white' },
    format: 'png',
    dotsPerInch: 300,
  },
  sliceFile: { run: 'a1', planeId: 'p', kind: 'surface', directionFile: 'a.directions.h5' },
  report: { run: 'a1' },
};

const request = (method: string, params: unknown) => ({ v, id: 7, kind: 'request', method, params }) as const;

describe('requests', () => {
  test.each(Object.entries(calls))('%s: a good call gets through as it is', (method, params) => {
    const read = readToCompute(structuredClone(request(method, params)));
    expect(read).toEqual({ value: request(method, params) });
    expect(readMethodCall(request(method, params) as never)).toEqual({ value: { method, params } });
  });

  test.each<[string, unknown, string]>([
    ['train', { ...calls.train, start: { kind: 'branch', from: 'a3', step: -1 } }, 'start'],
    ['train', { ...calls.train, reportEvery: Number.NaN }, 'reportEvery'],
    ['train', { ...calls.train, source: { yaml: 'x'.repeat(5 << 20), file: null } }, 'yaml'],
    ['train', { ...calls.train, shell: 'rm' }, 'shell'],
    ['openRun', { run: ['/etc/passwd'] }, 'run'],
    ['openRun', { run: '' }, 'run'],
    ['openRun', {}, 'run'],
    ['openRun', null, ''],
    ['openRun', new Map([['run', 'a1']]), ''],
    ['slice', { source: { run: 'a1' }, parameters: {}, keep: true }, 'source'],
    ['slice', { ...calls.slice, source: { run: 'a1', step: 2 ** 60 } }, 'source'],
    ['renderFigure', { ...calls.renderFigure, width: 1e9 }, 'width'],
    ['packNpz', { arrays: { theta: { shape: [2 ** 31], data: new Float64Array(1) } } }, 'arrays'],
    ['packNpz', { arrays: { theta: { shape: [1], data: [0] } } }, 'arrays'],
    ['check', { ...calls.check, spectrum: { operator: 'hessian', eigenvalues: [{}], bottom: [] } }, 'spectrum'],
  ])('%s refuses %#', (method, params, place) => {
    const read = readMethodCall(request(method, params) as never);
    expect(read).toMatchObject({ failure: { kind: 'malformed' }, id: 7 });
    expect('failure' in read && read.failure.found).toContain(place);
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'nothing'])(
    'there is no method %s',
    (method) => {
      expect(readMethodCall(request(method, {}) as never)).toMatchObject({ failure: { kind: 'unknownMethod' }, id: 7 });
    },
  );

  test.each<[string, unknown, boolean]>([
    ['pause', { command: 'pause' }, true],
    ['η', { command: 'setLearningRate', learningRate: 0.1 }, true],
    ['the budget', { command: 'setProbeBudget', budget: 0.5 }, true],
    ['a negative η', { command: 'setLearningRate', learningRate: -1 }, false],
    ['an infinite η', { command: 'setLearningRate', learningRate: Number.POSITIVE_INFINITY }, false],
    ['a budget above all', { command: 'setProbeBudget', budget: 1.5 }, false],
    ['an unknown command', { command: 'format' }, false],
    ['pause with more', { command: 'pause', learningRate: 1 }, false],
  ])('steering by %s', (_, command, good) => {
    expect('value' in readToCompute({ v, id: 1, kind: 'steer', command })).toBe(good);
  });
});

describe('versions and shapes', () => {
  test('another version of the protocol is named, on both sides', () => {
    for (const read of [readToCompute, readFromCompute])
      expect(read({ v: 2, id: 3, kind: 'accepted' })).toMatchObject({
        failure: { kind: 'wrongVersion', found: expect.stringContaining('version 2') },
        id: 3,
      });
  });

  test.each([
    undefined,
    null,
    1,
    'x',
    [],
    {},
    { v },
    { v, kind: 'request' },
    { v, id: -1, kind: 'cancel' },
    { v, id: 0.5, kind: 'cancel' },
  ])('%o is refused', (message) => {
    expect(readToCompute(message)).toMatchObject({ failure: { kind: 'malformed' }, id: null });
  });

  test('what a message inherits does not count', () => {
    const message = Object.create({ v, id: 1, kind: 'cancel' });
    expect(readToCompute(message)).toHaveProperty('failure');
    const params = Object.create({ run: 'a1' });
    expect(readMethodCall(request('openRun', params) as never)).toHaveProperty('failure');
  });

  test.each<[string, object, boolean]>([
    ['a piece', { kind: 'piece', chunk: 1, array: 0, offset: 0, bytes: new Uint8Array(9) }, true],
    [
      'a piece beyond 4 MB',
      { kind: 'piece', chunk: 1, array: 0, offset: 0, bytes: new Uint8Array((4 << 20) + 1) },
      false,
    ],
    ['a piece of numbers', { kind: 'piece', chunk: 1, array: 0, offset: 0, bytes: [1, 2] }, false],
    ['a partial value', { kind: 'partial', chunk: 2, value: { any: Number.NaN } }, true],
    [
      'a result',
      {
        kind: 'result',
        outcome: { value: undefined, status: 'converged', stats: { products: 0, gradients: 0, losses: 0, seconds: 0 } },
      },
      true,
    ],
    [
      'a result of an unknown status',
      {
        kind: 'result',
        outcome: { value: 1, status: 'fine', stats: { products: 0, gradients: 0, losses: 0, seconds: 0 } },
      },
      false,
    ],
    [
      'progress',
      { kind: 'progress', progress: { stage: 's', done: 1, total: 2, unit: 'steps', eta: null, live: { top: [1] } } },
      true,
    ],
    [
      'progress in unknown units',
      { kind: 'progress', progress: { stage: 's', done: 1, total: 2, unit: 'pounds', eta: null } },
      false,
    ],
    ['a failure', { kind: 'failure', failure: { kind: 'badInput', found: 'a', advice: 'b' } }, true],
    ['a failure of an unknown kind', { kind: 'failure', failure: { kind: 'panic', found: 'a', advice: 'b' } }, false],
  ])('%s', (_, message, good) => {
    expect('value' in readFromCompute({ v, id: 5, ...message })).toBe(good);
  });
});

/** Good messages with one thing in them changed, left out or added. */
const mutated = fc
  .tuple(
    fc.constantFrom(
      ...Object.entries(calls).map(([method, params]) => request(method, params)),
      { v, id: 1, kind: 'steer', command: { command: 'setLearningRate', learningRate: 0.1 } },
      { v, id: 1, kind: 'received', chunk: 2 },
      { v, id: 1, kind: 'partial', chunk: 2, value: [1] },
      { v, id: 1, kind: 'piece', chunk: 2, array: 0, offset: 0, bytes: new Uint8Array(3) },
      { v, id: 1, kind: 'failure', failure: { kind: 'lost', found: '', advice: '' } },
    ),
    fc.array(fc.nat(5), { maxLength: 4 }),
    fc.anything({
      withTypedArray: true,
      withMap: true,
      withSet: true,
      withDate: true,
      withNullPrototype: true,
      withBigInt: true,
    }),
  )
  .map(([message, path, value]) => {
    const copy: unknown = structuredClone(message);
    let at = copy as Record<string, unknown>;
    for (const index of path) {
      const keys = Object.keys(at);
      const inner = at[keys[index % Math.max(1, keys.length)] ?? ''];
      if (inner === null || typeof inner !== 'object' || ArrayBuffer.isView(inner)) break;
      at = inner as Record<string, unknown>;
    }
    const keys = Object.keys(at);
    at[keys[path.length % Math.max(1, keys.length)] ?? 'extra'] = value;
    return copy;
  });

test('property: 10,000 random and mutated messages are read or refused with a sentence, and never throw', () => {
  const message = fc.oneof(
    mutated,
    fc.anything({ withTypedArray: true, withNullPrototype: true, withObjectString: true }),
  );
  fc.assert(
    fc.property(message, (given) => {
      for (const read of [readToCompute(given), readFromCompute(given)]) {
        if ('failure' in read) {
          expect(read.failure.found).toMatch(/\.$/);
          expect(read.failure.found.length).toBeLessThan(1000);
        } else if (read.value.kind === 'request') readMethodCall(read.value);
      }
    }),
    { numRuns: 10_000 },
  );
});
