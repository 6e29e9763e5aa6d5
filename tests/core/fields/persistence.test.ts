import { describe, expect, it } from 'vitest';
import type { Axes } from '../../../core/fields/grid.ts';
import { type JudgeOptions, judgedTree, type Verdict } from '../../../core/fields/persistence.ts';
import { samplingErrorAt } from '../../../core/fields/sampling-error.ts';
import { evenAxis, sampled } from './surface-measures.ts';

const square = (count: number, reach: number): Axes => [evenAxis(count, -reach, reach), evenAxis(count, -reach, reach)];
const exact: JudgeOptions = { standardError: null, precision: 'float64' };

const counted = (axes: Axes, f: (x: number, y: number) => number, options = exact) => {
  const tree = judgedTree(axes, sampled(axes, f as never), 'join', options);
  const of = (verdict: Verdict) => tree.pairs.filter((pair) => pair.verdict === verdict);
  return { tree, of };
};

/** Independent of the generator of the program: Box and Muller on a linear congruence. */
function normals(seed: number) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

describe('what is beyond noise and sampling', () => {
  it('are the two wells of a double well, of persistence 1, and its pass at the origin', () => {
    // x⁴ − 2x² + y²: minima −1 at (±1, 0), pass 0 at the origin.
    const { tree, of } = counted(square(81, 1.6), (x, y) => x ** 4 - 2 * x * x + y * y + 0.001 * x);
    expect(of('beyond noise and sampling')).toHaveLength(2);
    const merged = tree.pairs.find(({ essential }) => !essential)!;
    expect(merged.persistence).toBeCloseTo(1 - 0.001, 3);
    const pass = tree.nodes.find(({ kind }) => kind === 'saddle')!;
    for (const at of pass.coordinates) expect(Math.abs(at)).toBeLessThan(1e-12);
    expect(
      tree.nodes.filter(({ kind }) => kind === 'minimum').map(({ coordinates }) => coordinates.map(Math.abs)),
    ).toEqual([
      [expect.closeTo(1, 10), expect.closeTo(0, 10)],
      [expect.closeTo(1, 10), expect.closeTo(0, 10)],
    ]);
    expect(tree.nodes.filter(({ kind, parent }) => kind === 'maximum' && parent < 0)).toHaveLength(1);
  });

  it('are Gaussian wells of known depth and the height between two of them', () => {
    // −D (e^{−|x−c|²/2σ²} + e^{−|x+c|²/2σ²}): between equal wells the pass is the middle, −2D e^{−c²/2σ²}.
    const [c, sigma, depth] = [0.8, 0.3, 2];
    const { tree, of } = counted(square(61, 1.5), (x, y) =>
      [-c, c].reduce((sum, at) => sum - depth * Math.exp(-((x - at) ** 2 + y * y) / (2 * sigma * sigma)), 0),
    );
    const beyond = of('beyond noise and sampling');
    expect(beyond).toHaveLength(2);
    const merged = beyond.find(({ essential }) => !essential)!;
    expect(merged.birth).toBeCloseTo(-depth * (1 + Math.exp(-((2 * c) ** 2) / (2 * sigma * sigma))), 10);
    expect(merged.death).toBeCloseTo(-2 * depth * Math.exp(-(c * c) / (2 * sigma * sigma)), 10);
    expect(tree.pairs.filter(({ verdict }) => verdict === 'beyond noise and sampling')).toEqual(beyond);
  });

  it('are the 81 minima of the Rastrigin function within ±4.5', () => {
    const { of } = counted(
      square(91, 4.5),
      (x, y) => 20 + x * x + y * y - 10 * Math.cos(2 * Math.PI * x) - 10 * Math.cos(2 * Math.PI * y),
    );
    const beyond = of('beyond noise and sampling');
    expect(beyond).toHaveLength(81);
    // A minimum near (k, l) in integers not beyond 4: one of each.
    expect(beyond.filter(({ essential }) => essential)).toHaveLength(1);
  });

  it('is one minimum of the Rosenbrock function, whatever the grid does to its valley', () => {
    for (const count of [24, 41, 60, 101]) {
      const { tree, of } = counted(
        [evenAxis(count, -2, 2), evenAxis(count + 7, -1, 3)],
        (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      );
      const believed = [...of('beyond noise and sampling'), ...of('at the border')].filter(
        ({ essential }) => !essential,
      );
      expect([count, believed]).toEqual([count, []]);
      expect(of('beyond noise and sampling').length).toBeLessThanOrEqual(1);
      if (count >= 41) {
        const [x, y] = tree.nodes.find(
          ({ pair, kind }) => kind === 'minimum' && tree.pairs[pair]!.essential,
        )!.coordinates;
        expect(Math.hypot(x! - 1, y! - 1)).toBeLessThan(0.8);
      }
    }
  });
});

describe('what is not', () => {
  it('the three lowlands of a monkey saddle are ends of the window, meeting at its centre', () => {
    const turn = 0.2;
    const { tree, of } = counted(square(101, 1), (a, b) => {
      const [x, y] = [a * Math.cos(turn) - b * Math.sin(turn), a * Math.sin(turn) + b * Math.cos(turn)];
      return x ** 3 - 3 * x * y * y;
    });
    expect(of('beyond noise and sampling')).toEqual([]);
    const lowlands = tree.pairs.filter(({ persistence }) => persistence > 0.2);
    expect(lowlands).toHaveLength(3);
    for (const { verdict, essential, death } of lowlands) {
      expect(verdict).toBe('at the border');
      if (!essential) expect(Math.abs(death)).toBeLessThan(1e-3);
    }
  });

  it('noise of known size makes no minimum beyond itself, and a well deeper than it stays', () => {
    const sigma = 0.05;
    let [falsely, spurious, control] = [0, 0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const draw = normals(seed);
      const axes = square(31, 1.6);
      const field = sampled(axes, (x, y) => x! ** 4 - 2 * x! * x! + y! * y! + sigma * draw());
      const asNumber = judgedTree(axes, field, 'join', { standardError: sigma * Math.SQRT2, precision: 'float64' });
      const errors = new Float64Array(field.values.length).fill(sigma);
      expect(judgedTree(axes, field, 'join', { standardError: errors, precision: 'float64' }).pairs).toEqual(
        asNumber.pairs.map((pair) => ({ ...pair, noise: expect.closeTo(pair.noise, 10) })),
      );
      const real = asNumber.pairs.filter(({ persistence }) => persistence > 0.6);
      expect(real).toHaveLength(2);
      for (const { verdict } of real) expect(verdict).toBe('beyond noise and sampling');
      const others = asNumber.pairs.filter(({ persistence }) => persistence <= 0.6);
      spurious += others.length;
      falsely += others.some(({ noise, persistence }) => persistence > noise) ? 1 : 0;
      // The negative control: taken for exact, noise does pass for minima.
      const taken = judgedTree(axes, field, 'join', exact);
      control += taken.pairs.filter(({ noise, persistence }) => persistence > noise).length - 2;
    }
    expect(spurious).toBeGreaterThan(60);
    expect(control).toBe(spurious);
    expect(falsely).toBeLessThanOrEqual(2);
  });

  it('noise on a flat line, where passes are as extreme as minima, makes a feature in at most one tree of twenty', () => {
    const axes = [evenAxis(1001, 0, 1)];
    const options = { standardError: Math.SQRT2, precision: 'float64' } as const;
    let falsely = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const draw = normals(7919 * seed);
      const { pairs } = judgedTree(axes, sampled(axes, draw), 'join', options);
      if (pairs.some(({ essential, persistence, noise }) => !essential && persistence > noise)) falsely++;
    }
    expect(falsely).toBeLessThanOrEqual(3);
  });

  it('rounding to float32 makes pairs that are below noise', () => {
    const axes = square(61, 1);
    const field = sampled(axes, (x, y) => 1000 + 1e-6 * (x! * x! + 0.3 * x! * y! + y! * y!));
    field.values.forEach((value, p) => {
      field.values[p] = Math.fround(value);
    });
    const { pairs } = judgedTree(axes, field, 'join', { standardError: null, precision: 'float32' });
    expect(pairs.every(({ verdict }) => verdict === 'below noise')).toBe(true);
  });

  it('a dent of a single point, and waves that the grid barely has, are below sampling', () => {
    const axes = square(21, 1);
    const field = sampled(axes, (x, y) => x! * x! + y! * y!);
    field.values[15 + 21 * 6]! -= 0.3;
    const { pairs } = judgedTree(axes, field, 'join', exact);
    expect(pairs).toHaveLength(2);
    const dent = pairs.find(({ essential }) => !essential)!;
    expect([dent.extremum, dent.verdict]).toEqual([15 + 21 * 6, 'below sampling']);
    expect(dent.persistence).toBeGreaterThan(0.1);
    const waves = counted(square(21, 1), (x, y) => Math.sin(27 * x) * Math.sin(29 * y) + 0.2 * x);
    expect(waves.tree.pairs.length).toBeGreaterThan(10);
    expect(waves.of('beyond noise and sampling')).toEqual([]);
    // The same waves on a grid that has them.
    const fine = counted(square(161, 1), (x, y) => Math.sin(27 * x) * Math.sin(29 * y) + 0.2 * x);
    expect(fine.of('beyond noise and sampling').length).toBeGreaterThan(10);
  });

  it('a minimum beside an unknown cell is at the border, and NaN is no part of the grid', () => {
    for (const spoil of ['mask', 'NaN']) {
      const axes = square(41, 1.6);
      const field = sampled(axes, (x, y) => x! ** 4 - 2 * x! * x! + y! * y! + 0.01 * x!);
      const near = field.values.indexOf(Math.min(...field.values)) + 1;
      if (spoil === 'mask') field.computed[near] = 0;
      else field.values[near] = Number.NaN;
      const { pairs } = judgedTree(axes, field, 'join', exact);
      expect(pairs.find(({ essential }) => essential)!.verdict).toBe('at the border');
      expect(pairs.find(({ essential }) => !essential)!.verdict).toBe('beyond noise and sampling');
    }
  });

  it('an error of no known size lets nothing through', () => {
    const { of } = counted(square(21, 1), (x, y) => x * x + y * y, { standardError: Number.NaN, precision: 'float64' });
    expect(of('below noise')).toHaveLength(1);
  });
});

it('maxima and their passes are told by the split tree', () => {
  const axes = square(81, 1.6);
  const field = sampled(axes, (x, y) => 2 * x! * x! - x! ** 4 - y! * y! + 0.001 * x!);
  const tree = judgedTree(axes, field, 'split', exact);
  expect(tree.nodes.filter(({ kind }) => kind === 'maximum')).toHaveLength(2);
  expect(tree.nodes.filter(({ kind, parent }) => kind === 'minimum' && parent < 0)).toHaveLength(1);
  expect(tree.pairs.find(({ essential }) => !essential)!.persistence).toBeCloseTo(0.999, 3);
});

it('a threshold leaves out small pairs and counts them', () => {
  const axes = square(91, 4.5);
  const field = sampled(
    axes,
    (x, y) => 20 + x! * x! + y! * y! - 10 * Math.cos(2 * Math.PI * x!) - 10 * Math.cos(2 * Math.PI * y!),
  );
  const whole = judgedTree(axes, field, 'join', exact);
  const part = judgedTree(axes, field, 'join', { ...exact, threshold: 18 });
  expect(part.pairs).toEqual(whole.pairs.filter(({ persistence, essential }) => essential || persistence >= 18));
  expect(part.dropped).toBe(whole.pairs.length - part.pairs.length);
  expect(part.dropped).toBeGreaterThan(0);
});

it('the sampling error of a quadratic is the error of interpolation, on uneven axes with the larger spacing', () => {
  const axes = [Float64Array.of(0, 1, 3, 4, 5), evenAxis(5, 0, 2)];
  const error = samplingErrorAt(
    axes,
    sampled(axes, (x, y) => 3 * x! * x! - y! * y!),
  );
  // Spacing 2 on x: 4/8 · 6 = 3; spacing 1/2 on y: (1/4)/8 · 2 = 1/16.
  expect(error(2 + 5 * 2)).toBeCloseTo(3 + 1 / 16, 12);
  expect(
    samplingErrorAt(
      [evenAxis(2, 0, 1)],
      sampled([evenAxis(2, 0, 1)], (x) => x!),
    )(0),
  ).toBe(Number.POSITIVE_INFINITY);
});
