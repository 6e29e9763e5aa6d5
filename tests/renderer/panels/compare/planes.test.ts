import { beforeEach, describe, expect, it } from 'vitest';
import { spanningPoints } from '../../../../core/experiment/slice-points.ts';
import { contentOf, differenceContent, reachOf } from '../../../../renderer/panels/compare/compare-content.ts';
import { compareFigure } from '../../../../renderer/panels/compare/compare-figure.ts';
import {
  type Compared,
  choosePlane,
  knownPlanes,
  removePlane,
  toggleDifference,
  useCompare,
} from '../../../../renderer/panels/compare/compared.ts';
import { pathText } from '../../../../renderer/panels/compare/paths.ts';
import { differenceSentences, planeDifference } from '../../../../renderer/panels/compare/plane-difference.ts';
import { sceneModel } from '../../../../renderer/scene/scene-model.ts';
import type { ShownLandscape } from '../../../../renderer/state/results.ts';

const direction = (kind = 'random') => ({ kind, norm: 2, eigenvalue: null, residual: null, explained: null });
const axes = [Float64Array.of(-1, 0, 1), Float64Array.of(0, 1)];

/** f on 3 × 2 points, with the same standard error everywhere. */
function shown(f: (a: number, b: number) => number, error: number | null, more: object = {}): ShownLandscape {
  const values = Float64Array.from({ length: 6 }, (_, p) => f(axes[0]![p % 3]!, axes[1]![Math.floor(p / 3)]!));
  const uncertainty = error === null ? null : new Float64Array(6).fill(error);
  const field = { quantity: 'loss', values, computed: new Uint8Array(6).fill(1), uncertainty };
  const slice = {
    plane: 'random',
    axes,
    directions: [direction(), direction()],
    cosines: [0],
    fields: [{ ...field, certificate: error === null ? null : 'standard error' }],
    center: { loss: 1, standardError: 0, examples: 10 },
    on: 'train',
    statistics: 'experiment',
    convention: { formula: 'L' },
    precision: 'float64',
    data: { sha256: 'x' },
    step: 5,
    seed: 1,
    command: 'saddlescope slice run',
    trajectory: null,
    warnings: [],
    planeId: 'p',
    ...more,
  };
  return { slice, complete: true, newer: null } as unknown as ShownLandscape;
}
const one = (key: string, landscape: ShownLandscape): Compared => ({
  key,
  id: key,
  name: key,
  shown: landscape,
  planeId: key,
});

describe('the difference of two planes', () => {
  // B − A is 1 at α = −1, 0 at 0, −1 at 1; two combined errors are 2 √2 · 0.3 = 0.85.
  const [a, b] = [
    one(
      'a',
      shown((x, y) => 3 + y + x, 0.3),
    ),
    one(
      'b',
      shown((_, y) => 3 + y, 0.3),
    ),
  ];

  it('is in colour where it is more than two errors, grey elsewhere, with zero in the middle', () => {
    const made = planeDifference(a, b);
    expect([...made.field.values]).toEqual([-1, 0, 1, -1, 0, 1]);
    expect([...made.significant]).toEqual([1, 0, 1, 1, 0, 1]);
    expect([made.reach, made.known, made.muted]).toEqual([1, 6, 2]);
    expect(differenceSentences(made).join(' ')).toMatch(/reach ± 1, zero.*Grey: .*2 of 6 points/);
    const { colours, unknownColours } = sceneModel(differenceContent(made, false), null)!;
    expect(colours).toMatchObject({ low: -1, high: 1, diverging: true });
    expect(unknownColours).toBe(2);
  });

  it('is all grey where everything is noise, and has no grey where nothing is known of it', () => {
    const noisy = planeDifference(
      one(
        'a',
        shown((x) => 3 + x, 1),
      ),
      b,
    );
    expect([noisy.muted, sceneModel(differenceContent(noisy, false), null)!.colours.diverging]).toEqual([6, true]);
    const exact = planeDifference(
      one(
        'a',
        shown((x) => 3 + x, null),
      ),
      one(
        'b',
        shown(() => 3, null),
      ),
    );
    expect(exact.muted).toBe(0);
    expect(differenceSentences(exact).join(' ')).toMatch(/no standard errors/);
  });

  it('is unknown where either is, and says of files that nothing is known of their plane', () => {
    const part = shown(() => 3, 0.3);
    part.slice.fields[0].computed[1] = 0;
    const made = planeDifference(a, { ...one('b', part), shown: { ...part, file: {} as never } });
    expect([made.field.computed[1], made.known]).toEqual([0, 5]);
    expect(differenceSentences(made).join(' ')).toContain('unknown at 1 of 6');
    expect(made.warnings.join(' ')).toContain('A file does not tell');
  });

  it('is A − B in the figure too, with both as they were', () => {
    const { data, caption } = compareFigure(planeDifference(a, b));
    const column = (name: string) => data.rows.map((row) => row[data.columns.indexOf(name)]);
    expect(column('difference')).toEqual([-1, 0, 1, -1, 0, 1]);
    expect(column('second')).toEqual([2, 3, 4, 3, 4, 5]);
    expect(column('first')).toEqual([3, 3, 3, 4, 4, 4]);
    expect(caption).toMatch(/A − B.*At 2 of 6 points/s);
  });
});

describe('planes side by side', () => {
  beforeEach(() => useCompare.setState({ known: [], chosen: [], difference: null, paths: [] }));

  it('have one scale of all that is drawn', () => {
    const contents = [shown((x) => 2 + x, null), shown((x) => 20 + x, null)].map((each, i) =>
      contentOf(one(`${i}`, each), [], { height: 'log', flat: false }),
    );
    expect(reachOf(contents)).toEqual({ colours: [1, 21], box: [1, 21] });
  });

  it('stay known when another plane of the same kind comes, and go with their run', () => {
    const [old, next] = [shown(() => 1, null), shown(() => 2, null, { planeId: 'q', step: 6 })];
    const before = knownPlanes([], { run: { random: old } });
    expect(before).toHaveLength(1);
    const after = knownPlanes(before, { run: { random: next } });
    expect(after.map(({ shown: each }) => each.slice.step)).toEqual([5, 6]);
    expect(knownPlanes(after, { run: { random: next } })).toBe(after);
    expect(knownPlanes(after, {})).toEqual([]);
    expect(knownPlanes([], { run: { random: { ...old, complete: false } } })).toEqual([]);
  });

  it('change places, and the difference stays one of two', () => {
    for (const key of ['a', 'b', 'c']) choosePlane(9, key);
    toggleDifference();
    expect(useCompare.getState()).toMatchObject({ chosen: ['a', 'b', 'c'], difference: ['a', 'b'] });
    choosePlane(0, 'c');
    expect(useCompare.getState()).toMatchObject({ chosen: ['c', 'b', 'a'], difference: ['a', 'b'] });
    choosePlane(2, 'd');
    expect(useCompare.getState()).toMatchObject({ chosen: ['c', 'b', 'd'], difference: ['d', 'b'] });
    removePlane(1);
    expect(useCompare.getState()).toMatchObject({ chosen: ['c', 'd'], difference: null });
  });
});

it('a path says its share of the plane, its distance, and how much of it is beyond the picture', () => {
  const path = { steps: [0, 1], alpha: [0, 5], beta: [0, 0], distance: [3, 4], length: [5, 5], trueLoss: [1, 1] };
  // 1 − (9 + 16) / 50 = 50 %.
  expect(pathText(path, { shown: shown(() => 1, null) })).toBe(
    '50 % of its squared distance from the centre in the plane; ends 4 of 5 from the plane; 1 of 2 checkpoints beyond the picture',
  );
});

it('the points that span a plane lie at their exact coordinates, with the loss of the plane there', () => {
  const plane = (...kinds: string[]) => ({
    ...shown((x, y) => 1 + x + 10 * y, null).slice,
    directions: kinds.map(direction),
  });
  expect(spanningPoints(plane('difference', 'third point') as never)).toEqual([
    { alpha: 0, beta: 0, value: 1, label: 'this point' },
    { alpha: 1, beta: 0, value: 2, label: 'other' },
    { alpha: 0, beta: 1, value: 11, label: 'third' },
  ]);
  expect(spanningPoints(plane('random', 'difference') as never).map(({ label, beta }) => [label, beta])).toEqual([
    ['this point', 0],
    ['other', 1],
  ]);
  // Scaled, it ends elsewhere.
  expect(spanningPoints(plane('filter-normalised difference', 'random') as never)).toEqual([]);
});
