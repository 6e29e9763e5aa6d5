import { create } from 'zustand';
import { type Answer, type Judgement, judgeAnswer, plainText } from '../../core/lessons/judge-answer.ts';
import type { Lesson, LessonPage } from '../../core/lessons/lesson.ts';
import { type Measured, withFirst } from '../../core/lessons/measured/measured.ts';
import { readLesson } from '../../core/lessons/read-lesson.ts';
import type { Refusal } from '../../core/protocol/bridge.ts';
import { announce } from '../state/session.ts';

/** What was answered on a page, and what was said to it. A right answer stays. */
export interface Answered {
  readonly answer: Answer;
  readonly judgement: Judgement;
}

export interface LessonState {
  /** Those that come with the app, in their order, then those that were opened; null until they are read. */
  readonly lessons: readonly Lesson[] | null;
  /** What of them could not be read. */
  readonly refused: readonly Refusal[];
  /** The id of the lesson that is shown; null: the list. */
  readonly open: string | null;
  readonly page: number;
  /** Another one each time that a page is opened: its scene starts as the page declares it. */
  readonly visit: number;
  /** What the scene has measured since, and with the page as it was opened. */
  readonly now: Measured;
  readonly first: Measured;
  /** By lesson and page. */
  readonly answers: Readonly<Record<string, Answered>>;
  /** What the scene says of itself. */
  readonly sentence: string;
}

export const useLesson = create<LessonState>(() => ({
  lessons: null,
  refused: [],
  open: null,
  page: 0,
  visit: 0,
  now: {},
  first: {},
  answers: {},
  sentence: '',
}));

export const openLessonOf = ({ lessons, open }: LessonState): Lesson | null =>
  lessons?.find(({ id }) => id === open) ?? null;

export const shownPage = (state: LessonState): LessonPage | null => openLessonOf(state)?.pages[state.page] ?? null;

export const pageKey = (lesson: string, page: number): string => `${lesson}/${page}`;

/** Reads what came with the app; what cannot be read is told and leaves the others alone. */
export function takeLessons(files: readonly { readonly name: string; readonly yaml: string }[]): void {
  const lessons: Lesson[] = [];
  const refused: Refusal[] = [];
  for (const { name, yaml } of files) {
    try {
      lessons.push(readLesson(yaml, name));
    } catch (problem) {
      const { found, advice } = problem as Partial<Refusal>;
      refused.push({ found: found ?? String(problem), advice: advice ?? 'Leave it out.' });
    }
  }
  useLesson.setState({ lessons, refused });
}

/** A lesson of somebody's own, beside the others; one with the same id takes the place of the one before. Throws BadInput. */
export function addLesson(yaml: string, name: string): void {
  const lesson = readLesson(yaml, name);
  useLesson.setState(({ lessons }) => ({ lessons: [...(lessons ?? []).filter(({ id }) => id !== lesson.id), lesson] }));
  forget(lesson.id);
  showPage(lesson.id, 0);
}

const forget = (lesson: string): void =>
  useLesson.setState(({ answers }) => ({
    answers: Object.fromEntries(Object.entries(answers).filter(([key]) => !key.startsWith(`${lesson}/`))),
  }));

/** The list for null. */
export function showPage(lesson: string | null, page: number): void {
  useLesson.setState(({ visit }) => ({ open: lesson, page, visit: visit + 1, now: {}, first: {}, sentence: '' }));
}

/** Every quantity with its comparisons to the page as it was opened. */
export const allMeasured = ({ now, first }: Pick<LessonState, 'now' | 'first'>): Measured => withFirst(now, first);

/** What a scene has measured; answers that waited for it are judged. `first` stays as it is where it is left out. */
export function measure(now: Measured, first?: Measured): void {
  useLesson.setState((state) => ({ now, first: first ?? state.first }));
  const state = useLesson.getState();
  const page = shownPage(state);
  if (page === null || state.open === null) return;
  const given = state.answers[pageKey(state.open, state.page)];
  if (given?.judgement.verdict === 'right' || given?.judgement.verdict === 'wrong') return;
  if (page.question.kind !== 'reach' && given === undefined) return;
  const judgement = judgeAnswer(page.question, allMeasured(state), given?.answer ?? null);
  // A goal that is not reached yet is nothing to be told at every step.
  if (judgement.verdict !== 'notYet') keep(state.open, state.page, { answer: given?.answer ?? null, judgement });
}

/** The learner's answer to the page that is shown. */
export function giveAnswer(answer: Answer): void {
  const state = useLesson.getState();
  const page = shownPage(state);
  if (page === null || state.open === null) return;
  const before = state.answers[pageKey(state.open, state.page)];
  if (before?.judgement.verdict === 'right' && page.question.kind === 'reach') return;
  keep(state.open, state.page, { answer, judgement: judgeAnswer(page.question, allMeasured(state), answer) });
}

function keep(lesson: string, page: number, answered: Answered): void {
  useLesson.setState(({ answers }) => ({ answers: { ...answers, [pageKey(lesson, page)]: answered } }));
  announce(plainText(answered.judgement.reply));
}

/** A sentence on what the scene shows now; also for those who do not see it. */
export function say(sentence: string): void {
  if (useLesson.getState().sentence === sentence) return;
  useLesson.setState({ sentence });
  if (sentence !== '') announce(sentence);
}
