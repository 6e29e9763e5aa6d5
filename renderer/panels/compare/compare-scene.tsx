import { useEffect, useRef, useState } from 'react';
import { type LandscapeScene, landscapeScene, type SceneElement } from '../../scene/landscape-scene.ts';
import type { SceneContent } from '../../scene/scene-model.ts';
import { useSettings } from '../../state/settings.ts';
import { setCursor, useTime } from '../../state/time.ts';
import { useThemeColours } from '../../widgets/theme-colours.ts';
import { sceneStyle } from '../landscape/scene-style.ts';
import { pointAt, useCompare } from './compared.ts';
import type { LinkedCameras } from './linked-cameras.ts';

export interface CompareSceneProps {
  readonly content: SceneContent;
  readonly links: LinkedCameras;
  /** What is seen, in words. */
  readonly alternative: string;
}

/** What turns a scene begins with one of these. */
const hands = ['pointerdown', 'wheel', 'keydown'] as const;

/** One of the scenes: it draws when something has changed, turns with the others and shows their point. */
export function CompareScene({ content, links, alternative }: CompareSceneProps) {
  const element = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<LandscapeScene | null>(null);
  const [isFlat, setFlat] = useState(false);
  const colours = useThemeColours();
  const map = useSettings(({ landscape }) => landscape.colours);
  useEffect(() => {
    if (element.current === null) return;
    const made = landscapeScene(element.current as SceneElement, {
      onHover: (at) => pointAt(at && { alpha: at.alpha, beta: at.beta }),
      onStep: setCursor,
      onPose: () => links.moved(made),
      onPainter: (kind) => setFlat(kind === 'canvas'),
    });
    setScene(made);
    const take = () => links.take(made);
    // Before the scene itself hears of them.
    for (const event of hands) element.current.addEventListener(event, take, { capture: true, passive: true });
    const held = element.current;
    const point = () => made.point({ cursor: useTime.getState().cursor, probe: useCompare.getState().point });
    point();
    const stop = [
      useTime.subscribe(point),
      useCompare.subscribe((now, before) => {
        if (now.point !== before.point) point();
      }),
    ];
    return () => {
      for (const each of stop) each();
      for (const event of hands) held.removeEventListener(event, take, { capture: true });
      made.dispose();
    };
  }, [links]);
  useEffect(() => scene?.style(sceneStyle(colours, map)), [scene, colours, map]);
  useEffect(() => scene?.show(content), [scene, content]);
  // After its first content: what it shows has framed it by then.
  useEffect(() => (scene === null ? undefined : links.join(scene)), [scene, links]);
  return (
    <>
      <div ref={element} className="landscape-stage compare-stage" role="img" aria-label={alternative} />
      {isFlat && !content.flat ? <p className="compare-no-gl">Drawn flat: no WebGL for this picture.</p> : null}
    </>
  );
}
