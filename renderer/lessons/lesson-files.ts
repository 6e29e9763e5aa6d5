import { looksLikeLesson } from '../../core/lessons/read-lesson.ts';
import { failureOf, reporting } from '../actions/failures.ts';
import { refreshRecent } from '../actions/recent.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import { announce, reportProblem } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';
import { addLesson, openLessonOf, takeLessons, useLesson } from './lesson-state.ts';

export async function loadLessons(): Promise<void> {
  takeLessons(await bridge.bundledLessons());
}

/** Asks for a file. */
export async function openOwnLesson(): Promise<void> {
  const file = await reporting(() => bridge.openFile('lesson'));
  if (file === null) return;
  const read = await reporting(() => compute.call('readExperiment', { file: file.reference }).outcome);
  if (read) showLessonText(read.value.yaml, file.name);
  await refreshRecent();
}

/** Shows it in the workspace of lessons; what is wrong with it is told. */
export function showLessonText(yaml: string, name: string): void {
  try {
    addLesson(yaml, name);
  } catch (problem) {
    const { found, advice } = problem as { found?: string; advice?: string };
    reportProblem(
      found === undefined || advice === undefined ? failureOf(problem) : { kind: 'badInput', found, advice },
    );
    return;
  }
  useSettings.setState({ workspace: 'lessons' });
  announce(`The lesson ${openLessonOf(useLesson.getState())?.title} is open.`);
}

/** Whether a file that was opened as an experiment is a lesson; it is shown then. */
export function tookLesson(yaml: string, name: string): boolean {
  if (!looksLikeLesson(yaml)) return false;
  showLessonText(yaml, name);
  return true;
}
