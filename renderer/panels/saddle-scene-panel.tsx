import { useEffect, useMemo, useRef } from 'react';
import type { SearchedPoint } from '../../core/analyses/saddles/saddle.ts';
import { escapeLossFigure } from '../../core/experiment/search-figures.ts';
import { sliceFigureOf } from '../../core/experiment/slice-figures.ts';
import { measureCosts } from '../actions/analysis-actions.ts';
import { followEscape, nameOfPoint, showSlice } from '../actions/saddle-actions.ts';
import { FigureMenu } from '../figures/figure-menu.tsx';
import { useFigureTheme } from '../figures/figure-theme.ts';
import { FigureView } from '../figures/figure-view.tsx';
import type { LandscapeScene } from '../scene/landscape-scene.ts';
import { useResults } from '../state/results.ts';
import { useSaddleSubject } from '../state/saddle-form.ts';
import {
  emptyScene,
  type FollowedEscape,
  type PointName,
  type SaddlePlane,
  type SaddleScene,
  sceneKey,
  useSaddleScenes,
} from '../state/saddle-scenes.ts';
import { dimensionOf, useSelectedPoint, useShownSearch } from '../state/searches.ts';
import { Button, IconButton } from '../widgets/button.tsx';
import { SliderField } from '../widgets/fields.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import {
  directionName,
  endText,
  isInPlane,
  normsOf,
  pathOfEscape,
  planeSentence,
  stepAt,
} from './saddles/escape-paths.ts';
import { SaddleStage } from './saddles/saddle-stage.tsx';
import { usePlayer } from './saddles/use-player.ts';
import './saddles/saddles.css';

/** The point that is selected in its landscape, and where descent goes from it. */
export function SaddleScenePanel() {
  const subject = useSaddleSubject();
  const key = subject?.key ?? '';
  const search = useShownSearch(key);
  const point = useSelectedPoint(key);
  const plane = useSaddleScenes((state) => state.plane);
  const name = nameOfPoint(key, search, point);
  const scene =
    useSaddleScenes(({ scenes }) => (name === null ? undefined : scenes[sceneKey(name, plane)])) ?? emptyScene;
  const held = useRef<LandscapeScene | null>(null);
  const dim = search === null ? null : dimensionOf(search);
  useAutomaticSlice(name, plane, dim, scene);
  const title = point === null ? 'Slice through a point' : `Point ${point.number} in its landscape`;
  const canEscape = name !== null && (point?.index?.negative ?? 0) >= 0.5;
  return (
    <section className="saddle-panel" aria-label="Slice through a point">
      <PanelHead title={title}>
        <Segmented
          label="Directions of the slice"
          value={plane}
          options={[
            { id: 'lowest,eigen', title: 'λ min, λ max', help: 'the most negative and the most positive direction' },
            { id: 'lowest', title: 'two lowest', help: 'the two most negative directions' },
          ]}
          onChange={(next) => useSaddleScenes.setState({ plane: next })}
        />
        <Button
          size="small"
          isDisabled={!canEscape || scene.busy !== null}
          onPress={() => name && void followEscape(name, plane)}
        >
          Follow the escape
        </Button>
        <MenuButton label="How the slice is drawn" items={viewEntries(held)} />
      </PanelHead>
      {point === null || scene.slice === null ? (
        <Nothing point={point} name={name} plane={plane} scene={scene} isRunning={search?.state === 'running'} />
      ) : (
        <Shown point={point} scene={{ ...scene, slice: scene.slice }} held={held} />
      )}
    </section>
  );
}

function viewEntries(held: { readonly current: LandscapeScene | null }) {
  const { height, view } = useSaddleScenes.getState();
  return [
    { id: 'home', title: 'Reset view', onAction: () => held.current?.view('home') },
    { id: 'top', title: 'From above', onAction: () => held.current?.view('top') },
    {
      id: 'flat',
      title: 'As a map of contours',
      section: 'how',
      isChecked: view === 'contours',
      onAction: () => useSaddleScenes.setState({ view: view === 'contours' ? 'surface' : 'contours' }),
    },
    {
      id: 'losses',
      title: 'Losses along the escape',
      section: 'how',
      isChecked: view === 'losses',
      onAction: () => useSaddleScenes.setState({ view: view === 'losses' ? 'surface' : 'losses' }),
    },
    {
      id: 'log',
      title: 'Logarithmic heights',
      section: 'how',
      isChecked: height === 'log',
      onAction: () => useSaddleScenes.setState({ height: height === 'log' ? 'linear' : 'log' }),
    },
  ];
}

/** As many losses as a slice needs, about. */
const losses = 2100;
const mostSeconds = 2.5;

/** What takes no time worth asking for is drawn by itself. */
function useAutomaticSlice(name: PointName | null, plane: SaddlePlane, dim: number | null, scene: SaddleScene): void {
  const run = name?.run ?? null;
  const costs = useResults((results) => (run === null ? undefined : results.costs[run]));
  const key = name === null ? null : sceneKey(name, plane);
  const isFree = scene.slice === null && scene.busy === null && scene.problem === null;
  useEffect(() => {
    if (run !== null) void measureCosts(run);
  }, [run]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name is another object each time; its key says when it changes
  useEffect(() => {
    if (name === null || costs === undefined || dim === null || !isFree) return;
    const seconds = losses * costs.loss + Math.min(dim, 300) * costs.product;
    if (seconds < mostSeconds) void showSlice(name, plane);
  }, [key, costs, dim, isFree]);
}

interface NothingProps {
  readonly point: SearchedPoint | null;
  readonly name: PointName | null;
  readonly plane: SaddlePlane;
  readonly scene: SaddleScene;
  readonly isRunning: boolean;
}

function Nothing({ point, name, plane, scene, isRunning }: NothingProps) {
  if (point === null)
    return <EmptyState sentence="Select a point in the chart or in the table: the loss around it is drawn here." />;
  if (name === null)
    return (
      <EmptyState
        sentence={
          isRunning
            ? 'The landscape of a point can be drawn as soon as the search is paused or done.'
            : 'No run keeps this point, so its landscape cannot be drawn: start a run of the experiment and search there.'
        }
      />
    );
  if (scene.busy === 'slice')
    return <EmptyState sentence={`The slice through point ${point.number} is being computed.`} />;
  return (
    <EmptyState
      sentence={scene.problem ?? `The slice through point ${point.number} has not been computed yet.`}
      action={{ title: 'Show its landscape', onPress: () => void showSlice(name, plane) }}
    />
  );
}

interface ShownProps {
  readonly point: SearchedPoint;
  readonly scene: SaddleScene & { readonly slice: NonNullable<SaddleScene['slice']> };
  readonly held: React.RefObject<LandscapeScene | null>;
}

function Shown({ point, scene, held }: ShownProps) {
  const player = usePlayer(scene.followed);
  const { slice, followed } = scene;
  const view = useSaddleScenes((state) => state.view);
  const warnings = 'warnings' in slice ? slice.warnings : [];
  return (
    <div className="saddle-scene">
      {view === 'losses' && followed !== null ? (
        <FigureMenu figure={() => escapeLossFigure(followed, 'distance', 'light')}>
          <EscapeLosses followed={followed} />
        </FigureMenu>
      ) : (
        <FigureMenu figure={() => ('planeId' in slice ? sliceFigureOf(slice, { theme: 'light' }) : null)}>
          <SaddleStage point={point} scene={scene} share={followed === null ? 1 : player.share} held={held} />
        </FigureMenu>
      )}
      {followed === null ? null : (
        <div className="saddle-player">
          <IconButton
            icon={player.isPlaying ? 'pause' : 'play'}
            label={player.isPlaying ? 'Pause the descent' : 'Play the descent'}
            size="small"
            onPress={player.isPlaying ? player.pause : player.play}
          />
          <SliderField
            label="Along the descents"
            hideLabel
            value={player.share}
            minimum={0}
            maximum={1}
            step={0.005}
            format={(share) => `${Math.round(100 * share)} % of the way`}
            onChange={player.seek}
          />
          <EscapeEnds scene={scene} share={player.share} />
        </div>
      )}
      <footer className="landscape-notes">
        {followed === null ? null : (
          <p>{[planeSentence(followed, slice), sentenceOf(followed)].filter(Boolean).join(' ')}</p>
        )}
        {warnings.length === 0 ? null : (
          <p className="landscape-note-warning" title={warnings.join(' ')}>
            ⚠ {warnings.join(' ')}
          </p>
        )}
        <p>
          {slice.axes.map(({ length }) => length).join(' × ')} points · {slice.precision}, {slice.engine}
          {scene.busy === 'escape' ? ' · the escape is being followed' : ''}
          {scene.complete ? '' : ' · coarse, the rest is being computed'}
        </p>
      </footer>
    </div>
  );
}

/** The loss along each descent. */
function EscapeLosses({ followed }: { readonly followed: FollowedEscape }) {
  const theme = useFigureTheme();
  const figure = useMemo(() => escapeLossFigure(followed, 'distance', theme), [followed, theme]);
  return <FigureView className="saddle-spectrum" figure={figure} />;
}

/** Why there is no path, where there is none. */
const sentenceOf = ({ paths, sentence }: FollowedEscape): string => (paths.length === 0 ? sentence : '');

/** Where each descent ends, or its step while it is drawn. */
function EscapeEnds({ scene: { followed, slice }, share }: { readonly scene: SaddleScene; readonly share: number }) {
  if (followed === null || slice === null) return null;
  return (
    <ul className="escape-ends" aria-label="Where the descents end">
      {followed.paths.map((path) => (
        <li key={`${path.direction} ${path.sign}`}>
          <span className="landscape-numeral">
            {path.sign > 0 ? '+' : '−'}
            {directionName(path.direction)}
          </span>{' '}
          {share < 1
            ? `step ${stepAt(pathOfEscape(path, followed.loss), share, normsOf(slice))}`
            : `${endText(path)}, ${path.end.steps} steps`}
          {isInPlane(path, slice) ? '' : ', off this plane'}
        </li>
      ))}
    </ul>
  );
}
