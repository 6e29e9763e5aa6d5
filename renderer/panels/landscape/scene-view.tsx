import { useEffect, useMemo, useRef, useState } from 'react';
import { axisTitle } from '../../scene/axis-labels.ts';
import { type LandscapeScene, landscapeScene, type Picked, type SceneElement } from '../../scene/landscape-scene.ts';
import { type LegendSentence, legendSentences } from '../../scene/scene-legend.ts';
import type { SceneContent, SceneMark } from '../../scene/scene-model.ts';
import { probe, useProbe } from '../../state/probe.ts';
import type { ShownLandscape } from '../../state/results.ts';
import type { Settings } from '../../state/settings.ts';
import { setCursor, useTime } from '../../state/time.ts';
import { useThemeColours } from '../../widgets/theme-colours.ts';
import { gridOf, pathOf } from './landscape-text.ts';
import { colourOf, fieldOf, quantityTitle } from './quantities.ts';
import { sceneStyle } from './scene-style.ts';
import { useShownScene } from './shown-scene.ts';

export interface SceneViewProps {
  readonly shown: ShownLandscape;
  readonly settings: Settings['landscape'];
  readonly marks: readonly SceneMark[];
  /** What is seen, in words. */
  readonly alternative: string;
  readonly onPainter: (kind: 'gl' | 'canvas') => void;
  /** The surface was clicked. */
  readonly onPick: (picked: Picked) => void;
  /** What of the picture needs a word. */
  readonly onLegend: (sentences: readonly LegendSentence[]) => void;
}

/** The place of the scene in the page. What changes often (cursor, probed point) goes to it without React. */
export function SceneView({ shown, settings, marks, alternative, onPainter, onPick, onLegend }: SceneViewProps) {
  const element = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<LandscapeScene | null>(null);
  const colours = useThemeColours();
  const picked = useRef(onPick);
  picked.current = onPick;
  useEffect(() => {
    if (element.current === null) return;
    const made = landscapeScene(element.current as SceneElement, {
      onHover: (at) => probe(at && { ...at, source: 'scene' }),
      onStep: setCursor,
      onPick: (at) => picked.current(at),
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
  const content = useMemo(() => contentOf(shown, settings, marks), [shown, settings, marks]);
  useEffect(() => {
    if (scene === null) return;
    scene.show(content);
    onLegend(scene.model ? legendSentences(scene.model) : []);
  }, [scene, content, onLegend]);
  return <div ref={element} className="landscape-stage" role="img" aria-label={alternative} />;
}

function contentOf(shown: ShownLandscape, settings: Settings['landscape'], marks: readonly SceneMark[]): SceneContent {
  const { slice } = shown;
  const [d1, d2] = slice.directions;
  const { quantity } = fieldOf(slice, settings.quantity);
  return {
    grid: gridOf(shown, quantity),
    norms: [d1!.norm, d2!.norm],
    titles: [axisTitle('α', d1!), axisTitle('β', d2!)],
    path: drawnPath(shown, settings),
    stalks: settings.stalks,
    height: settings.height,
    flat: settings.view === 'contours',
    quantity: quantityTitle(quantity),
    colour: colourOf(slice, settings),
    clip: settings.clip,
    outlines: settings.outlines === 'none' ? null : settings.outlines,
    marks,
    cosine: slice.cosines[0] ?? 0,
  };
}

/** At its true losses; over another quantity only its shadow has a place. */
export function drawnPath(shown: ShownLandscape, { quantity, path: isWanted }: Settings['landscape']) {
  const path = isWanted ? pathOf(shown) : null;
  if (path === null || fieldOf(shown.slice, quantity).quantity === 'loss') return path;
  return { ...path, trueLoss: path.trueLoss.map(() => Number.NaN) };
}
