import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import { holds, judgeAnswer } from '../../../../core/lessons/judge-answer.ts';
import type { LessonPage, SceneState } from '../../../../core/lessons/lesson.ts';
import { type Measured, withFirst } from '../../../../core/lessons/measured/measured.ts';
import { measureSearch } from '../../../../core/lessons/measured/search.ts';
import { readLesson } from '../../../../core/lessons/read-lesson.ts';
import { serviceForTests } from '../../../support/compute-service.ts';

/**
 * The pages of bundled lessons with a search: each search is really made, as the window asks for it, and the questions are
 * answered as they say, from its end and from what was there after the first points. Of the choices exactly one is right,
 * and it is the same throughout.
 */
const assets = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'assets');
const pages = new Map<string, LessonPage>(
  readdirSync(path.join(assets, 'lessons')).flatMap((file) => {
    const lesson = readLesson(readFileSync(path.join(assets, 'lessons', file), 'utf8'), file);
    return lesson.pages.map((page, i): [string, LessonPage] => [`${lesson.id} ${i + 1}`, page]);
  }),
);
const searchPages = [...pages].filter(([, { scene }]) => scene.kind === 'search').map(([key]) => key);

const { service, connected } = serviceForTests();
afterAll(() => service.close());
const asked = connected();

type Search = Extract<SceneState, { kind: 'search' }>;
/** Several pages look at the same search. */
const made = new Map<string, Promise<readonly SearchedPoint[]>>();

function searched({ experiment, finder, starts, from }: Search): Promise<readonly SearchedPoint[]> {
  const key = JSON.stringify([experiment, finder, starts, from]);
  const search = async () => {
    const file = path.join(assets, 'experiments', experiment);
    service.grant(experiment, file);
    const { points } = await asked.answered('saddles', {
      source: { experiment: { yaml: readFileSync(file, 'utf8'), file: experiment } },
      parameters: { finder, starts, from },
      keep: false,
    });
    return points;
  };
  const known = made.get(key) ?? search();
  made.set(key, known);
  return known;
}

async function pageOf(key: string) {
  const page = pages.get(key);
  if (page?.scene.kind !== 'search') throw new Error(`${key} has no search.`);
  return { page, points: await searched(page.scene) };
}

const measured = (points: readonly SearchedPoint[], selected: number | null = null): Measured =>
  withFirst(measureSearch(points, selected), {});

function rightChoices({ question }: LessonPage, seen: Measured): readonly number[] {
  if (question.kind !== 'choice') throw new Error('There are no choices.');
  return question.choices.flatMap((_, choice) =>
    judgeAnswer(question, seen, { choice }).verdict === 'right' ? [choice] : [],
  );
}

/** Points come in the order in which they are judged: any so many of them may be the first. */
function parts(points: readonly SearchedPoint[]): readonly (readonly SearchedPoint[])[] {
  const all: SearchedPoint[][] = [[]];
  for (const point of points) all.push(...all.map((some) => [...some, point]));
  return all;
}

const chosenRightly = ({ question }: LessonPage, points: readonly SearchedPoint[]) =>
  points.filter(({ number }) => judgeAnswer(question, measured(points, number), null).verdict === 'right');

test('no page with a search is left out', () => {
  expect(searchPages).toEqual([
    'most-critical-points-are-saddles 3',
    'most-critical-points-are-saddles 4',
    'is-it-really-a-saddle 1',
    'is-it-really-a-saddle 2',
    'is-it-really-a-saddle 3',
  ]);
});

test.each([
  ['most-critical-points-are-saddles 3', 1],
  ['most-critical-points-are-saddles 4', 0],
  ['is-it-really-a-saddle 2', 1],
])('%s: one choice is right, at the end and as soon as answers count', async (key, right) => {
  const { page, points } = await pageOf(key);
  expect(rightChoices(page, measured(points))).toEqual([right]);
  expect(rightChoices(page, measured([]))).toEqual([]);
  // Answers that count, from whichever points came first.
  const seen = parts(points).map((some) => measured(some));
  const counting = seen.filter((some) => page.question.kind === 'choice' && holds(page.question.after, some));
  expect(counting.length).toBeGreaterThan(points.length);
  for (const some of counting) expect(rightChoices(page, some)).toEqual([right]);
});

test('is-it-really-a-saddle 1: points are there that are no critical points, and they alone are right', async () => {
  const { page, points } = await pageOf('is-it-really-a-saddle 1');
  const right = chosenRightly(page, points);
  expect(right.length).toBeGreaterThan(0);
  for (const { verdict } of right) expect(verdict).toBe('gradientFlat');
  expect(judgeAnswer(page.question, measured(points), null).verdict).toBe('notYet');
});

test('is-it-really-a-saddle 3: certified saddles with two ways down are there, and they alone are right', async () => {
  const { page, points } = await pageOf('is-it-really-a-saddle 3');
  const right = chosenRightly(page, points);
  expect(right.length).toBeGreaterThan(0);
  for (const { certified, index } of right) {
    expect(certified).toBe(true);
    expect(index?.negative).toBeGreaterThanOrEqual(2);
  }
});
