import { useEffect, useMemo, useState } from 'react';
import type { Lesson } from '../../core/lessons/lesson.ts';
import { optimizerTitles } from '../../core/lessons/measured/race.ts';
import { numeralText } from '../widgets/numeral-text.ts';
import { useLesson } from './lesson-state.ts';
import { gridPoints, paramsOf, type Race } from './scenes/race-scene.tsx';
import { RaceStage } from './scenes/race-stage.tsx';
import { useSimulation } from './use-simulation.ts';

/** Slow enough to be watched beside the list. */
const stepMs = 200;

/** Beside the list of lessons: what the first of them begins with, to be looked at only. */
export function LessonPreview() {
  const at = useLesson(({ lessons }) => lessons?.findIndex(startsWithRace) ?? -1);
  const lesson = useLesson(({ lessons }) => lessons?.[at] ?? null);
  const scene = lesson?.pages[0]?.scene;
  if (lesson === null || scene?.kind !== 'race')
    return <p className="lesson-scene-empty">Choose a lesson at the left: its scene comes here.</p>;
  return <RacePreview key={lesson.id} number={at + 1} title={lesson.title} race={scene} />;
}

const startsWithRace = ({ pages }: Lesson): boolean => pages[0]?.scene.kind === 'race';

interface RacePreviewProps {
  readonly number: number;
  readonly title: string;
  readonly race: Race;
}

/** The first of its optimisers alone: who does what is the question of the lesson. */
function RacePreview({ number, title, race }: RacePreviewProps) {
  const alone = useMemo(() => ({ ...race, runners: race.runners.slice(0, 1) }), [race]);
  const { value: surface } = useSimulation('surface', { surface: race.surface, points: gridPoints });
  const { value } = useSimulation('race', paramsOf(alone));
  const runner = value?.runners[0];
  const shown = useShown(race.steps, runner !== undefined);
  const [x, y] = race.start;
  return (
    <>
      <div className="lesson-stage">
        {surface === null || value === null ? null : (
          <RaceStage
            surface={surface}
            runners={value.runners}
            start={race.start}
            shown={shown}
            canMove={false}
            onMove={() => undefined}
          />
        )}
      </div>
      <p className="lesson-preview">
        {surface === null || runner === undefined ? (
          'It is computed.'
        ) : (
          <>
            Lesson {number}, {title}: {optimizerTitles[runner.optimizer].toLowerCase()} on <i>L = {surface.formula}</i>{' '}
            from <i>x</i> = {numeralText(x)}, <i>y</i> = {numeralText(y)}, computed just now; step {numeralText(shown)}{' '}
            of {numeralText(race.steps)}. In the lesson others run beside it, and you move the start.
          </>
        )}
      </p>
    </>
  );
}

/** Counts once to the last step and stays there; it begins there where motion is to be reduced. */
function useShown(steps: number, isReady: boolean): number {
  const [shown, setShown] = useState(() => (document.documentElement.dataset.motion === 'reduced' ? steps : 0));
  useEffect(() => {
    if (!isReady || shown >= steps) return;
    const timer = setTimeout(() => setShown(shown + 1), stepMs);
    return () => clearTimeout(timer);
  }, [shown, steps, isReady]);
  return shown;
}
