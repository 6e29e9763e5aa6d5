import { showPage, useLesson } from '../../lessons/lesson-state.ts';
import type { Command } from '../command.ts';
import { goTo } from '../workspaces.ts';

/** A lesson each, as far as they are read. */
export const lessonCommands = (): readonly Command[] =>
  (useLesson.getState().lessons ?? []).map(
    ({ id, title }, i): Command => ({
      id: `help.lesson.${id}`,
      title: `${i + 1} ${title}`,
      menu: 'Help',
      section: 0,
      submenu: 'Lessons',
      keys: null,
      run() {
        goTo('lessons');
        showPage(id, 0);
      },
    }),
  );
