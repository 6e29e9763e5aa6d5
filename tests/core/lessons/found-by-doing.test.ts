import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { judgeAnswer } from '../../../core/lessons/judge-answer.ts';
import type { LessonPage, SceneState } from '../../../core/lessons/lesson.ts';
import { measureDepths } from '../../../core/lessons/measured/depths.ts';
import { measureEdge } from '../../../core/lessons/measured/edge.ts';
import { measureEscapeTimes } from '../../../core/lessons/measured/escape-times.ts';
import { measureHierarchy } from '../../../core/lessons/measured/hierarchy.ts';
import { type Measured, withFirst } from '../../../core/lessons/measured/measured.ts';
import { measureModes } from '../../../core/lessons/measured/modes.ts';
import { measureRace } from '../../../core/lessons/measured/race.ts';
import { measureRandomLandscape } from '../../../core/lessons/measured/random-landscape.ts';
import { readLesson } from '../../../core/lessons/read-lesson.ts';
import { simulate } from '../../../core/simulations/simulate.ts';
import type { SimulationCall, SimulationName, Simulations } from '../../../core/simulations/simulation.ts';

/**
 * The questions of the bundled lessons whose scenes are simulations, answered as a learner does: the scene's own simulation
 * with what the learner changes, measured and judged. Of the choices exactly one is right then, and numbers agree with
 * their closed forms. Pages with a search take minutes: they are among the long tests.
 */
const folder = path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'lessons');
const pages = new Map<string, LessonPage>(
  readdirSync(folder).flatMap((file) => {
    const { id, pages: all } = readLesson(readFileSync(path.join(folder, file), 'utf8'), file);
    return all.map((page, i): [string, LessonPage] => [`${id} ${i + 1}`, page]);
  }),
);

const answered = new Set<string>();

type SceneOf<K extends SceneState['kind']> = Extract<SceneState, { kind: K }>;

function pageOf<K extends SceneState['kind']>(key: string, kind: K): { page: LessonPage; scene: SceneOf<K> } {
  const page = pages.get(key);
  if (page?.scene.kind !== kind) throw new Error(`${key} has no scene ${kind}.`);
  answered.add(key);
  return { page, scene: page.scene as SceneOf<K> };
}

async function compute<N extends SimulationName>(simulation: N, params: Simulations[N]['params']) {
  const call = { simulation, params } as unknown as SimulationCall;
  const result = await simulate(call, { signal: { aborted: false }, breathe: async () => {} });
  return result?.value as Simulations[N]['value'];
}

/** Which of the choices are right. */
function rightChoices({ question }: LessonPage, measured: Measured): readonly number[] {
  if (question.kind !== 'choice') throw new Error('There are no choices.');
  return question.choices.flatMap((_, choice) =>
    judgeAnswer(question, measured, { choice }).verdict === 'right' ? [choice] : [],
  );
}

const isReached = ({ question }: LessonPage, measured: Measured): boolean =>
  judgeAnswer(question, measured, null).verdict === 'right';

/** What the race has measured after so many steps, with what the learner has changed. */
async function raced(scene: SceneOf<'race'>, change: Partial<SceneOf<'race'>>, shown = scene.steps): Promise<Measured> {
  const surface = await compute('surface', { surface: scene.surface, points: 33 });
  const run = async (state: SceneOf<'race'>, first: Measured | null, steps: number) => {
    const { surface: name, start, leavesBelow, learningRate } = state;
    const runners = state.runners.map((runner) =>
      /newton/i.test(runner.optimizer) ? runner : { ...runner, settings: { ...runner.settings, learningRate } },
    );
    const race = await compute('race', { surface: name, start, steps: scene.steps, leavesBelow, runners });
    return measureRace({
      start,
      learningRate,
      surface,
      runners: race.runners,
      shown: steps,
      steps: scene.steps,
      first,
    });
  };
  const first = await run(scene, null, scene.steps);
  return withFirst(await run({ ...scene, ...change }, first, shown), first);
}

test.each([...pages.keys()])('%s: before anything is measured no answer counts', (key) => {
  const { question } = pages.get(key)!;
  const answers =
    question.kind === 'choice'
      ? question.choices.map((_, choice) => ({ choice }))
      : [question.kind === 'number' ? { number: 2 } : null];
  for (const answer of answers) expect(judgeAnswer(question, {}, answer).verdict).toBe('notYet');
});

test('a ball on a saddle 1: Newton stays, and nobody is told before the run', async () => {
  const { page, scene } = pageOf('a-ball-on-a-saddle 1', 'race');
  expect(rightChoices(page, await raced(scene, {}))).toEqual([1]);
  expect(rightChoices(page, await raced(scene, {}, 0))).toEqual([]);
});

test('a ball on a saddle 2: a tenth of the distance costs ln 10 / ln(1 + η) steps', async () => {
  const { page, scene } = pageOf('a-ball-on-a-saddle 2', 'race');
  const measured = await raced(scene, { start: [scene.start[0], scene.start[1] / 10] });
  expect(measured.decadeTheory).toBeCloseTo(Math.log(10) / Math.log(1.1), 12);
  expect(rightChoices(page, measured)).toEqual([1]);
  expect(rightChoices(page, await raced(scene, {}))).toEqual([]);
});

test('a ball on a saddle 3: some step sizes leave in time; the first and one too large do not', async () => {
  const { page, scene } = pageOf('a-ball-on-a-saddle 3', 'race');
  const reached = async (learningRate: number) => isReached(page, await raced(scene, { learningRate }));
  expect([await reached(0.05), await reached(0.16), await reached(0.3)]).toEqual([false, true, false]);
});

test('a ball on a saddle 4: without curvature the wait grows as the distance falls', async () => {
  const { page, scene } = pageOf('a-ball-on-a-saddle 4', 'race');
  expect(rightChoices(page, await raced(scene, { start: [0, scene.start[1] / 10] }))).toEqual([1]);
});

test('a ball on a saddle 5: saddle-free Newton doubles the distance', async () => {
  const { page, scene } = pageOf('a-ball-on-a-saddle 5', 'race');
  const measured = await raced(scene, {}, 4);
  expect(judgeAnswer(page.question, measured, { number: 2 }).verdict).toBe('right');
  expect(judgeAnswer(page.question, measured, { number: 3 }).verdict).toBe('wrong');
  expect(judgeAnswer(page.question, await raced(scene, {}, 1), { number: 2 }).verdict).toBe('notYet');
});

test('most critical points are saddles 1: half of the directions at the highest energy only', async () => {
  const { page, scene } = pageOf('most-critical-points-are-saddles 1', 'randomLandscape');
  const { kind: _, ...params } = scene;
  const value = await compute('randomLandscape', params);
  const at = [0, 1, 2].map((spectrum) => isReached(page, measureRandomLandscape(scene.dimension, value, spectrum)));
  expect(at).toEqual([false, false, true]);
});

test('most critical points are saddles 2: minima only at the bottom', async () => {
  const { page, scene } = pageOf('most-critical-points-are-saddles 2', 'randomLandscape');
  const of = async (dimension: number) => {
    const { kind: _, ...params } = scene;
    return measureRandomLandscape(dimension, await compute('randomLandscape', { ...params, dimension }), 1);
  };
  const first = await of(scene.dimension);
  expect(rightChoices(page, withFirst(await of(40), first))).toEqual([1]);
  expect(rightChoices(page, withFirst(first, first))).toEqual([]);
});

async function moded(scene: SceneOf<'modes'>, change: Partial<SceneOf<'modes'>>): Promise<Measured> {
  const run = async (state: SceneOf<'modes'>, first: Measured | null) => {
    const { kind: _, ...params } = state;
    return measureModes(state, await compute('modes', params), first);
  };
  const first = await run(scene, null);
  return withFirst(await run({ ...scene, ...change }, first), first);
}

test('plateaus 1: the step times the strength is about the same', async () => {
  const { page, scene } = pageOf('plateaus 1', 'modes');
  expect(rightChoices(page, await moded(scene, {}))).toEqual([1]);
});

test('plateaus 2: a tenth of u₀ costs ln 10 / (2ηs) steps', async () => {
  const { page, scene } = pageOf('plateaus 2', 'modes');
  const measured = await moded(scene, { u0: scene.u0 / 100 });
  const theory = Math.log(10) / (2 * scene.learningRate * (scene.singularValues[0] ?? 0));
  expect(judgeAnswer(page.question, measured, { number: theory }).verdict).toBe('right');
  expect(judgeAnswer(page.question, measured, { number: 2 * theory }).verdict).toBe('wrong');
  expect(judgeAnswer(page.question, await moded(scene, {}), { number: theory }).verdict).toBe('notYet');
});

test('plateaus 3: imbalance ends the wait', async () => {
  const { page, scene } = pageOf('plateaus 3', 'modes');
  expect(isReached(page, await moded(scene, {}))).toBe(false);
  expect(isReached(page, await moded(scene, { imbalance: 1 }))).toBe(true);
});

test('plateaus 4: only Gaussian weights are slow in depth', async () => {
  const { page, scene } = pageOf('plateaus 4', 'depths');
  const { kind: _, ...params } = scene;
  expect(rightChoices(page, measureDepths(scene.width, await compute('depths', params)))).toEqual([1]);
});

test('plateaus 5: kingdoms before species', async () => {
  const { page, scene } = pageOf('plateaus 5', 'hierarchy');
  const { kind: _, ...params } = scene;
  expect(rightChoices(page, measureHierarchy(scene.flip, await compute('hierarchy', params)))).toEqual([1]);
});

/** Steps with one η after the other. */
async function trained(
  scene: SceneOf<'edge'>,
  plan: readonly (readonly [rate: number, steps: number])[],
  every = scene.every,
): Promise<Measured> {
  let theta: Float64Array | null = null;
  const losses: number[] = [];
  const sharpness: { step: number; value: number }[] = [];
  const changes: { step: number; before: number }[] = [];
  let before: number | null = null;
  for (const [learningRate, steps] of plan) {
    if (before !== null) changes.push({ step: losses.length, before });
    before = learningRate;
    const value: Simulations['edge']['value'] = await compute('edge', {
      theta,
      learningRate,
      steps,
      seed: scene.seed,
      every,
    });
    theta = value.theta;
    sharpness.push(...value.sharpness.map(({ step, value: at }) => ({ step: losses.length + step, value: at })));
    losses.push(...value.losses);
  }
  const opened = { learningRate: scene.learningRate, losses: [], sharpness: [], changes: [] };
  return withFirst(
    measureEdge({ learningRate: before ?? scene.learningRate, losses, sharpness, changes }),
    measureEdge(opened),
  );
}

test('edge of stability 1: the sharpness climbs to 2/η', async () => {
  const { page, scene } = pageOf('edge-of-stability 1', 'edge');
  expect(isReached(page, await trained(scene, [[scene.learningRate, 50]]))).toBe(false);
  expect(isReached(page, await trained(scene, [[scene.learningRate, 250]]))).toBe(true);
});

test('edge of stability 2: a larger η brings the sharpness down', async () => {
  const { page, scene } = pageOf('edge-of-stability 2', 'edge');
  expect(
    rightChoices(
      page,
      await trained(scene, [
        [scene.learningRate, 500],
        [0.25, 250],
      ]),
    ),
  ).toEqual([2]);
  expect(rightChoices(page, await trained(scene, [[scene.learningRate, 500]]))).toEqual([]);
});

test.each([0.05, 0.1, 0.15, 0.2])('edge of stability 3: with η = %f instead of 0.4 it climbs', async (rate) => {
  const { page, scene } = pageOf('edge-of-stability 3', 'edge');
  // As the question says, and as early and as late as answers count.
  for (const before of [200, 300, 360]) {
    const plan = [
      [scene.learningRate, before],
      [rate, 300],
    ] as const;
    const measured = await trained(scene, plan, 20);
    expect(measured.sharpness! / measured.sharpnessAtChange!).toBeGreaterThan(1.25);
    expect(rightChoices(page, measured)).toEqual([1]);
  }
});

test('edge of stability 3: where the loss is learnt nothing sharpens, and no answer counts', async () => {
  const { page, scene } = pageOf('edge-of-stability 3', 'edge');
  const late = await trained(scene, [
    [scene.learningRate, 500],
    [0.1, 300],
  ]);
  expect(late.sharpness! / late.sharpnessAtChange!).toBeLessThan(1.15);
  expect(judgeAnswer(page.question, late, { choice: 0 })).toMatchObject({ verdict: 'notYet' });
  expect(rightChoices(page, late)).toEqual([]);
});

async function escaped(scene: SceneOf<'escapeTimes'>, change: Partial<SceneOf<'escapeTimes'>>): Promise<Measured> {
  const run = async (state: SceneOf<'escapeTimes'>, first: Measured | null) => {
    const { kind: _, ...params } = state;
    return measureEscapeTimes(state, await compute('escapeTimes', { ...params, mostSteps: 5000 }), first);
  };
  const first = await run(scene, null);
  return withFirst(await run({ ...scene, ...change }, first), first);
}

test('leaving a saddle 1: a tenth of the noise costs ln 10 / ln(1 + ηc) steps', async () => {
  const { page, scene } = pageOf('leaving-a-saddle 1', 'escapeTimes');
  const measured = await escaped(scene, { noise: scene.noise / 100 });
  const theory = Math.log(10) / Math.log(1 + scene.learningRate * scene.curvature);
  expect(judgeAnswer(page.question, measured, { number: theory }).verdict).toBe('right');
  expect(judgeAnswer(page.question, measured, { number: 10 * theory }).verdict).toBe('wrong');
});

test('leaving a saddle 1: each tenth of the noise costs the same down to the least of the slider', async () => {
  const { scene } = pageOf('leaving-a-saddle 1', 'escapeTimes');
  const theory = Math.log(10) / Math.log(1 + scene.learningRate * scene.curvature);
  let { mean } = await escaped(scene, {});
  for (const noise of [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]) {
    const next = await escaped(scene, { noise });
    expect(Math.abs(next.mean! - mean! - theory)).toBeLessThan(0.02 * theory);
    mean = next.mean;
  }
});

test('leaving a saddle: without noise they stay for ever, all of them', async () => {
  for (const key of [1, 2, 3].map((page) => `leaving-a-saddle ${page}`)) {
    const { scene } = pageOf(key, 'escapeTimes');
    const { kind: _, ...params } = scene;
    const { times, losses } = await compute('escapeTimes', { ...params, noise: 0, mostSteps: 5000 });
    expect(times.every((time) => time === Number.POSITIVE_INFINITY)).toBe(true);
    expect(losses.flatMap((one) => [...one]).every((loss) => loss === 0 || Object.is(loss, -0))).toBe(true);
  }
});

test('leaving a saddle 2: curvature sets the clock', async () => {
  const { page, scene } = pageOf('leaving-a-saddle 2', 'escapeTimes');
  expect(isReached(page, await escaped(scene, {}))).toBe(false);
  expect(isReached(page, await escaped(scene, { curvature: 3 }))).toBe(true);
});

test('leaving a saddle 3: directions that lead up do not count', async () => {
  const { page, scene } = pageOf('leaving-a-saddle 3', 'escapeTimes');
  expect(rightChoices(page, await escaped(scene, { dimension: 100 }))).toEqual([1]);
});

test('of the pages with a simulation none is left out', () => {
  const simulated = [...pages].filter(([, { scene }]) => scene.kind !== 'search').map(([key]) => key);
  expect([...answered].sort()).toEqual(simulated.sort());
});
