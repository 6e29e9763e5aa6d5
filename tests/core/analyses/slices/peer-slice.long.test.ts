import { expect, test } from 'vitest';
import { deviationFromPeer } from '../../../support/peer-slice.ts';

test('all 2,601 points of the slice of an independent program', async () => {
  expect(await deviationFromPeer(1)).toBeLessThan(1e-12);
});
