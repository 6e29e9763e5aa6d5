import { Button } from '../widgets/button.tsx';
import { openOwnLesson } from './lesson-files.ts';
import { pageKey, showPage, useLesson } from './lesson-state.ts';

/** All lessons: what each is about, how long it takes, and how far one has come. */
export function LessonList() {
  const lessons = useLesson((state) => state.lessons);
  const refused = useLesson((state) => state.refused);
  const answers = useLesson((state) => state.answers);
  return (
    <div className="lesson-prose">
      <h1>Saddles, touched</h1>
      <p>
        Each lesson is a few pages of text beside a scene that computes as you watch. Nothing here is played back: the
        numbers are made on this machine, off line. The questions are answered in the scene.
      </p>
      {refused.map(({ found, advice }) => (
        <p key={found} role="alert" className="lesson-reply lesson-reply-wrong">
          {found} {advice}
        </p>
      ))}
      <ol className="lesson-list">
        {(lessons ?? []).map(({ id, title, summary, minutes, pages }) => {
          const done = pages.filter((_, i) => answers[pageKey(id, i)]?.judgement.verdict === 'right').length;
          return (
            <li key={id}>
              <button type="button" className="lesson-entry" onClick={() => showPage(id, 0)}>
                <strong>{title}</strong>
                <span>{summary}</span>
                <small>
                  {pages.length} pages, about {minutes} minutes{done > 0 ? `, ${done} answered` : ''}
                </small>
              </button>
            </li>
          );
        })}
      </ol>
      <Button onPress={() => void openOwnLesson()}>Open a lesson file…</Button>
    </div>
  );
}
