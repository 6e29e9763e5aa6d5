import type { ComponentType } from 'react';
import type { SceneKind, SceneState } from '../../core/lessons/lesson.ts';
import { sceneKinds } from '../../core/lessons/scene-kinds.ts';
import { PanelHead } from '../widgets/section.tsx';
import { LessonPreview } from './lesson-preview.tsx';
import { shownPage, useLesson } from './lesson-state.ts';
import { MeasuredList } from './measured-list.tsx';
import { DepthsScene } from './scenes/depths-scene.tsx';
import { EdgeScene } from './scenes/edge-scene.tsx';
import { EscapeTimesScene } from './scenes/escape-times-scene.tsx';
import { HierarchyScene } from './scenes/hierarchy-scene.tsx';
import { ModesScene } from './scenes/modes-scene.tsx';
import { RaceScene } from './scenes/race-scene.tsx';
import { RandomLandscapeScene } from './scenes/random-landscape-scene.tsx';
import type { SceneProps } from './scenes/scene-props.ts';
import { SearchScene } from './scenes/search-scene.tsx';
import './lesson-scene.css';

const scenes: { readonly [K in SceneKind]: ComponentType<SceneProps<K>> } = {
  race: RaceScene,
  randomLandscape: RandomLandscapeScene,
  search: SearchScene,
  modes: ModesScene,
  depths: DepthsScene,
  hierarchy: HierarchyScene,
  edge: EdgeScene,
  escapeTimes: EscapeTimesScene,
};

/** The live scene of a page: all that it shows is what the page declares and what was computed since. */
export function LessonScenePanel() {
  const page = useLesson(shownPage);
  const visit = useLesson((state) => state.visit);
  if (page === null)
    return (
      <div className="lesson-scene">
        <PanelHead title="Scene" />
        <LessonPreview />
      </div>
    );
  const Scene = scenes[page.scene.kind] as ComponentType<SceneProps<SceneState['kind']>>;
  return (
    <div className="lesson-scene">
      <PanelHead title="Scene" note={sceneKinds[page.scene.kind].title} />
      <Scene key={visit} declared={page.scene} controls={page.controls} />
      <MeasuredList page={page} />
      <Status />
    </div>
  );
}

function Status() {
  const sentence = useLesson((state) => state.sentence);
  return (
    <footer className="lesson-status">
      <span>{sentence}</span>
      <span className="lesson-status-engine">computed here, float64</span>
    </footer>
  );
}
