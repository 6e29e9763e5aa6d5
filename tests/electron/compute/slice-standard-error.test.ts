import { expect, test } from 'vitest';
import { sliced } from '../../support/stopped-slice.ts';

test('the 95 % interval of a subset contains the loss of all examples in at least 90 % of draws, and is no wider than it must be', async () => {
  // 93.8 % of 400 draws do, with ratios of root mean square 0.987; of few draws the share scatters: 35 of the first 40.
  const draws = 80;
  const ratios: number[] = [];
  for (let seed = 1; seed <= draws; seed++) {
    const of = (examples: number | null) =>
      sliced({
        settings: ['precision=float64', `seed=${seed}`, 'data.train={bundled: two-moons, examples: 600}'],
        parameters: { grid: '2', ...(examples === null ? {} : { examples }) },
        state: null,
      });
    const [all, few] = [await of(null), await of(60)];
    // A corner of the plane, where the loss is not that of the drawing of the weights.
    const [{ values, uncertainty, certificate }] = few.document.fields;
    expect(certificate).toBe('standard error');
    ratios.push((values[3]! - all.document.fields[0].values[3]!) / uncertainty![3]!);
  }
  const within = (errors: number) => ratios.filter((ratio) => Math.abs(ratio) <= errors).length;
  expect(within(1.96)).toBeGreaterThanOrEqual(0.9 * draws);
  // The control: of a normal distribution 38 % lie within half a standard error; errors that are too large let more in.
  expect(within(0.5)).toBeLessThan(0.6 * draws);
});
