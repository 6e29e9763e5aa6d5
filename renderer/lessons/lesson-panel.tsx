import { useEffect, useMemo, useRef } from 'react';
import type { Lesson } from '../../core/lessons/lesson.ts';
import { Button } from '../widgets/button.tsx';
import { PanelHead } from '../widgets/section.tsx';
import { LessonList } from './lesson-list.tsx';
import { allMeasured, openLessonOf, pageKey, showPage, useLesson } from './lesson-state.ts';
import { QuestionView } from './question.tsx';
import { Paragraphs } from './rich-text.tsx';
import './lesson-panel.css';

/** The list of lessons, or the text of a page and its question. */
export function LessonPanel() {
  const lesson = useLesson(openLessonOf);
  const page = useLesson((state) => state.page);
  return (
    <div className="lesson">
      <PanelHead title="Lesson" note={lesson ? `${lesson.title} · ${page + 1} of ${lesson.pages.length}` : undefined}>
        {lesson === null ? null : (
          <Button variant="quiet" size="small" onPress={() => showPage(null, 0)}>
            All lessons
          </Button>
        )}
      </PanelHead>
      {lesson === null ? <LessonList /> : <Page lesson={lesson} page={page} />}
    </div>
  );
}

function Page({ lesson, page }: { readonly lesson: Lesson; readonly page: number }) {
  const shown = lesson.pages[page];
  const heading = useRef<HTMLHeadingElement>(null);
  const visit = useLesson((state) => state.visit);
  const now = useLesson((state) => state.now);
  const first = useLesson((state) => state.first);
  const measured = useMemo(() => allMeasured({ now, first }), [now, first]);
  const answered = useLesson((state) => state.answers[pageKey(lesson.id, page)]) ?? null;
  // The next page is read from its top, by keyboard too.
  useEffect(() => {
    if (visit > 0) heading.current?.focus({ preventScroll: true });
    const prose = heading.current?.closest('.lesson-prose');
    if (prose) prose.scrollTop = 0;
  }, [visit]);
  if (shown === undefined) return null;
  const isLast = page === lesson.pages.length - 1;
  return (
    <>
      <article className="lesson-prose">
        <h1 ref={heading} tabIndex={-1}>
          {shown.title}
        </h1>
        <Paragraphs text={shown.text} measured={measured} />
        <QuestionView key={visit} question={shown.question} measured={measured} answered={answered} />
      </article>
      <nav className="lesson-turn" aria-label="Pages">
        <Button isDisabled={page === 0} onPress={() => showPage(lesson.id, page - 1)}>
          Back
        </Button>
        <Dots lesson={lesson} page={page} />
        <Button variant="primary" onPress={() => (isLast ? showPage(null, 0) : showPage(lesson.id, page + 1))}>
          {isLast ? 'Finish' : 'Next'}
        </Button>
      </nav>
    </>
  );
}

/** Where one is, and which questions were answered rightly. */
function Dots({ lesson, page }: { readonly lesson: Lesson; readonly page: number }) {
  const answers = useLesson((state) => state.answers);
  return (
    <ol className="lesson-dots">
      {lesson.pages.map(({ title }, i) => {
        const isDone = answers[pageKey(lesson.id, i)]?.judgement.verdict === 'right';
        return (
          <li key={title}>
            <button
              type="button"
              className={`lesson-dot${isDone ? ' lesson-dot-done' : ''}`}
              aria-current={i === page ? 'page' : undefined}
              aria-label={`Page ${i + 1}: ${title}${isDone ? ', answered' : ''}`}
              title={title}
              onClick={() => showPage(lesson.id, i)}
            />
          </li>
        );
      })}
    </ol>
  );
}
