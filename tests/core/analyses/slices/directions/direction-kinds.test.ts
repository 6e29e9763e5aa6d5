import { describe, expect, test } from 'vitest';
import {
  directionCost,
  directionKinds,
  spanOf,
  spanWords,
} from '../../../../../core/analyses/slices/directions/direction-kinds.ts';
import { BadInput } from '../../../../../core/bad-input.ts';

describe('what spans a slice', () => {
  test('one word for all axes', () => {
    expect(spanOf('random', 2)).toEqual(['random', 'random']);
    expect(spanOf('eigen', 3)).toEqual(['eigen', 'eigen', 'eigen']);
    expect(spanOf('pca', 1)).toEqual(['pca']);
    expect(spanOf('gradient', 1)).toEqual(['gradient']);
    expect(spanOf('gradient', 3)).toEqual(['gradient', 'hessian-gradient', 'random']);
    expect(spanOf('points', 2)).toEqual(['difference', 'third']);
    expect(spanOf('points', 3)).toEqual(['difference', 'third', 'random']);
    expect(spanOf('difference', 3)).toEqual(['difference', 'random', 'random']);
    expect(spanOf(' Update ', 2)).toEqual(['update', 'random']);
  });

  test('every word gives every number of axes, of known kinds', () => {
    for (const word of spanWords)
      for (const axes of [1, 2, 3] as const) {
        const kinds = spanOf(word, axes);
        expect(kinds.length).toBe(axes);
        expect(kinds.every((kind) => directionKinds.includes(kind))).toBe(true);
      }
  });

  test('a list with a kind an axis', () => {
    expect(spanOf('eigen,lowest', 2)).toEqual(['eigen', 'lowest']);
    expect(spanOf('eigen, eigen, lowest', 3)).toEqual(['eigen', 'eigen', 'lowest']);
  });

  test('what cannot be meant is refused, with what was probably meant', () => {
    const refused = (text: string, axes: 1 | 2 | 3, message: RegExp) => {
      expect(() => spanOf(text, axes)).toThrow(BadInput);
      expect(() => spanOf(text, axes)).toThrow(message);
    };
    refused('randon', 2, /Did you mean “random”/);
    refused('eigen,lowst', 2, /“lowst”.*“lowest”/);
    refused('xyzxyzxyz', 2, /Use one of random, pca/);
    refused('', 2, /No direction is named/);
    refused('eigen,', 2, /No direction is named/);
    refused('eigen,lowest', 3, /2 directions for 3 axes/);
    refused('eigen,lowest', 1, /2 directions for 1 axis/);
    refused('gradient,gradient', 2, /gradient twice/);
    refused('constructor', 2, /no kind/);
  });

  test('the estimate of the cost counts each search once', () => {
    expect(directionCost(['random', 'pca'])).toEqual({ products: 0, gradients: 0 });
    expect(directionCost(['gradient', 'hessian-gradient'])).toEqual({ products: 1, gradients: 1 });
    expect(directionCost(['eigen', 'eigen'])).toEqual(directionCost(['eigen']));
  });
});
