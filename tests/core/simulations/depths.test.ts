import { expect, test } from 'vitest';
import { simulateDepths } from '../../../core/simulations/depths.ts';

const quiet = { signal: { aborted: false }, breathe: async () => {} };

test('orthogonal weights learn in about as many steps at 10 matrices as at 3, Gaussian ones in more', async () => {
  const params = { matrices: [3, 10], width: 32, outputs: 8, seed: 1 };
  const { value } = (await simulateDepths(params, quiet))!;
  const [shallow, deep] = value.rows;
  expect(deep!.orthogonal!).toBeLessThanOrEqual(2 * shallow!.orthogonal!);
  expect(deep!.gaussian ?? value.mostSteps).toBeGreaterThan(3 * shallow!.gaussian!);
  await expect(simulateDepths({ ...params, outputs: 32 }, quiet)).rejects.toThrow(/not below the width/);
  await expect(simulateDepths({ ...params, matrices: [] }, quiet)).rejects.toThrow(/matrices/);
  expect(await simulateDepths(params, { ...quiet, signal: { aborted: true } })).toBeNull();
});
