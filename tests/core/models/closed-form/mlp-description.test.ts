import { describe, expect, test } from 'vitest';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpFromSpecification, mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import type { LayerSpecification } from '../../../../core/models/model-specification.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const layer = (type: string, options: Record<string, unknown> = {}): LayerSpecification => ({ type, options });
const dense = (units: number, options: Record<string, unknown> = {}) => layer('dense', { units, ...options });

describe('a chain from widths', () => {
  test('784-64-10 has 50,890 parameters, kernels in × out before biases', () => {
    const { layout } = mlpFromWidths([784, 64, 10], 'tanh');
    expect(layout.dim).toBe(50_890);
    expect(layout.blocks.map(({ name, shape, offset }) => [name, shape, offset])).toEqual([
      ['dense_1/kernel', [784, 64], 0],
      ['dense_1/bias', [64], 50_176],
      ['dense_2/kernel', [64, 10], 50_240],
      ['dense_2/bias', [10], 50_880],
    ]);
  });

  test('no layers, or widths that are no counts, are a programmer’s error', () => {
    expect(() => mlpFromWidths([4], 'tanh')).toThrow('widths 4');
    expect(() => mlpFromWidths([4, 0], 'tanh')).toThrow('widths 4, 0');
  });
});

describe('a chain from a specification', () => {
  test('flatten, dense and activation layers; names, activations and the shape before the flatten are kept', () => {
    const layers = [
      layer('flatten'),
      dense(6, { activation: 'tanh', name: 'hidden' }),
      layer('activation', { activation: 'swish' }),
      dense(3, { useBias: false }),
    ];
    const model = mlpFromSpecification({ layers }, [4, 5, 2])!;
    expect(
      model.dense.map(({ name, inputs, units, bias, activations }) => [name, inputs, units, bias, activations]),
    ).toEqual([
      ['hidden', 40, 6, true, ['tanh', 'swish']],
      ['dense_2', 6, 3, false, ['linear']],
    ]);
    expect(model.layout.blocks.map(({ name, flattenedFrom }) => [name, flattenedFrom])).toEqual([
      ['hidden/kernel', [4, 5, 2]],
      ['hidden/bias', undefined],
      ['dense_2/kernel', undefined],
    ]);
    expect(model.graph.nodes.map(({ name, activation }) => [name, activation])).toEqual([
      ['input', null],
      ['flatten_1', null],
      ['hidden', 'tanh'],
      ['activation_1', 'swish'],
      ['dense_2', null],
    ]);
  });

  test.each<[string, readonly LayerSpecification[], readonly number[]]>([
    ['nothing', [], [4]],
    ['no dense layer', [layer('flatten')], [4, 5]],
    ['another layer', [layer('conv2d', { filters: 2, kernelSize: 3 }), layer('flatten'), dense(2)], [8, 8, 1]],
    ['dropout', [dense(2), layer('dropout', { rate: 0.5 })], [4]],
    ['another activation', [dense(2, { activation: 'elu' })], [4]],
    ['a softmax at the end', [dense(2, { activation: 'softmax' })], [4]],
    ['a name from the prototype', [dense(2, { activation: 'toString' })], [4]],
    ['a penalty', [dense(2, { kernelRegularizer: { l2: 0.1 } })], [4]],
    ['frozen weights', [dense(2, { trainable: false })], [4]],
    ['units that are no count', [dense(2.5)], [4]],
    ['images without a flatten', [dense(2)], [8, 8, 1]],
    ['a flatten of rows', [layer('flatten'), dense(2)], [4]],
    ['an unknown initialiser', [dense(2, { kernelInitializer: 'none' })], [4]],
    ['a name twice', [dense(2, { name: 'a' }), dense(2, { name: 'a' })], [4]],
  ])('with %s is left to another engine', (_, layers, inputShape) => {
    expect(mlpFromSpecification({ layers }, inputShape)).toBeNull();
  });
});

describe('θ₀', () => {
  const model = mlpFromWidths([50, 40, 3], 'tanh');
  const part = (theta: Float64Array, block: number) => {
    const { offset, size } = model.layout.blocks[block]!;
    return [...theta.subarray(offset, offset + size)];
  };

  test('Glorot: kernels uniform within ±√(6/(fan-in + fan-out)), biases zero', () => {
    const theta = initialTheta(model, randomFromSeed(1));
    const limit = Math.sqrt(6 / 90);
    const kernel = part(theta, 0);
    expect(Math.max(...kernel.map(Math.abs))).toBeLessThan(limit);
    expect(Math.max(...kernel.map(Math.abs))).toBeGreaterThan(0.99 * limit);
    const variance = kernel.reduce((sum, w) => sum + w * w, 0) / kernel.length;
    // The variance of 2,000 uniform draws has a relative standard deviation of √(4/5/2000) = 2 %.
    expect(Math.abs(variance / (2 / 90) - 1)).toBeLessThan(0.08);
    expect(part(theta, 1).every((bias) => bias === 0)).toBe(true);
  });

  test('fanInUniform: kernels and biases uniform within ±1/√fan-in', () => {
    const theta = initialTheta(model, randomFromSeed(1), 'fanInUniform');
    for (const [block, fanIn] of [50, 50, 40, 40].entries()) {
      const largest = Math.max(...part(theta, block).map(Math.abs)) * Math.sqrt(fanIn);
      expect(largest).toBeLessThan(1);
      expect(largest).toBeGreaterThan(block === 3 ? 0.3 : 0.9);
    }
  });

  test('an initialiser of the specification wins over the scheme', () => {
    const layers = [dense(3, { kernelInitializer: 'zeros', biasInitializer: { constant: { value: 0.5 } } })];
    const small = mlpFromSpecification({ layers }, [2])!;
    expect([...initialTheta(small, randomFromSeed(1), 'fanInUniform')]).toEqual([0, 0, 0, 0, 0, 0, 0.5, 0.5, 0.5]);
  });

  test('follows from the seed alone', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => initialTheta(model, randomFromSeed(seed)));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });
});
