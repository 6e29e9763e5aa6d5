import { describe, expect, test } from 'vitest';
import {
  type ActivationName,
  activate,
  activateWithDerivatives,
  activationNames,
} from '../../../../core/models/closed-form/activations.ts';
import { type HyperDual, hyperDualActivations } from '../../../support/hyper-dual.ts';

const arguments_ = Float64Array.from({ length: 81 }, (_, i) => (i - 40) / 8 + 0.01);

function derivatives(names: readonly ActivationName[], z: Float64Array) {
  const value = z.slice();
  const [first, second] = [new Float64Array(z.length), new Float64Array(z.length)];
  activateWithDerivatives(names, value, first, second);
  return { value, first, second };
}

const chains: readonly (readonly ActivationName[])[] = [
  ...activationNames.map((name) => [name]),
  ['tanh', 'softplus'],
  ['swish', 'tanh', 'sigmoid'],
  ['linear', 'swish'],
  [],
];

describe.each(chains.map((names) => [names]))('activations %j', (names) => {
  test('have the derivatives of their formulas', () => {
    const { value, first, second } = derivatives(names, arguments_);
    arguments_.forEach((z, i) => {
      const seed: HyperDual = { a: z, b: 1, c: 1, d: 0 };
      const exact = names.reduce((x, name) => hyperDualActivations[name]!(x), seed);
      expect(Math.abs(value[i]! - exact.a)).toBeLessThan(2e-15 * (1 + Math.abs(exact.a)));
      expect(Math.abs(first[i]! - exact.b)).toBeLessThan(4e-15);
      expect(Math.abs(second[i]! - exact.d)).toBeLessThan(2e-14);
    });
  });

  test('have the same values without derivatives', () => {
    const z = arguments_.slice();
    activate(names, z);
    expect([...z]).toEqual([...derivatives(names, arguments_).value]);
  });
});

describe('far from zero', () => {
  test.each([
    ['tanh', 800, 1, 0],
    ['tanh', -800, -1, 0],
    ['sigmoid', 800, 1, 0],
    ['sigmoid', -800, 0, 0],
    ['softplus', 800, 800, 1],
    ['softplus', -800, 0, 0],
    ['swish', 800, 800, 1],
    ['swish', -800, -0, 0],
    ['relu', 800, 800, 1],
    ['relu', -800, 0, 0],
  ] as const)('%s at %d is %d with slope %d, not NaN', (name, z, value, slope) => {
    const at = derivatives([name], Float64Array.of(z));
    expect(at.value[0]).toBeCloseTo(value, 12);
    expect(at.first[0]).toBeCloseTo(slope, 12);
    expect(at.second[0]).toBeCloseTo(0, 12);
  });

  test.each(activationNames)('%s hands NaN on', (name) => {
    expect(derivatives([name], Float64Array.of(Number.NaN)).value[0]).toBeNaN();
  });
});
