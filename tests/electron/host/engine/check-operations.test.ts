import { expect, test } from 'vitest';
import type { NativeBinding, NativeValue } from '../../../../core/models/tensorflow/native/binding.ts';
import { checkOperations } from '../../../../electron/host/engine/check-operations.ts';
import { operationCases } from '../../../../electron/host/engine/operation-cases.ts';

/** A library that gives what is expected, in the order in which it is asked; `spoil` may change an entry. */
function scripted(spoil: (values: Float64Array, operation: string) => void, keep = 0): NativeBinding {
  const cases = operationCases();
  let asked = 0;
  let alive = 0;
  const results = new Map<number, Float64Array>();
  const value = (id: number, shape: readonly number[]): NativeValue => ({ id, type: 2, shape });
  let next = 1;
  const made = (values: Float64Array, shape: readonly number[]) => {
    alive += 1;
    results.set(next, values);
    return value(next++, shape);
  };
  return {
    abi: 1,
    version: '0.0.0',
    start() {},
    threads: () => 1,
    devices: () => [],
    upload: (_, shape) => made(new Float64Array(), shape),
    read: (id, into) => (into as Float64Array).set(results.get(id) ?? []),
    free: () => {
      alive -= 1;
    },
    alive: () => ({ tensors: alive + keep, programs: 0 }),
    execute(operation, _inputs, _attributes, outputs) {
      const one = cases[asked++ % cases.length];
      // Behind the cases come the products that are timed.
      if (asked > 2 * cases.length || one === undefined) return [made(new Float64Array(512 * 512), [512, 512])];
      expect(operation).toBe(one.operation);
      return Array.from({ length: outputs }, (_, output) => {
        const values = Float64Array.from(one.expected.find((expected) => expected.output === output)?.values ?? []);
        spoil(values, operation);
        return made(values, [values.length]);
      });
    },
    graph: () => 0,
    placeholder: () => value(0, []),
    constant: () => value(0, []),
    node: () => [],
    dropGraph() {},
    compile: () => 0,
    run() {},
    runKept: () => [],
    freeProgram() {},
  };
}

test('a library that is right passes, and every result was looked at in both precisions', () => {
  const verified = checkOperations(scripted(() => {}));
  expect(verified.results).toBe(2 * operationCases().reduce((sum, { expected }) => sum + expected.length, 0));
  expect(verified.worstFloat64).toBe(0);
  expect(verified.worstFloat32).toBeGreaterThan(0);
  expect(verified.worstFloat32).toBeLessThan(2 ** -23);
});

const operations = [...new Set(operationCases().map(({ operation }) => operation))];

test.each(operations)('a wrong entry of %s is found and named', (operation) => {
  const off = scripted((values, name) => {
    if (name === operation) values[values.length >> 1] = (values[values.length >> 1] ?? 0) + 0.01;
  });
  expect(() => checkOperations(off)).toThrow(`${operation} (`);
});

test('a result that is not a number, or has another shape, or is never given back, does not pass', () => {
  const notANumber = scripted((values) => values.fill(Number.NaN, 0, 1));
  expect(() => checkOperations(notANumber)).toThrow('MatMul');
  const binding = scripted(() => {});
  const wrongShape: NativeBinding = {
    ...binding,
    execute: (...asked) => binding.execute(...asked).map((one) => ({ ...one, shape: [3] })),
  };
  expect(() => checkOperations(wrongShape)).toThrow('MatMul gave the shape [3]');
  expect(() => checkOperations(scripted(() => {}, 2))).toThrow('2 tensors');
});
