import { engine, version_core } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { checkedInternals, engineInternals } from '../../../../core/models/tensorflow/engine-access.ts';

test('the installed library has every member that is used', () => {
  expect(engineInternals()).toBe(engine());
});

test('another version of the library is refused by its number', () => {
  expect(() => checkedInternals(engine(), '4.23.0')).toThrow(/4\.23\.0/);
});

test('missing members are named', () => {
  const without = new Proxy(engine(), {
    get: (target, name) => (name === 'addTapeNode' ? undefined : Reflect.get(target, name)),
  });
  expect(() => checkedInternals(without, version_core)).toThrow(/\(addTapeNode\)/);
});
