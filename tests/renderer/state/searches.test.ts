import { describe, expect, it } from 'vitest';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { type Searches, selectedPoint } from '../../../renderer/state/searches.ts';

describe('the point that is looked at', () => {
  const point = (number: number, loss: number, negative: number, certified = true) =>
    ({ number, loss, certified, verdict: 'critical', sameAs: null, index: { negative } }) as unknown as SearchedPoint;
  const points = [point(0, 1, 0), point(1, 5, 3), point(2, 4, 2), point(3, 2, 1, false)];
  const state = (search: object, selected: Record<string, number> = {}) =>
    ({ searches: { r: [{ id: 'a', points, ...search }] }, shown: {}, selected }) as unknown as Searches;

  it('is the chosen one; by itself the proved saddle of the lowest loss, and none while points still come', () => {
    expect(selectedPoint(state({ state: 'whole' }), 'r')?.number).toBe(2);
    expect(selectedPoint(state({ state: 'whole' }, { r: 0 }), 'r')?.number).toBe(0);
    expect(selectedPoint(state({ state: 'running' }), 'r')).toBeNull();
    expect(selectedPoint(state({ state: 'whole', points: points.slice(0, 1) }), 'r')).toBeNull();
    expect(selectedPoint(state({ state: 'whole' }), 'other')).toBeNull();
  });
});
