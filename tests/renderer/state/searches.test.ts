import { describe, expect, it } from 'vitest';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { type Searches, selectedPoint } from '../../../renderer/state/searches.ts';

describe('the point that is looked at', () => {
  const point = (number: number, lowest: number, negative: number, certified = true) =>
    ({
      ...{ number, loss: 1, certified, verdict: 'critical', sameAs: null, index: { negative } },
      ...{ lowest: { value: lowest }, highest: { value: 2 } },
    }) as unknown as SearchedPoint;
  const points = [point(0, 0.5, 0), point(1, -1, 3), point(2, -2, 2), point(3, -9, 1, false)];
  const state = (search: object, selected: Record<string, number> = {}) =>
    ({ searches: { r: [{ id: 'a', points, ...search }] }, shown: {}, selected }) as unknown as Searches;

  it('is the chosen one; by itself the proved saddle that falls off most, and none while points still come', () => {
    expect(selectedPoint(state({ state: 'whole' }), 'r')?.number).toBe(2);
    expect(selectedPoint(state({ state: 'whole' }, { r: 0 }), 'r')?.number).toBe(0);
    expect(selectedPoint(state({ state: 'running' }), 'r')).toBeNull();
    expect(selectedPoint(state({ state: 'whole', points: points.slice(0, 1) }), 'r')).toBeNull();
    expect(selectedPoint(state({ state: 'whole' }), 'other')).toBeNull();
  });
});
