import { expect, test } from 'vitest';
import { simulateDepths } from '../../../core/simulations/depths.ts';

const quiet = { signal: { aborted: false }, breathe: async () => {} };

test('orthogonal weights learn at every depth in as many steps, Gaussian ones do not', async () => {
  const params = { matrices: [3, 5, 10, 20, 40], width: 32, outputs: 8 };
  for (const seed of [1, 2]) {
    const { value } = (await simulateDepths({ ...params, seed }, quiet))!;
    const [orthogonal, gaussian] = [
      value.rows.map((row) => row.orthogonal ?? Number.POSITIVE_INFINITY),
      value.rows.map((row) => row.gaussian ?? Number.POSITIVE_INFINITY),
    ];
    console.info(`seed ${seed}: orthogonal ${orthogonal.join(', ')}; Gaussian ${gaussian.join(', ')}`);
    expect(orthogonal[4]).toBeLessThanOrEqual(2 * orthogonal[0]!);
    expect(gaussian[3]).toBeGreaterThanOrEqual(5 * gaussian[0]!);
  }
}, 300_000);
