import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { axisTitle } from '../../scene/axis-labels.ts';
import { contourText } from '../../scene/contour-step.ts';
import { type LandscapeScene, landscapeScene, type SceneElement } from '../../scene/landscape-scene.ts';
import type { SceneContent, SceneModel } from '../../scene/scene-model.ts';
import type { SaddleScene } from '../../state/saddle-scenes.ts';
import { useSaddleScenes } from '../../state/saddle-scenes.ts';
import { useSettings } from '../../state/settings.ts';
import { useThemeColours } from '../../widgets/theme-colours.ts';
import { ColourBarView } from '../landscape/colour-bar-view.tsx';
import { sceneStyle } from '../landscape/scene-style.ts';
import {
  directionName,
  directionToken,
  drawnPaths,
  endText,
  isInPlane,
  normsOf,
  sceneMarksOf,
} from './escape-paths.ts';
import { natureOf } from './words.ts';

export interface SaddleStageProps {
  readonly point: SearchedPoint;
  readonly scene: SaddleScene & { readonly slice: NonNullable<SaddleScene['slice']> };
  /** How much of the paths is drawn, from 0 to 1. */
  readonly share: number;
  /** For the head, which turns the picture back. */
  readonly held: RefObject<LandscapeScene | null>;
}

/** Heights above this many times the depth below the point are cut off: the saddle is what is looked at. */
const mostAbove = 2.2;

/** The highest loss that is drawn: the saddle is not lost at the foot of steep walls. */
export function clipFor(losses: ArrayLike<number>, computed: ArrayLike<number>, at: number): number | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < losses.length; i++) {
    const loss = losses[i]!;
    if (computed[i] !== 1 || !Number.isFinite(loss)) continue;
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  if (!(high > low)) return null;
  const depth = Math.max(at - low, 0.15 * (high - low) * 0.5);
  const limit = at + mostAbove * depth;
  return limit < high ? limit : null;
}

function contentOf(
  { point, scene: { slice, followed }, share }: Omit<SaddleStageProps, 'held'>,
  colour: (token: string) => string,
  height: 'linear' | 'log',
  flat: boolean,
): SceneContent {
  const [first, second] = slice.directions;
  const field = slice.fields[0];
  const clip = flat || height === 'log' ? null : clipFor(field.values, field.computed, point.loss);
  const whole = followed ? drawnPaths(followed, slice, 1, colour) : [];
  const losses = whole.flatMap(({ path }) => path.trueLoss).filter(Number.isFinite);
  // While the paths grow, the box stays as large as they will need it.
  const box = [Math.min(point.loss, ...losses), Math.max(point.loss, ...losses)] as const;
  return {
    grid: { alpha: slice.axes[0]!, beta: slice.axes[1]!, loss: field.values, computed: field.computed },
    norms: normsOf(slice),
    titles: [axisTitle('α', first!), axisTitle('β', second!)],
    path: null,
    paths: followed === null ? [] : drawnPaths(followed, slice, share, colour),
    height,
    flat,
    clip,
    reach: { colours: [point.loss, point.loss], box },
    marks: sceneMarksOf(point, slice, followed, share >= 1),
    cosine: slice.cosines[0] ?? 0,
  };
}

/** The slice through a point in three dimensions, with what was followed from it. */
export function SaddleStage({ point, scene: shown, share, held }: SaddleStageProps) {
  const element = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<LandscapeScene | null>(null);
  const [model, setModel] = useState<SceneModel | null>(null);
  const [painter, setPainter] = useState<'gl' | 'canvas'>('gl');
  const colours = useThemeColours();
  const map = useSettings(({ landscape }) => landscape.colours);
  const height = useSaddleScenes((state) => state.height);
  const flat = useSaddleScenes((state) => state.view === 'contours');
  useEffect(() => {
    if (element.current === null) return;
    const made = landscapeScene(element.current as SceneElement, {
      onHover() {},
      onStep() {},
      onPainter: setPainter,
    });
    setScene(made);
    held.current = made;
    return () => {
      made.dispose();
      if (held.current === made) held.current = null;
    };
  }, [held]);
  useEffect(() => scene?.style(sceneStyle(colours, map)), [scene, colours, map]);
  const content = useMemo(
    () => contentOf({ point, scene: shown, share }, colours, height, flat),
    [point, shown, share, colours, height, flat],
  );
  useEffect(() => {
    if (scene === null) return;
    scene.show(content);
    setModel(scene.model);
  }, [scene, content]);
  return (
    <div className="saddle-stage">
      <div ref={element} className="landscape-stage" role="img" aria-label={alternativeOf(point, shown)} />
      <StageLegend scene={shown} model={model} />
      {model ? <ColourBarView scale={model.colours} map={map} /> : null}
      {painter === 'canvas' && !flat ? (
        <p className="saddle-stage-flat">Drawn flat: this window gets no WebGL now.</p>
      ) : null}
    </div>
  );
}

function StageLegend({
  scene: { followed, slice },
  model,
}: {
  readonly scene: SaddleScene;
  readonly model: SceneModel | null;
}) {
  const inPlane = slice ? (followed?.paths ?? []).filter((path) => isInPlane(path, slice)) : [];
  const directions = [...new Set(inPlane.map(({ direction }) => direction))];
  const contours = model ? contourText(model.step, model.box.scale.logarithmic) : '';
  const clip = model?.box.scale.clip;
  return (
    <ul className="landscape-legend">
      {directions.map((direction) => {
        const own = followed!.paths.filter((path) => path.direction === direction);
        return (
          <li key={direction}>
            <svg viewBox="0 0 18 12" aria-hidden="true">
              <path d="M1 6H17" stroke={`var(--${directionToken(direction)})`} strokeWidth="3.5" />
            </svg>
            <span>
              descent along ± {directionName(direction)}{' '}
              <span className="landscape-numeral">(λ = {numberText(own[0]!.eigenvalue, 3)})</span>
            </span>
          </li>
        );
      })}
      {contours === '' ? null : (
        <li>
          <svg viewBox="0 0 18 12" aria-hidden="true">
            <path className="landscape-legend-contour" d="M1 9C5 3 13 3 17 9" />
          </svg>
          {contours}
          {slice && clip !== undefined ? `, cut off at ${numberText(clip, 3)}` : ''}
        </li>
      )}
    </ul>
  );
}

function alternativeOf(point: SearchedPoint, { slice, followed }: SaddleScene): string {
  const [first, second] = slice?.directions ?? [];
  const spanned = [first, second]
    .map((direction) => (direction?.eigenvalue == null ? '' : numberText(direction.eigenvalue, 3)))
    .filter(Boolean)
    .join(' and ');
  const ends = (followed?.paths ?? []).map(
    (path) =>
      `along ${path.sign > 0 ? '+' : '−'}${directionName(path.direction)} ${path.end.kind === 'moving' ? '' : 'at a '}${endText(path)}`,
  );
  return [
    `The loss on the plane through point ${point.number}, a ${natureOf(point)} of loss ${numberText(point.loss, 4)}${spanned === '' ? '' : `, along eigenvectors with eigenvalues ${spanned}`}.`,
    ends.length > 0 ? `Descents end ${ends.join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
