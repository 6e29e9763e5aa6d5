import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { simulateRace } from '../../../core/simulations/race.ts';
import type { Runner } from '../../../core/simulations/simulation.ts';

const still = { signal: { aborted: false }, breathe: async () => {} };
const start = [1, 1e-3] as const;

async function raced(runners: readonly Runner[], steps: number, more: object = {}) {
  const params = { surface: 'saddle', start, steps, runners, leavesBelow: null, ...more };
  const result = await simulateRace(params, still);
  return { ...result!, paths: result!.value.runners };
}

const runner = (optimizer: Runner['optimizer'], settings: Record<string, number> = {}): Runner => ({
  optimizer,
  settings,
});

test('gradient descent on 5x² − y² is ((1 − 10η)ᵗ x, (1 + 2η)ᵗ y), its losses those of the points', async () => {
  const { paths, stats } = await raced([runner('gradientDescent', { learningRate: 0.03 })], 100);
  const { path, losses, status } = paths[0]!;
  expect(path).toHaveLength(202);
  expect(losses).toHaveLength(101);
  for (let t = 0; t <= 100; t++) {
    const [x, y] = [path[2 * t]!, path[2 * t + 1]!];
    expect(Math.abs(x - 0.7 ** t)).toBeLessThan(1e-14);
    expect(Math.abs(y / (1e-3 * 1.06 ** t) - 1)).toBeLessThan(1e-12);
    expect(losses[t]).toBeCloseTo(5 * x * x - y * y, 14);
  }
  expect(status).toBe('converged');
  expect(stats.gradients).toBe(100);
  expect(stats.products).toBe(0);
});

test('heavy ball along y is the recurrence y₊ = (1 + 2η + β) y − β y₋', async () => {
  const { paths } = await raced([runner('momentum', { learningRate: 0.02, momentum: 0.8 })], 60);
  let [before, now] = [1e-3, 1e-3];
  for (let t = 1; t <= 60; t++) {
    [before, now] = [now, (1 + 0.04 + 0.8) * now - 0.8 * before];
    expect(Math.abs(paths[0]!.path[2 * t + 1]! / now - 1)).toBeLessThan(1e-12);
  }
});

test('Newton lands on the saddle in one step, saddle-free Newton doubles y and goes on to leave', async () => {
  const { paths, stats } = await raced([runner('newton'), runner('saddleFreeNewton', { damping: 0 })], 12, {
    leavesBelow: -1,
  });
  const [newton, saddleFree] = paths;
  expect(Array.from(newton!.path.subarray(2, 4))).toEqual([0, 0]);
  expect(newton!.leavesAt).toBeNull();
  for (let t = 1; t <= 12; t++) {
    expect(saddleFree!.path[2 * t]).toBe(0);
    expect(Math.abs(saddleFree!.path[2 * t + 1]! / (1e-3 * 2 ** t) - 1)).toBeLessThan(1e-12);
  }
  // (1e-3 · 2ᵗ)² > 1 from t = 10 on.
  expect(saddleFree!.leavesAt).toBe(10);
  expect(stats.gradients).toBe(24);
  expect(stats.products).toBe(48);
});

test('a runner that leaves every bound ends with its last number and says so; the others go on', async () => {
  const { paths } = await raced([runner('gradientDescent', { learningRate: 10 }), runner('saddleFreeNewton')], 300);
  const [wild, tame] = paths;
  expect(wild!.status).toBe('diverged');
  expect(wild!.losses.length).toBeLessThan(301);
  expect([...wild!.path, ...wild!.losses].every(Number.isFinite)).toBe(true);
  expect(tame!.losses).toHaveLength(301);
});

test('between two minima saddle-free Newton and descent end in one of them, Newton on the saddle', async () => {
  const { paths } = await raced(
    [
      runner('gradientDescent', { learningRate: 0.2 }),
      runner('momentum', { learningRate: 0.05 }),
      runner('newton'),
      runner('saddleFreeNewton', { damping: 0.1 }),
    ],
    400,
    { surface: 'twoMinima', start: [0.8, 0.05], leavesBelow: -0.2 },
  );
  const ends = paths.map(({ path }) => Array.from(path.subarray(-2)));
  for (const [i, [x, y]] of [
    [0, 1],
    [0, 1],
    [0, 0],
    [0, 1],
  ].entries()) {
    expect(ends[i]![0]).toBeCloseTo(x!, 6);
    expect(ends[i]![1]).toBeCloseTo(y!, 6);
  }
  expect(paths.map(({ leavesAt }) => leavesAt !== null)).toEqual([true, true, false, true]);
});

test.each([
  [{ surface: 'hill' }, /race\.surface is "hill".*saddle/],
  [{ start: [1] }, /race\.start has 1 entries.*2/],
  [{ start: [1, Number.NaN] }, /race\.start\[1\]/],
  [{ steps: -1 }, /race\.steps is -1.*at least 0/],
  [{ steps: 1.5 }, /whole number/],
  [{ runners: [] }, /race\.runners has 0 entries/],
  [{ runners: [{ optimizer: 'sgd', settings: {} }] }, /runners\[0\]\.optimizer is "sgd"/],
  [{ runners: [{ optimizer: 'adam', settings: { momentum: 1 } }] }, /adam\.momentum is not a setting/],
  [{ runners: [{ optimizer: 'adam', settings: { learningRate: 0 } }] }, /adam\.learningRate is 0.*above 0/],
  [{ leavesBelow: '0' }, /race\.leavesBelow/],
  [{ speed: 1 }, /race\.speed is not a parameter/],
])('%o is refused', async (given, message) => {
  const asked = raced([runner('gradientDescent')], 5, given);
  await expect(asked).rejects.toThrow(BadInput);
  await expect(asked).rejects.toThrow(message);
});

test('a race that is cancelled has no answer', async () => {
  const params = { surface: 'saddle', start, steps: 10, runners: [runner('adam')], leavesBelow: null };
  expect(await simulateRace(params, { ...still, signal: { aborted: true } })).toBeNull();
});
