import { expect, test } from 'vitest';
import { lineQuantityOf } from '../../../renderer/state/line-quantity.ts';
import type { ShownLandscape } from '../../../renderer/state/results.ts';

const line = (...quantities: string[]) =>
  ({ fields: quantities.map((quantity) => ({ quantity })) }) as unknown as ShownLandscape['slice'];

test('few quantities are drawn together, of many the first; what was chosen where the line has it', () => {
  expect(lineQuantityOf(line('loss'), 'automatic')).toBe('all');
  expect(lineQuantityOf(line('loss', 'error', 'index'), 'automatic')).toBe('all');
  expect(lineQuantityOf(line('loss', 'error', 'index', 'cosine'), 'automatic')).toBe('loss');
  expect(lineQuantityOf(line('loss', 'error', 'index', 'cosine'), 'all')).toBe('all');
  expect(lineQuantityOf(line('loss', 'error'), 'error')).toBe('error');
  expect(lineQuantityOf(line('loss', 'error', 'index', 'cosine'), 'lambda_max')).toBe('loss');
});
