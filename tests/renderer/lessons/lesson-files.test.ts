// @vitest-environment jsdom
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../actions/app-in-memory.ts';
import { smallYaml } from '../actions/small-experiment.ts';

const app = createApp();
const { openDropped, openRecent } = await import('../../../renderer/actions/file-actions.ts');
const { startSession } = await import('../../../renderer/actions/session-actions.ts');
const { openLessonOf, useLesson } = await import('../../../renderer/lessons/lesson-state.ts');
const { useEditor } = await import('../../../renderer/state/editor.ts');
const { useSession } = await import('../../../renderer/state/session.ts');
const { useSettings } = await import('../../../renderer/state/settings.ts');

const lesson = (id: string, quantity = 'shown') => `format: 1
id: ${id}
title: Lesson ${id}
summary: One page.
minutes: 1
pages:
  - title: Page of ${id}
    text: A _saddle_.
    scene: { kind: race, surface: saddle, start: [1, 0.1], runners: [{ optimizer: newton }], learningRate: 0.1, steps: 5 }
    question: { kind: reach, text: Run., goals: [{ quantity: ${quantity}, above: 4 }], reply: Done. }
`;

beforeAll(() => startSession());
afterAll(() => app.close());

const shown = () => openLessonOf(useLesson.getState())?.title ?? null;

test('a lesson that is dropped is shown in its workspace, and the experiment in the editor stays', async () => {
  app.experimentFile('mine.yaml', smallYaml({ name: 'mine' }));
  await openDropped([new File([], 'mine.yaml')]);
  expect(useEditor.getState().yaml).toContain('name: mine');
  useSettings.setState({ workspace: 'train' });
  app.experimentFile('dropped.yaml', lesson('dropped'));
  await openDropped([new File([], 'dropped.yaml')]);
  expect([shown(), useSettings.getState().workspace]).toEqual(['Lesson dropped', 'lessons']);
  expect(useEditor.getState().yaml).toContain('name: mine');
  expect(useSession.getState().announcement).toBe('The lesson Lesson dropped is open.');
  expect(useSession.getState().recent.map(({ name }) => name)).toContain('dropped.yaml');
});

test('a lesson opened before is opened again from the recent files, as it is now', async () => {
  const file = app.experimentFile('again.yaml', lesson('again'));
  await openRecent(file.reference);
  expect(shown()).toBe('Lesson again');
  useSettings.setState({ workspace: 'train' });
  app.experimentFile('again.yaml', lesson('again').replace('Lesson again', 'Lesson changed'));
  await openRecent(file.reference);
  expect([shown(), useSettings.getState().workspace]).toEqual(['Lesson changed', 'lessons']);
  expect(useLesson.getState().lessons?.filter(({ id }) => id === 'again')).toHaveLength(1);
});

test('a dropped lesson that is wrong is told with its line, and what is shown stays', async () => {
  const before = shown();
  app.experimentFile('wrong.yaml', lesson('wrong', 'shownn'));
  await openDropped([new File([], 'wrong.yaml')]);
  expect(useSession.getState().problems.at(-1)).toMatchObject({
    found: expect.stringMatching(/^wrong\.yaml:10:\d+: .* names shownn/),
    advice: expect.stringContaining('Did you mean shown?'),
  });
  expect(shown()).toBe(before);
});
