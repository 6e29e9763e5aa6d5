import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import { ColourBarView } from '../../panels/landscape/colour-bar-view.tsx';
import { sceneStyle } from '../../panels/landscape/scene-style.ts';
import { type LandscapeScene, landscapeScene, type SceneElement } from '../../scene/landscape-scene.ts';
import type { NamedPath, SceneContent, SceneMark } from '../../scene/scene-model.ts';
import { numeralText } from '../../widgets/numeral-text.ts';
import { Segmented } from '../../widgets/segmented.tsx';
import { useThemeColours } from '../../widgets/theme-colours.ts';
import { runnerColours } from './race-colours.ts';

type Surface = Simulations['surface']['value'];
type Start = readonly [number, number];

export interface RaceStageProps {
  readonly surface: Surface;
  readonly runners: Simulations['race']['value']['runners'];
  readonly start: Start;
  readonly shown: number;
  readonly canMove: boolean;
  readonly onMove: (start: Start) => void;
}

const views = [
  { id: 'surface', title: 'Surface' },
  { id: 'map', title: 'Map' },
] as const;

/** The surface with the paths over it, or the map from above, and the start that can be moved on either. */
export function RaceStage({ surface, runners, start, shown, canMove, onMove }: RaceStageProps) {
  const element = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<LandscapeScene | null>(null);
  const [view, setView] = useState<'surface' | 'map'>('surface');
  const [place, setPlace] = useState<readonly [number, number] | null>(null);
  const [, setDrawn] = useState(0);
  const colours = useThemeColours();
  const held = useRef(start);
  held.current = start;
  const follow = useCallback((from: LandscapeScene) => {
    const at = from.placeOf(...held.current);
    setPlace(at && [at.x, at.y]);
  }, []);
  useEffect(() => {
    if (element.current === null) return;
    const made: LandscapeScene = landscapeScene(element.current as SceneElement, {
      onHover: () => undefined,
      onStep: () => undefined,
      onPose: () => follow(made),
      onPainter: () => setDrawn((count) => count + 1),
    });
    setScene(made);
    return () => made.dispose();
  }, [follow]);
  useEffect(() => scene?.style(lessonStyle(colours)), [scene, colours]);
  const isFlat = view === 'map';
  const content = useMemo(
    () => contentOf(surface, runners, shown, isFlat, colours),
    [surface, runners, shown, isFlat, colours],
  );
  useEffect(() => {
    if (scene === null) return;
    scene.show(content);
    setDrawn((count) => count + 1);
    follow(scene);
  }, [scene, content, follow]);
  useEffect(() => {
    if (scene !== null && Number.isFinite(start[0] + start[1])) follow(scene);
  }, [scene, start, follow]);
  const model = scene?.model ?? null;
  return (
    <>
      <div
        ref={element}
        className="landscape-stage"
        role="img"
        aria-label={`The surface L = ${surface.formula}, with the paths of ${runners.length} optimisers. Arrow keys turn it.`}
      />
      {place === null ? null : (
        <StartHandle
          at={place}
          start={start}
          surface={surface}
          canMove={canMove}
          onMove={onMove}
          pointAt={(x, y) => {
            const box = element.current?.getBoundingClientRect();
            return box && scene ? scene.pointAt([x - box.left, y - box.top]) : null;
          }}
        />
      )}
      <div className="lesson-stage-view">
        <Segmented label="Drawn as" value={view} options={views} onChange={setView} />
      </div>
      {/* The surface has its heights beside it. */}
      {model === null || !isFlat ? null : <ColourBarView scale={model.colours} map="viridis" />}
    </>
  );
}

/** As elsewhere, with larger text: it is read from the back of a room. */
function lessonStyle(colours: ReturnType<typeof useThemeColours>) {
  const style = sceneStyle(colours, 'viridis');
  return { ...style, tickFont: `16px ${colours('font-num')}`, titleFont: `16px ${colours('font-ui')}` };
}

function contentOf(
  { x, y, values, criticalPoints, formula }: Surface,
  runners: RaceStageProps['runners'],
  shown: number,
  flat: boolean,
  colours: (token: string) => string,
): SceneContent {
  return {
    grid: { alpha: x, beta: y, loss: values, computed: new Uint8Array(values.length).fill(1), isFinal: true },
    // Lengths are those of the axes themselves.
    norms: [Number.NaN, Number.NaN],
    titles: ['x', 'y'],
    path: null,
    paths: shown === 0 ? [] : runners.map((runner) => pathOf(runner, shown, colours)),
    height: 'linear',
    flat,
    quantity: formula.length > 10 ? 'L' : `L = ${formula}`,
    marks: criticalPoints.map((point) => markOf(point, x, y, values)),
  };
}

function pathOf(
  { optimizer, path, losses }: RaceStageProps['runners'][number],
  shown: number,
  colours: (token: string) => string,
): NamedPath {
  const length = Math.min(shown + 1, losses.length);
  const indices = Array.from({ length }, (_, i) => i);
  const zeros = indices.map(() => 0);
  return {
    name: '',
    colour: colours(runnerColours[optimizer]),
    path: {
      steps: indices,
      alpha: indices.map((i) => path[2 * i]!),
      beta: indices.map((i) => path[2 * i + 1]!),
      trueLoss: indices.map((i) => losses[i]!),
      distance: zeros,
      length: zeros,
    },
  };
}

/** On the surface as it is drawn. */
function markOf(
  { x: alpha, y: beta, index, nullity }: Surface['criticalPoints'][number],
  xs: Float64Array,
  ys: Float64Array,
  values: Float64Array,
): SceneMark {
  const nearest = (axis: Float64Array, at: number) =>
    axis.reduce((best, one, i) => (Math.abs(one - at) < Math.abs(axis[best]! - at) ? i : best), 0);
  const value = values[nearest(xs, alpha) + xs.length * nearest(ys, beta)]!;
  const kind = index === 2 ? 'maximum' : index === 1 || nullity > 0 ? 'saddle' : 'minimum';
  const label = nullity === 2 ? 'flat saddle' : kind;
  return { alpha, beta, value, kind, certified: true, label };
}

interface StartHandleProps {
  readonly at: readonly [number, number];
  readonly start: Start;
  readonly surface: Surface;
  readonly canMove: boolean;
  readonly onMove: (start: Start) => void;
  readonly pointAt: (clientX: number, clientY: number) => { readonly alpha: number; readonly beta: number } | null;
}

/** Arrow keys go this part of the side of the plane; with Shift ten times as far. */
const keyPart = 1 / 200;

/** Where all begin: dragged with the pointer, or moved with the arrow keys along x and y. */
function StartHandle({ at: [left, top], start, surface, canMove, onMove, pointAt }: StartHandleProps) {
  const { x, y } = surface;
  const within = (axis: Float64Array, at: number) => Math.min(axis[axis.length - 1]!, Math.max(axis[0]!, at));
  const move = (to: Start) => onMove([clean(within(x, to[0])), clean(within(y, to[1]))]);
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (arrow === undefined) return;
    event.preventDefault();
    const by = keyPart * (event.shiftKey ? 10 : 1);
    const side = (axis: Float64Array) => axis[axis.length - 1]! - axis[0]!;
    move([start[0] + by * side(x) * arrow[0]!, start[1] + by * side(y) * arrow[1]!]);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const found = pointAt(event.clientX, event.clientY);
    if (found) move([found.alpha, found.beta]);
  };
  const style = { transform: `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)` };
  // What stands beside it is not its name: that says where it is.
  return (
    <>
      <button
        type="button"
        className={`lesson-start${canMove ? '' : ' lesson-start-fixed'}`}
        style={style}
        disabled={!canMove}
        aria-label={`Start at x = ${numeralText(start[0], 3)}, y = ${numeralText(start[1], 3)}${canMove ? '. Arrow keys move it.' : ''}`}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
      />
      <span className="lesson-start-label" style={style} aria-hidden="true">
        {canMove ? 'start, drag me' : 'start'}
      </span>
    </>
  );
}

/** A number that a reader can say. */
const clean = (value: number): number => Number(value.toPrecision(6));
