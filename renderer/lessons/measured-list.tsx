import { useMemo } from 'react';
import { quantityText } from '../../core/lessons/judge-answer.ts';
import type { Condition, LessonPage } from '../../core/lessons/lesson.ts';
import { plainName } from '../../core/lessons/measured/measured.ts';
import { quantityOf } from '../../core/lessons/scene-kinds.ts';
import { useLesson } from './lesson-state.ts';

const mostShown = 5;

/** The quantities that the question is about, with what was measured of them so far. */
export function MeasuredList({ page }: { readonly page: LessonPage }) {
  const now = useLesson((state) => state.now);
  const names = useMemo(() => namesOf(page), [page]);
  if (names.length === 0) return null;
  return (
    <dl className="lesson-measured" aria-label="Measured">
      {names.map((name) => {
        const { meaning, unit } = quantityOf(page.scene.kind, name) ?? { meaning: name, unit: '' };
        const value = now[name];
        return (
          <div key={name}>
            <dt>{meaning}</dt>
            <dd className={value === undefined ? 'lesson-measured-none' : ''}>
              {quantityText(value)}
              {unit !== '' && value !== undefined && Number.isFinite(value) ? ` ${unit}` : ''}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function namesOf({ question }: LessonPage): readonly string[] {
  const of = (conditions: readonly Condition[]) =>
    conditions.flatMap(({ quantity, aboveQuantity = quantity, belowQuantity = quantity }) => [
      aboveQuantity,
      belowQuantity,
      quantity,
    ]);
  const all =
    question.kind === 'reach'
      ? of(question.goals)
      : question.kind === 'number'
        ? // The number that is asked for is to be found, not read off.
          of(question.after)
        : [...of(question.after), ...question.choices.flatMap(({ holds }) => of(holds))];
  return [...new Set(all.map(plainName))].filter((name) => name !== 'shown').slice(0, mostShown);
}
