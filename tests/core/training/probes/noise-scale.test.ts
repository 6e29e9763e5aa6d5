import { expect, test } from 'vitest';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { noiseScale } from '../../../../core/training/probes/noise-scale.ts';
import { type ProbePoint, probePoint } from '../../../../core/training/probes/probe-point.ts';
import { smallClassifier, turn } from '../../../support/training-runs.ts';

const atEase = { breathe: turn, signal: { aborted: false } as AbortSignal };

/** tr Σ and ‖G‖² from the gradient of every single example. */
async function exactNoise(objective: Objective<Float64Array>, theta: Float64Array) {
  const n = objective.examples;
  const singles: Float64Array[] = [];
  for (let i = 0; i < n; i++) singles.push((await objective.gradient(theta, Int32Array.of(i))).gradient);
  const mean = singles[0]!.map((_, k) => singles.reduce((sum, g) => sum + g[k]!, 0) / n);
  const squaredGradient = mean.reduce((sum, x) => sum + x * x, 0);
  const trace = singles.reduce((sum, g) => sum + g.reduce((inner, x, k) => inner + (x - mean[k]!) ** 2, 0), 0) / n;
  return { trace, squaredGradient, value: trace / squaredGradient };
}

function estimates(point: ProbePoint<Float64Array>, repeats: number, batches: number, batchSize: number) {
  const root = randomFromSeed(11);
  return Promise.all(
    Array.from({ length: repeats }, (_, r) =>
      noiseScale(point, { batch: undefined, rng: root.split(`repeat ${r}`), batches, batchSize }),
    ),
  );
}

const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const deviation = (xs: readonly number[]) => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)));

test('tr Σ and ‖G‖² are unbiased and the standard error of B is the spread of its repeats', async () => {
  const { objective, theta } = smallClassifier();
  const exact = await exactNoise(objective, theta);
  const point = probePoint({ objective }, theta, 0, atEase);
  const repeats = 300;
  const found = await estimates(point, repeats, 16, 32);
  for (const quantity of ['trace', 'squaredGradient'] as const) {
    const values = found.map((one) => one[quantity]);
    expect(Math.abs(mean(values) - exact[quantity])).toBeLessThan((4 * deviation(values)) / Math.sqrt(repeats));
  }
  const values = found.map(({ value }) => value);
  const stated = mean(found.map(({ standardError }) => standardError));
  expect(stated / deviation(values)).toBeGreaterThan(0.7);
  expect(stated / deviation(values)).toBeLessThan(1.5);
  const within = found.filter(({ value, standardError }) => Math.abs(value - exact.value) < 3 * standardError);
  expect(within.length / repeats).toBeGreaterThan(0.93);
  for (const one of found) expect(one).toMatchObject({ batches: 16, batchSize: 32 });
});

test('the bias of B shrinks with the number of batches', async () => {
  const { objective, theta } = smallClassifier();
  const exact = await exactNoise(objective, theta);
  const point = probePoint({ objective }, theta, 0, atEase);
  const found = await estimates(point, 60, 100, 32);
  expect(Math.abs(mean(found.map(({ value }) => value)) / exact.value - 1)).toBeLessThan(0.05);
});

test('where the gradient vanishes no noise scale is stated', async () => {
  const { objective, theta } = smallClassifier();
  // Centred on the full gradient, G is exactly zero and only noise is left.
  const { gradient: full } = await objective.gradient(theta);
  const centred: Objective<Float64Array> = {
    ...objective,
    async gradient(at, batch) {
      const { loss, gradient } = await objective.gradient(at, batch);
      return { loss, gradient: gradient.map((x, i) => x - full[i]!) };
    },
  };
  const found = await estimates(probePoint({ objective: centred }, theta, 0, atEase), 40, 16, 8);
  const stated = found.filter(({ value }) => Number.isFinite(value));
  expect(stated.length).toBeLessThan(20);
  for (const { value, standardError } of found) expect(Number.isNaN(value)).toBe(Number.isNaN(standardError));
});

test('the scale is the same for a loss that sums over the examples', async () => {
  const { objective, theta } = smallClassifier();
  const summed: Objective<Float64Array> = {
    ...objective,
    convention: { ...objective.convention, overExamples: 'sum' },
    async gradient(at, batch) {
      const { loss, gradient } = await objective.gradient(at, batch);
      const n = batch?.length ?? objective.examples;
      return { loss: loss * n, gradient: gradient.map((x) => x * n) };
    },
  };
  const [mean] = await estimates(probePoint({ objective }, theta, 0, atEase), 1, 16, 8);
  const [sum] = await estimates(probePoint({ objective: summed }, theta, 0, atEase), 1, 16, 8);
  expect(sum!.value / mean!.value).toBeCloseTo(1, 9);
  expect(sum!.standardError / mean!.standardError).toBeCloseTo(1, 9);
});
