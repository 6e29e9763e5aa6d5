import { expect, it } from 'vitest';
import { judgedTanhSearches, rankCorrelation } from '../../../support/tanh-network-searches.ts';

it('a tanh network, 15 starts, as the program judges it: few are critical, all others are gradient-flat', async () => {
  const points = await judgedTanhSearches(1, 15, 500);
  const others = points.filter(({ verdict }) => verdict !== 'critical');
  const uncertified = points.filter(({ certified }) => !certified);
  expect(others.length).toBeGreaterThan(7);
  expect(others.every(({ residual }) => residual !== null && residual > 0.9)).toBe(true);
  const trend = rankCorrelation(
    uncertified.map(({ energy }) => energy),
    uncertified.map(({ index }) => index!.negative),
  );
  expect(trend).toBeGreaterThan(0.8);
  const count = (verdict: string) => points.filter((point) => point.verdict === verdict).length;
  console.log(
    `${count('critical')} of 15 critical, ${15 - uncertified.length} certified, ${count('gradientFlat')} gradient-flat, ${count('atInfinity')} at infinity; r ≥ ${Math.min(...others.map(({ residual }) => residual!)).toFixed(4)}, rank correlation of the uncertified ${trend.toFixed(3)}`,
  );
  // At regular critical points no loose bound makes eigenvalues null that are not.
  const critical = points.filter(({ verdict }) => verdict === 'critical');
  expect(critical.length).toBeGreaterThan(0);
  for (const { index, eigenvalues } of critical) {
    const largest = Math.max(...eigenvalues!.map(Math.abs));
    expect(index!.negative).toBe(eigenvalues!.filter((value) => value < -1e-7 * largest).length);
  }
});
