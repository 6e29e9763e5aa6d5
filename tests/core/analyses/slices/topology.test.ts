import { describe, expect, test } from 'vitest';
import { runSlice } from '../../../../core/analyses/slices/run.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(5);
/** A loss of the plane alone. */
const planeLoss = (loss: (x: number, y: number) => number): Objective<Float64Array> => {
  const at = (theta: ArrayLike<number>) => loss(theta[0]!, theta[1]!);
  const inner = quadraticObjective(Float64Array.of(1, 1));
  return {
    ...inner,
    evaluate: async (theta) => ({ ...(await inner.evaluate(theta)), loss: at(theta) }),
    losses: async (origin, directions, { rows, columns, data }) =>
      Float64Array.from({ length: rows }, (_, row) =>
        at(Array.from(origin, (o, i) => directions.reduce((sum, d, k) => sum + data[row * columns + k]! * d[i]!, o))),
      ),
  };
};
const file = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
const zero = new Float64Array(2);

describe('the tree of a slice', () => {
  // (x² − 1)² + y²/2 + x/4: minima near x = ±1, the pass between them near 0.
  const wells = planeLoss((x, y) => (x * x - 1) ** 2 + (y * y) / 2 + x / 4);
  const asked = { plane: 'file', file: 'axes', grid: '81x41', extent: '2x1', topology: true };

  test('has the two wells and the pass of a quartic, where calculus has them', async () => {
    const { value } = await runSlice(wells, zero, asked, { rng, file });
    const { nodes, pairs, dropped } = value.topology!;
    const minima = nodes.filter(({ kind }) => kind === 'minimum');
    const saddles = nodes.filter(({ kind }) => kind === 'saddle');
    expect([minima.length, saddles.length, dropped]).toEqual([2, 1, 0]);
    // Roots of 4x³ − 4x + ¼: −1.0299, 0.0628, 0.9672, each within half a spacing of 0.05.
    const roots = [-1.0299, 0.0628, 0.9672];
    const places = [...minima, ...saddles].map(({ coordinates }) => coordinates).sort((a, b) => a[0]! - b[0]!);
    for (const [i, [x, y]] of places.entries()) {
      expect(Math.abs(x! - roots[i]!)).toBeLessThanOrEqual(0.0251);
      expect(Math.abs(y!)).toBeLessThan(1e-12);
    }
    const inner = pairs.find(({ essential }) => !essential)!;
    expect(inner.persistence).toBeCloseTo(1 - (0.9672 ** 2 - 1) ** 2 - 0.9672 / 4, 1);
    expect(inner.verdict).toBe('beyond noise and sampling');
  });

  test('is absent where it was not asked for, and needs every point', async () => {
    const { value } = await runSlice(wells, zero, { ...asked, topology: false }, { rng, file });
    expect('topology' in value).toBe(false);
    await expect(runSlice(wells, zero, { ...asked, adaptive: 0.1 }, { rng, file })).rejects.toThrow(/every point/);
  });

  test('of a rough field lists the most persistent and counts the others', async () => {
    const rough = planeLoss((x, y) => Math.sin(40 * x) * Math.sin(40 * y) * (1 + x * x));
    const { value } = await runSlice(rough, zero, { ...asked, grid: '201' }, { rng, file });
    const { pairs, dropped } = value.topology!;
    expect(pairs.length).toBeGreaterThan(0);
    expect(pairs.length).toBeLessThanOrEqual(201);
    expect(dropped).toBeGreaterThan(100);
  });
});

describe('the barrier of a line', () => {
  // 1 + 3 · 4α(1 − α) + α along x: ends 1 and 2, 3 above the chord in the middle.
  const hill = planeLoss((x, y) => 1 + x + 12 * x * (1 - x) + y * y);
  const other = Float64Array.of(1, 0);
  const line = { line: 'difference', to: 'other', grid: '41' };

  test('is the largest rise above the straight line between the two points', async () => {
    const { value } = await runSlice(hill, zero, line, { rng, other });
    expect(value.barrier).toMatchObject({ alpha: 0.5, zero: 1, one: 2, complete: true, standardError: null });
    expect(value.barrier!.height).toBeCloseTo(3, 12);
  });

  test.each([
    ['off the grid', { grid: '40', extent: '-0.3:1.2' }],
    ['of a direction that is scaled', { normalization: 'global' }],
  ])('%s is not told', async (_what, change) => {
    const { value } = await runSlice(hill, Float64Array.of(0, 0.5), { ...line, ...change }, { rng, other });
    expect('barrier' in value).toBe(false);
  });

  test('belongs to lines between points alone', async () => {
    const { value } = await runSlice(
      hill,
      zero,
      { line: 'file', file: 'x', grid: '41', extent: '-0.5:1.5' },
      { rng, file },
    );
    expect('barrier' in value).toBe(false);
  });
});

test('what does not exist for this loss is told, not left out in silence', async () => {
  const { value } = await runSlice(
    quadraticObjective(Float64Array.of(1, 2, 3)),
    Float64Array.of(1, 1, 1),
    { grid: '3', quantity: 'error,class_loss', normalization: 'none', biases: 'keep' },
    { rng },
  );
  expect(value.warnings.filter((sentence) => sentence.includes('not classes'))).toHaveLength(2);
});
