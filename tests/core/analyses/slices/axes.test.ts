import { expect, test } from 'vitest';
import { runSlice } from '../../../../core/analyses/slices/run.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(3);
const objective = quadraticObjective(Float64Array.of(1, 2, 3));
const [here, other, third] = [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0), Float64Array.of(0, 0, 1)];
const axisOf = async (size: number) => {
  const asked = { line: 'difference', to: 'other', grid: String(size) };
  return (await runSlice(objective, here, asked, { rng, other })).value.axes[0]!;
};

test.each([4, 5, 10, 11, 20, 21, 41, 50, 51, 101, 400, 401])(
  'a line of %i points to another one has both among them, and ends about half as far beyond',
  async (size) => {
    const axis = await axisOf(size);
    expect(axis).toHaveLength(size);
    const nearest = (x: number) => Math.min(...axis.map((one) => Math.abs(one - x)));
    expect(nearest(0)).toBeLessThan(1e-15 * size);
    expect(nearest(1)).toBeLessThan(1e-15 * size);
    const [low, high] = [axis[0]!, axis.at(-1)!];
    expect(low + high).toBeCloseTo(1, 12);
    // By one spacing at most it is not half.
    expect(Math.abs(low + 0.5)).toBeLessThanOrEqual(size < 6 ? 0.5 : axis[1]! - low);
  },
);

test('two and three points are the ends themselves, with the middle', async () => {
  expect(Array.from(await axisOf(2))).toEqual([0, 1]);
  expect(Array.from(await axisOf(3))).toEqual([0, 0.5, 1]);
});

test('on a plane of three points each corner is on the grid, with the loss that it has by itself', async () => {
  const asked = { plane: 'points', to: 'other', third: 'third', grid: '11x8' };
  const { value } = await runSlice(objective, here, asked, { rng, other, third });
  const place = (axis: Float64Array, x: number) => axis.findIndex((one) => Math.abs(one - x) < 1e-14);
  const [alpha, beta] = value.axes as [Float64Array, Float64Array];
  for (const [x, y, theta] of [
    [0, 0, here],
    [1, 0, other],
    [0, 1, third],
  ] as const) {
    const loss = value.fields[0].values[place(alpha, x) + 11 * place(beta, y)]!;
    expect(loss).toBeCloseTo((await objective.evaluate(theta)).loss, 13);
  }
});
