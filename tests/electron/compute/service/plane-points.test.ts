import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/command-line.ts';
import { serviceForTests } from '../../../support/compute-service.ts';
import { trainSmall } from '../../../support/small-run.ts';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
const { service, connected } = serviceForTests();
afterAll(() => service.close());
const page = connected();
service.grant('run', run);
const ofRun = { run: 'run', step: null };

beforeAll(async () => {
  await trainSmall(run);
});

test('a point of a held slice is that point: its loss is that of the grid, its gradient that of finite differences', async () => {
  const slice = await page.answered('slice', {
    source: ofRun,
    parameters: { plane: 'random', grid: '5x7', extent: '0.5x0.75' },
    keep: false,
  });
  const { axes, fields, directions, planeId } = slice;
  const [i, j] = [3, 5];
  const coordinates = [axes[0]![i]!, axes[1]![j]!];
  const at = (a: number, b: number) => ({ run: 'run', planeId, coordinates: [a, b] });
  const here = await page.answered('readPoint', { source: at(coordinates[0]!, coordinates[1]!) });
  expect(Math.abs(here.loss / fields[0].values[i + 5 * j]! - 1)).toBeLessThan(1e-12);
  // The slope along d₁ is at most ‖g‖‖d₁‖, and along the gradient of the slice it is found again by differences.
  const h = 1e-5;
  const [up, down] = [
    await page.answered('readPoint', { source: at(coordinates[0]! + h, coordinates[1]!) }),
    await page.answered('readPoint', { source: at(coordinates[0]! - h, coordinates[1]!) }),
  ];
  const slope = Math.abs(up.loss - down.loss) / (2 * h);
  expect(slope).toBeGreaterThan(0);
  expect(slope).toBeLessThanOrEqual(here.gradientNorm * directions[0]!.norm * (1 + 1e-6));
  const along = await page.answered('slice', {
    source: at(coordinates[0]!, coordinates[1]!),
    parameters: { line: 'gradient', grid: '3', extent: '0.00001', normalization: 'none' },
    keep: true,
  });
  const [low, , high] = along.fields[0].values;
  const steepest = (high! - low!) / (2e-5 * along.directions[0]!.norm);
  expect(Math.abs(steepest / here.gradientNorm - 1)).toBeLessThan(1e-5);
  expect(along.kept).toMatch(/no run/);
  const { eigenvalues } = await page.answered('spectrum', {
    source: at(0, 0),
    parameters: { top: 1 },
    keep: false,
  });
  const { eigenvalues: centre } = await page.answered('spectrum', {
    source: ofRun,
    parameters: { top: 1 },
    keep: false,
  });
  const [mine, theirs] = [eigenvalues[0]!, centre[0]!];
  expect(Math.abs(mine.value - theirs.value)).toBeLessThanOrEqual(mine.errorBound + theirs.errorBound);
  expect(mine.errorBound).toBeLessThan(1e-3 * mine.value);
});

test('a point of a slice that is not held, or with other coordinates, is refused with advice', async () => {
  const lost = { run: 'run', planeId: 'gone', coordinates: [0, 0] };
  await expect(page.answered('readPoint', { source: lost })).rejects.toThrow(/no longer held.*Compute the slice again/);
  const { planeId } = await page.answered('slice', {
    source: ofRun,
    parameters: { line: 'random', grid: '3' },
    keep: false,
  });
  const wrong = { run: 'run', planeId, coordinates: [0, 0] };
  await expect(page.answered('readPoint', { source: wrong })).rejects.toThrow(/2 coordinates on 1 directions/);
});

test('the page names another point by a step or a granted run, never by a path or a file', async () => {
  const ask = (parameters: Readonly<Record<string, unknown>>) =>
    page.answered('slice', {
      source: ofRun,
      parameters: { line: 'difference', grid: '3', ...parameters },
      keep: false,
    });
  const own = await ask({ to: '@20' });
  const named = await ask({ to: 'run@20' });
  expect(named.fields[0].values).toEqual(own.fields[0].values);
  expect(named.command).toContain(`--to ${run}@20`);
  await expect(ask({ to: `${run}@20` })).rejects.toThrow(/not opened in this session/);
  await expect(ask({ line: 'file', file: path.join(folder, 'directions.npz') })).rejects.toThrow(
    /cannot be named here/,
  );
});
