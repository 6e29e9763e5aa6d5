import { useEffect, useMemo, useRef, useState } from 'react';
import { axisTitle } from '../../scene/axis-labels.ts';
import { type LandscapeScene, landscapeScene, type SceneElement } from '../../scene/landscape-scene.ts';
import type { SceneContent } from '../../scene/scene-model.ts';
import { probe, useProbe } from '../../state/probe.ts';
import type { ShownLandscape } from '../../state/results.ts';
import type { Settings } from '../../state/settings.ts';
import { setCursor, useTime } from '../../state/time.ts';
import { useThemeColours } from '../../widgets/theme-colours.ts';
import { gridOf, pathOf } from './landscape-text.ts';
import { sceneStyle } from './scene-style.ts';
import { useShownScene } from './shown-scene.ts';

export interface SceneViewProps {
  readonly shown: ShownLandscape;
  readonly settings: Settings['landscape'];
  /** What is seen, in words. */
  readonly alternative: string;
  readonly onPainter: (kind: 'gl' | 'canvas') => void;
}

/** The place of the scene in the page. What changes often (cursor, probed point) goes to it without React. */
export function SceneView({ shown, settings, alternative, onPainter }: SceneViewProps) {
  const element = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<LandscapeScene | null>(null);
  const colours = useThemeColours();
  useEffect(() => {
    if (element.current === null) return;
    const made = landscapeScene(element.current as SceneElement, {
      onHover: (picked) => probe(picked && { ...picked, source: 'scene' }),
      onStep: setCursor,
      onPainter,
    });
    setScene(made);
    useShownScene.setState({ scene: made });
    const point = () => made.point({ cursor: useTime.getState().cursor, probe: useProbe.getState().point });
    point();
    const stop = [useTime.subscribe(point), useProbe.subscribe(point)];
    return () => {
      for (const each of stop) each();
      made.dispose();
      if (useShownScene.getState().scene === made) useShownScene.setState({ scene: null });
    };
  }, [onPainter]);
  useEffect(() => scene?.style(sceneStyle(colours, settings.colours)), [scene, colours, settings.colours]);
  const content = useMemo(
    () => contentOf(shown, settings.height, settings.view === 'contours'),
    [shown, settings.height, settings.view],
  );
  useEffect(() => scene?.show(content), [scene, content]);
  return <div ref={element} className="landscape-stage" role="img" aria-label={alternative} />;
}

function contentOf(shown: ShownLandscape, height: 'log' | 'linear', flat: boolean): SceneContent {
  const [d1, d2] = shown.slice.directions;
  return {
    grid: gridOf(shown),
    norms: [d1!.norm, d2!.norm],
    titles: [axisTitle('α', d1!), axisTitle('β', d2!)],
    path: pathOf(shown),
    height,
    flat,
  };
}
