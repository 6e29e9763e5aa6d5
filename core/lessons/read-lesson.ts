import * as v from 'valibot';
import { BadInput } from '../bad-input.ts';
import { LocatedYaml, type Path } from '../experiment/located-yaml.ts';
import { wantedValue } from '../experiment/wanted-value.ts';
import { nearestName } from '../nearest-name.ts';
import type { Condition, Lesson, LessonPage, Question } from './lesson.ts';
import { lessonSchema } from './lesson-schema.ts';
import { quantityOf, sceneKinds } from './scene-kinds.ts';

/** More is no lesson. */
const mostCharacters = 400_000;

/**
 * A lesson from its YAML (1.2, core schema; JSON is YAML). Unknown keys, wrong types, hostile keys, numbers out of range,
 * and names of controls or quantities that a page's scene does not have are refused as BadInput with their place.
 */
export function readLesson(text: string, fileName: string): Lesson {
  if (text.length > mostCharacters)
    throw new BadInput(`${fileName} is too long for a lesson.`, 'Give a lesson of a few pages.');
  const reader = new LocatedYaml(text, fileName, []);
  if (reader.value === null || typeof reader.value !== 'object' || Array.isArray(reader.value))
    throw new BadInput(
      `${fileName} does not hold a lesson.`,
      'A lesson has format, id, title, summary, minutes, pages.',
    );
  const parsed = v.safeParse(lessonSchema, reader.value);
  if (!parsed.success) throw complaint(parsed.issues, reader);
  const lesson: Lesson = parsed.output;
  lesson.pages.forEach((page, i) => {
    checkPage(page, ['pages', i], reader);
  });
  return lesson;
}

/** Whether a text is meant to be a lesson rather than an experiment, right or wrong: it has pages. */
export const looksLikeLesson = (text: string): boolean => /^\s*"?pages"?\s*:/m.test(text);

function checkPage(page: LessonPage, path: Path, reader: LocatedYaml): void {
  const { scene, controls, question } = page;
  const known = sceneKinds[scene.kind].controls.map(({ name }) => name);
  controls.forEach((control, i) => {
    if (!known.includes(control))
      throw unknown(control, known, 'control', scene.kind, [...path, 'controls', i], reader);
  });
  checkText(page, page.text, [...path, 'text'], reader);
  checkQuestion(page, question, [...path, 'question'], reader);
  if (scene.kind === 'escapeTimes' && scene.negative > scene.dimension)
    throw new BadInput(
      `${reader.place([...path, 'scene', 'negative'])} is more than the dimension ${scene.dimension}.`,
      'Give at most as many negative directions as there are dimensions.',
    );
}

function checkQuestion(page: LessonPage, question: Question, path: Path, reader: LocatedYaml): void {
  checkText(page, question.text, [...path, 'text'], reader);
  if (question.hint !== null) checkText(page, question.hint, [...path, 'hint'], reader);
  if (question.kind === 'choice') {
    checkConditions(page, question.after, [...path, 'after'], reader);
    question.choices.forEach((choice, i) => {
      const at = [...path, 'choices', i];
      checkText(page, choice.text, [...at, 'text'], reader);
      checkText(page, choice.reply, [...at, 'reply'], reader);
      checkConditions(page, choice.holds, [...at, 'holds'], reader);
    });
    return;
  }
  checkText(page, question.reply, [...path, 'reply'], reader);
  if (question.kind === 'reach') checkConditions(page, question.goals, [...path, 'goals'], reader);
  else {
    checkConditions(page, question.after, [...path, 'after'], reader);
    checkName(page, question.quantity, [...path, 'quantity'], reader);
  }
}

function checkConditions(page: LessonPage, conditions: readonly Condition[], path: Path, reader: LocatedYaml): void {
  conditions.forEach((condition, i) => {
    const at = [...path, i];
    checkName(page, condition.quantity, [...at, 'quantity'], reader);
    const { above, below, aboveQuantity, belowQuantity } = condition;
    if (aboveQuantity !== undefined) checkName(page, aboveQuantity, [...at, 'aboveQuantity'], reader);
    if (belowQuantity !== undefined) checkName(page, belowQuantity, [...at, 'belowQuantity'], reader);
    if ([above, below, aboveQuantity, belowQuantity].every((bound) => bound === undefined))
      throw new BadInput(
        `${reader.place(at)} compares ${condition.quantity} with nothing.`,
        'Add above, below, aboveQuantity or belowQuantity.',
      );
  });
}

function checkText(page: LessonPage, text: string, path: Path, reader: LocatedYaml): void {
  for (const [, name = ''] of text.matchAll(/\{([^{}]*)\}/g)) checkName(page, name, path, reader);
}

function checkName({ scene }: LessonPage, name: string, path: Path, reader: LocatedYaml): void {
  if (quantityOf(scene.kind, name) !== null) return;
  const known = sceneKinds[scene.kind].quantities.map((quantity) => quantity.name);
  throw unknown(name, known, 'quantity', scene.kind, path, reader);
}

function unknown(
  name: string,
  known: readonly string[],
  what: 'control' | 'quantity',
  kind: string,
  path: Path,
  reader: LocatedYaml,
): BadInput {
  const nearest = nearestName(name, known);
  return new BadInput(
    `${reader.place(path)} names ${name}, which is no ${what} of the scene ${kind}.`,
    `${nearest ? `Did you mean ${nearest}? ` : ''}It has ${known.join(', ')}.`,
  );
}

/** The complaint that helps most: a mistyped key explains why another one is missing. */
function complaint(issues: readonly v.BaseIssue<unknown>[], reader: LocatedYaml): BadInput {
  const isUnknownKey = (issue: v.BaseIssue<unknown>) => issue.type === 'strict_object' && issue.expected === 'never';
  const issue = issues.find(isUnknownKey) ?? issues[0];
  const path = (issue?.path ?? []).map((item) => item.key as string | number);
  const place = reader.place(path);
  if (issue && isUnknownKey(issue))
    return new BadInput(`${place} is not a known setting.`, 'Remove it, or look for a slip.');
  if (issue?.input === undefined)
    return new BadInput(`${place} is missing.`, 'Add it: see the lessons that come with the app.');
  return new BadInput(
    `${place} is ${issue.received ?? 'out of range'}, which cannot be used.`,
    `Give ${wantedValue(issue)}.`,
  );
}
