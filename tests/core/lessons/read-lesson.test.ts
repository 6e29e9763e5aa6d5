import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { BadInput } from '../../../core/bad-input.ts';
import type { Condition, Lesson, Question } from '../../../core/lessons/lesson.ts';
import { looksLikeLesson, readLesson } from '../../../core/lessons/read-lesson.ts';
import { quantityOf, sceneKinds } from '../../../core/lessons/scene-kinds.ts';

const folder = path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'lessons');
const experiments = readdirSync(path.join(folder, '..', 'experiments'));
const files = readdirSync(folder).sort();
const textOf = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const bundled = files.map((file) => readLesson(textOf(file), file));

const small = {
  format: 1,
  id: 'small',
  title: 'Small',
  summary: 'One page.',
  minutes: 1,
  pages: [
    {
      title: 'Page',
      text: 'From {startX}.',
      scene: {
        kind: 'race',
        surface: 'saddle',
        start: [1, 0.1],
        runners: [{ optimizer: 'newton' }],
        learningRate: 0.1,
        steps: 10,
      },
      controls: ['start'],
      question: {
        kind: 'reach',
        text: 'Run.',
        goals: [{ quantity: 'shown', above: 3 }],
        reply: '{newton.saddleDistance.first}',
      },
    },
  ],
};

/** The lesson with one value replaced, by its path. */
function withValue(at: string, value: unknown): string {
  const copy = structuredClone(small) as Record<string, unknown>;
  const keys = at.split('.');
  const last = keys.pop() ?? '';
  const owner = keys.reduce((found, key) => found[key] as Record<string, unknown>, copy);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return stringify(copy);
}

function refusal(text: string): BadInput {
  try {
    readLesson(text, 'mine.yaml');
  } catch (problem) {
    if (problem instanceof BadInput) return problem;
    throw problem;
  }
  throw new Error('It was taken.');
}

test('six lessons come with the app, of two to five pages, each with a name of its own', () => {
  expect(bundled).toHaveLength(6);
  expect(new Set(bundled.map(({ id }) => id)).size).toBe(6);
  for (const { pages } of bundled) {
    expect(pages.length).toBeGreaterThanOrEqual(2);
    expect(pages.length).toBeLessThanOrEqual(5);
  }
});

test('every kind of scene is used, and every search has its experiment', () => {
  const scenes = bundled.flatMap(({ pages }) => pages.map(({ scene }) => scene));
  expect(new Set(scenes.map(({ kind }) => kind))).toEqual(new Set(Object.keys(sceneKinds)));
  for (const scene of scenes) if (scene.kind === 'search') expect(experiments).toContain(scene.experiment);
});

test('whatever a bundled file is cut at, it is a lesson or is refused with a place and advice', () => {
  const text = textOf(files[0] ?? '');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length }), (at) => {
      try {
        expect(readLesson(text.slice(0, at), 'cut.yaml').pages.length).toBeGreaterThan(0);
      } catch (problem) {
        expect(problem).toBeInstanceOf(BadInput);
        expect((problem as BadInput).advice).not.toBe('');
      }
    }),
    { numRuns: 60 },
  );
});

test('a lesson that was written out and read again is the same', () => {
  for (const lesson of bundled) expect(readLesson(stringify(lesson), 'again.yaml')).toEqual(lesson);
});

test('texts that are no lesson are refused, never anything else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(refusal(text).found).toContain('mine.yaml');
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['an unknown key', withValue('pages.0.colour', 'red'), /mine\.yaml:\d+:\d+: pages\[0\]\.colour is not a known/],
  ['a missing question', withValue('pages.0.question', undefined), /question is missing/],
  [
    'a control of another scene',
    withValue('pages.0.controls', ['u0']),
    /names u0, which is no control of the scene race/,
  ],
  ['a slip in a quantity', withValue('pages.0.question.goals', [{ quantity: 'shwon', above: 1 }]), /names shwon/],
  ['a slip in a text', withValue('pages.0.text', 'It is {startZ}.'), /names startZ/],
  ['a slip in a reply', withValue('pages.0.question.reply', '{newton.first}'), /names newton\.first/],
  [
    'a condition without a bound',
    withValue('pages.0.question.goals', [{ quantity: 'shown' }]),
    /compares shown with nothing/,
  ],
  [
    'a bound that is no quantity',
    withValue('pages.0.question.goals', [{ quantity: 'shown', aboveQuantity: 'x' }]),
    /names x/,
  ],
  ['a scene that there is not', withValue('pages.0.scene.kind', 'film'), /kind/],
  ['too many steps', withValue('pages.0.scene.steps', 1e9), /steps/],
  ['a number that is none', withValue('pages.0.scene.learningRate', Number.NaN), /learningRate/],
  ['no pages', withValue('pages', []), /pages/],
  ['another format', withValue('format', 2), /format/],
  ['an experiment', 'name: x\nsteps: 3\n', /is not a known setting|is missing/],
  ['a hostile key', `${stringify(small)}__proto__: { x: 1 }\n`, /__proto__/],
  ['a list', '- 1\n- 2\n', /does not hold a lesson/],
  ['nothing', '', /does not hold a lesson/],
])('%s is refused with its place', (_, text, expected) => {
  const { found, advice } = refusal(text);
  expect(found).toMatch(expected);
  expect(advice).not.toBe('');
});

test('a slip is answered with the name that was meant', () => {
  expect(refusal(withValue('pages.0.question.goals', [{ quantity: 'learninRate', above: 1 }])).advice).toContain(
    'Did you mean learningRate?',
  );
});

test('the search of a lesson reaches no file but a bundled experiment', () => {
  const scene = { kind: 'search', finder: 'newton-mr', starts: 5, from: 'random' };
  for (const experiment of ['../../etc/passwd', '/etc/passwd', 'a/b.yaml', 'x.json'])
    expect(refusal(withValue('pages.0.scene', { ...scene, experiment })).found).toContain('experiment');
});

test('lessons are told from experiments by their pages', () => {
  for (const file of files) expect(looksLikeLesson(textOf(file))).toBe(true);
  for (const name of experiments)
    expect(looksLikeLesson(readFileSync(path.join(folder, '..', 'experiments', name), 'utf8'))).toBe(false);
});

const conditionsOf = (question: Question): readonly Condition[] =>
  question.kind === 'reach'
    ? question.goals
    : [...question.after, ...(question.kind === 'choice' ? question.choices.flatMap(({ holds }) => holds) : [])];

test('every quantity that a bundled question names is one of its scene', () => {
  for (const lesson of bundled as readonly Lesson[])
    for (const { scene, question } of lesson.pages)
      for (const { quantity } of conditionsOf(question))
        expect(quantityOf(scene.kind, quantity), quantity).not.toBeNull();
});
