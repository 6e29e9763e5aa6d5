import { describe, expect, it } from 'vitest';
import { saddlesDescriptor } from '../../../../core/analyses/saddles/descriptor.ts';
import { runSaddles, type SaddlesContext, type SearchPool, settingsOf } from '../../../../core/analyses/saddles/run.ts';
import type { SaddleSearch, SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import { findFrom, judgeFound, keptHistory, type SearchOutcome } from '../../../../core/analyses/saddles/search.ts';
import { denseEigenvectorLimit } from '../../../../core/linalg/dense/dense-symmetric.ts';
import type { Result } from '../../../../core/linalg/result.ts';
import { deepLinearObjective } from '../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import { deepLinearModel } from '../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { Stopped } from '../../../../core/objective/gate.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { searchedPoint } from '../../../support/searched-point.ts';

/** ½(w₂w₁ − 2)²: critical are the origin, a saddle, and the hyperbola w₂w₁ = 2. */
const objective = deepLinearObjective(deepLinearModel({ singularValues: [2], hidden: 1 }, null));
const origin = Float64Array.of(0.5, -0.25);

const gate = { isShut: false };
const gated: typeof objective = {
  ...objective,
  async linearize(theta, batch) {
    if (gate.isShut) throw new Stopped();
    return objective.linearize(theta, batch);
  },
};

type Given = Readonly<Record<string, unknown>>;

const search = (parameters: Given, more: Partial<SaddlesContext> = {}, theta = origin, of = objective) =>
  runSaddles(of, theta, { from: 'random', ...parameters }, { rng: randomFromSeed(5), ...more });

const plain = ({ value: { points, thetas } }: Result<SaddleSearch>) => ({
  points: points.map(({ stats: _, ...point }) => point),
  thetas,
});

const given = (...points: readonly SearchedPoint[]): readonly SearchOutcome[] =>
  points.map((point) => ({ point, theta: Float64Array.of(point.number, 0) }));

/** Answers with points that were made elsewhere. */
const answering = (outcomes: readonly SearchOutcome[]): SearchPool => ({
  async search(next, _, onOutcome) {
    for (const outcome of outcomes) if (await next()) await onOutcome(outcome);
  },
});

const ofVerdict = (number: number, verdict: SearchedPoint['verdict']) =>
  searchedPoint(number, { verdict, certified: false });

describe('a search from many starts', () => {
  it('ends at the critical points of the closed form, and says so', async () => {
    const { value, status, stats } = await search({ starts: 12 });
    expect(status).toBe('converged');
    expect(value.points.map(({ number }) => number)).toEqual([...Array(12).keys()]);
    const critical = value.points.filter(({ verdict }) => verdict === 'critical');
    expect(critical.length).toBeGreaterThan(6);
    for (const { number } of critical) {
      const [a, b] = value.thetas[number] as unknown as [number, number];
      expect(Math.min(Math.hypot(a, b), Math.abs(a * b - 2))).toBeLessThan(1e-6);
    }
    const total = (name: 'products' | 'gradients' | 'losses') =>
      value.points.reduce((sum, point) => sum + point.stats[name], 0);
    expect([stats.products, stats.gradients, stats.losses]).toEqual([
      total('products'),
      total('gradients'),
      total('losses'),
    ]);
    expect([value.starts, value.from, value.dim, value.precision]).toEqual([12, 'random', 2, 'float64']);
  });

  it('is the same whoever makes it, in whatever order its points come', async () => {
    const parameters = { starts: 9, finder: 'newton-mr' };
    const alone = await search(parameters);
    const pool: SearchPool = {
      async search(next, settings, onOutcome) {
        const context = { rng: randomFromSeed(5).split('searches') };
        const outcomes: SearchOutcome[] = [];
        for (let task = await next(); task; task = await next()) {
          const found = await findFrom(objective, task, settings, context);
          outcomes.push((await judgeFound(objective, found!, settings, context))!);
        }
        for (const outcome of outcomes.reverse()) await onOutcome(outcome);
      },
    };
    expect(plain(await search(parameters, { pool }))).toStrictEqual(plain(alone));
    expect(await search({ starts: 9 }).then(plain)).not.toEqual(plain(alone));
  });

  it('goes on from what was found: those starts are not made again, and nothing differs', async () => {
    const whole = await search({ starts: 8 });
    const outcomes = whole.value.points.map((point, i): SearchOutcome => ({ point, theta: whole.value.thetas[i]! }));
    const made: number[] = [];
    const before = [outcomes[5]!, outcomes[2]!];
    const again = await search({ starts: 8 }, { before, onOutcome: ({ point }) => void made.push(point.number) });
    expect(plain(again)).toStrictEqual(plain(whole));
    expect(made).toEqual([0, 1, 3, 4, 6, 7]);
  });

  it('leaves out of what was found before what cannot be of it', async () => {
    const strangers = [
      { point: searchedPoint(3), theta: Float64Array.of(1, 2) },
      { point: searchedPoint(1), theta: Float64Array.of(1) },
    ];
    expect(plain(await search({ starts: 3 }, { before: strangers }))).toStrictEqual(plain(await search({ starts: 3 })));
  });

  it('tells every point once, and how many are critical', async () => {
    const told: [number, number][] = [];
    const progress: { readonly done: number; readonly stage: string }[] = [];
    const { value } = await search(
      { starts: 6 },
      {
        onOutcome: ({ point }, starts) => void told.push([point.number, starts]),
        onProgress: (at) => void progress.push(at),
      },
    );
    expect(told).toEqual([...Array(6).keys()].map((number) => [number, 6]));
    expect(progress.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const critical = value.points.filter(({ verdict }) => verdict === 'critical').length;
    expect(progress.at(-1)!.stage).toBe(`${critical} critical of 6 points`);
  });

  it('waits for what is done with a point: what cannot be kept ends it', async () => {
    const full = async () => {
      throw new Error('disk full');
    };
    await expect(search({ starts: 6 }, { onOutcome: full })).rejects.toThrow('disk full');
  });
});

describe('its status', () => {
  it('converged with one critical point, budgetSpent without, cancelled where a start is missing', async () => {
    const ofPoints = async (starts: number, ...points: readonly SearchedPoint[]) =>
      (await search({ starts }, { pool: answering(given(...points)) })).status;
    expect(await ofPoints(2, ofVerdict(0, 'gradientFlat'), ofVerdict(1, 'critical'))).toBe('converged');
    expect(await ofPoints(2, ofVerdict(0, 'gradientFlat'), ofVerdict(1, 'atInfinity'))).toBe('budgetSpent');
    expect(await ofPoints(2, ofVerdict(1, 'critical'))).toBe('cancelled');
    expect(await ofPoints(1)).toBe('cancelled');
  });

  it('budgetSpent where one iteration is not enough', async () => {
    const { value, status } = await search({ starts: 3, iterations: 1, polish: false, scales: '3' });
    expect(status).toBe('budgetSpent');
    expect(value.points.map(({ reason }) => reason)).toEqual(Array(3).fill('iterations'));
  });

  it.each([
    ['between two starts', (signal: { aborted: boolean }) => ({ signal }), objective],
    ['in the middle of a product, by a gate', () => ({}), gated],
  ] as const)('cancelled %s, with what was judged', async (_, contextOf, of) => {
    const signal = { aborted: false };
    gate.isShut = false;
    let judged = 0;
    const onOutcome = () => {
      if (++judged === 2) signal.aborted = gate.isShut = true;
    };
    const { value, status } = await search({ starts: 7 }, { ...contextOf(signal), onOutcome }, origin, of);
    expect(status).toBe('cancelled');
    expect(value.points.map(({ number }) => number)).toEqual([0, 1]);
    expect(value.thetas).toHaveLength(2);
    expect(value.starts).toBe(7);
  });

  it('cancelled before it began: nothing is computed', async () => {
    const fault = () => {
      throw new Error('computed');
    };
    const idle = { ...objective, linearize: fault, gradient: fault, losses: fault, evaluate: fault };
    const { value, status } = await search({ starts: 4 }, { signal: { aborted: true } }, origin, idle);
    expect([status, value.points]).toEqual(['cancelled', []]);
  });

  it('a loss that is no number is a result of that start alone', async () => {
    const { value, status } = await search(
      { from: 'point', noise: '0', starts: 2 },
      {},
      Float64Array.of(Number.NaN, 1),
    );
    expect(status).toBe('budgetSpent');
    for (const point of value.points) {
      expect([point.status, point.verdict, point.certified]).toEqual(['notFinite', 'notConverged', false]);
      expect(point.index).toBeNull();
    }
  });
});

describe('where it starts', () => {
  const trajectory = { steps: [0, 30], theta: async (index: number) => Float64Array.of(index, 1) };
  const fromOf = async (parameters: Given, more: Partial<SaddlesContext> = {}) =>
    (await search({ starts: 1, ...parameters }, { pool: answering(given(searchedPoint(0))), ...more })).value.from;

  it('by itself at the checkpoints that there are, else at random', async () => {
    expect(await fromOf({ from: 'auto' }, { trajectory })).toBe('trajectory');
    expect(await fromOf({ from: 'auto' }, { trajectory: { steps: [], theta: trajectory.theta } })).toBe('random');
    expect(await fromOf({ from: 'auto' })).toBe('random');
    expect(await fromOf({ from: 'point' }, { trajectory })).toBe('point');
    await expect(search({ from: 'trajectory' })).rejects.toThrow('There is no checkpoint to start from.');
  });

  it('at the checkpoint itself, where there is no noise', async () => {
    const tasks: Float64Array[] = [];
    const pool: SearchPool = {
      async search(next) {
        for (let task = await next(); task; task = await next()) tasks.push(task.theta);
      },
    };
    await search({ from: 'trajectory', starts: 2, noise: '0' }, { trajectory, pool });
    expect(tasks).toEqual([Float64Array.of(0, 1), Float64Array.of(1, 1)]);
  });
});

describe('what it warns of', () => {
  const warningsOf = async (points: readonly SearchedPoint[], of = objective, warnings?: readonly string[]) =>
    (await search({ starts: points.length }, { pool: answering(given(...points)), warnings }, origin, of)).value
      .warnings;

  it('kinks by name, once each, and points in single precision by number', async () => {
    const nodes = [{ kinks: ['relu'] }, { kinks: ['relu', 'maximum of a pool'] }, {}];
    const kinked = { ...objective, graph: { nodes } } as unknown as typeof objective;
    const [given, kinks, single, ...more] = await warningsOf(
      [searchedPoint(0, { precision: 'float32' }), searchedPoint(1), searchedPoint(2, { precision: 'float32' })],
      kinked,
      ['first'],
    );
    expect(given).toBe('first');
    expect(kinks).toContain('(relu, maximum of a pool)');
    expect(single).toMatch(/^2 points are judged in float32/);
    expect(more).toEqual([]);
    expect(await warningsOf([searchedPoint(0)])).toEqual([]);
  });

  it('that nothing can be certified: without bounds of the third derivatives, without a dense matrix', async () => {
    const { derivativeBounds: _, ...unbounded } = objective;
    const warned = async (of: typeof objective, parameters: Given) =>
      (await search({ starts: 1, ...parameters }, { pool: answering(given(searchedPoint(0))) }, origin, of)).value
        .warnings;
    expect(await warned(unbounded, {})).toEqual([
      'No point can be certified: no bound on the third derivatives of this model is known.',
    ]);
    expect(await warned({ ...objective, derivativeBounds: () => null }, {})).toHaveLength(1);
    expect(await warned(objective, { dense: 1 })).toEqual([
      expect.stringMatching(/^No point can be certified: .* 2 parameters are more than the 1 .*--dense 2\.$/),
    ]);
  });
});

it('keeps a long history thin: the first, the last, in order', async () => {
  const history = Array.from({ length: 1234 }, (_, i) => 1234 - i);
  const settings = settingsOf({ tolerance: 1e-16, polish: false, dense: 10 } as never);
  const found = { loss: 1, gradientNormSquared: 1, iterations: 1233, history, reason: 'iterations' as const };
  const start = searchedPoint(0).start;
  const stats = { products: 1, gradients: 1, losses: 0, seconds: 0 };
  const outcome = await judgeFound(
    objective,
    { start, theta: origin, origin, found, status: 'budgetSpent', stats },
    settings,
    { rng: randomFromSeed(1) },
  );
  const { history: kept } = outcome!.point;
  expect(kept).toHaveLength(keptHistory);
  expect([kept[0], kept.at(-1)]).toEqual([1234, 1]);
  expect(kept).toEqual([...kept].sort((a, b) => b - a));
});

it('says how far the point is from its start that is kept: the polished one', async () => {
  const settings = settingsOf({ tolerance: 1e-16, polish: true, dense: 10 } as never);
  const found = { loss: 1, gradientNormSquared: 1, iterations: 1, history: [1], reason: 'iterations' as const };
  const stats = { products: 1, gradients: 1, losses: 0, seconds: 0 };
  const theta = Float64Array.of(1.4, 1.4);
  const start = searchedPoint(0).start;
  const { rng, ...from } = { rng: randomFromSeed(1), origin: Float64Array.of(1, 1) };
  const outcome = await judgeFound(
    objective,
    { start, theta, ...from, found, status: 'budgetSpent', stats },
    settings,
    {
      rng,
    },
  );
  const [a, b] = outcome!.theta as unknown as [number, number];
  expect(a * b).toBeCloseTo(2, 12);
  expect(outcome!.point.polishedBy).toBeGreaterThan(0.01);
  expect(outcome!.point.moved).toBeCloseTo(Math.hypot(a - 1, b - 1), 14);
});

it('has a dense matrix no larger than one that is decomposed', () => {
  expect(saddlesDescriptor.parameters.find(({ name }) => name === 'dense')).toMatchObject({
    maximum: denseEigenvectorLimit,
  });
});
