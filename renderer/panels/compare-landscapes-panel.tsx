import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { numberText } from '../../core/figures/number-text.ts';
import { useSettings } from '../state/settings.ts';
import { useSettledRuns } from '../state/shown-run.ts';
import { Button, IconButton } from '../widgets/button.tsx';
import { SelectField } from '../widgets/fields.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { CompareCell } from './compare/compare-cell.tsx';
import { contentOf, reachOf } from './compare/compare-content.ts';
import {
  type Compared,
  choosePlane,
  followPlanes,
  mostCompared,
  removePlane,
  toggleDifference,
  useCompare,
} from './compare/compared.ts';
import { DifferenceCell } from './compare/difference-cell.tsx';
import { type LinkedCameras, linkedCameras } from './compare/linked-cameras.ts';
import { PathChoice } from './compare/path-choice.tsx';
import { type FoundPath, usePaths } from './compare/paths.ts';
import './compare-landscapes-panel.css';

const views = [
  { id: 'surface', title: 'Surface' },
  { id: 'contours', title: 'Contours' },
] as const;
const scales = [
  { id: 'shared', title: 'One scale' },
  { id: 'own', title: 'Own scales' },
] as const;

/** Planes side by side, seen from the same place, with their difference and the paths of several runs. */
export function CompareLandscapesPanel() {
  const element = useRef<HTMLDivElement>(null);
  const isSeen = useIsSeen(element);
  useEffect(followPlanes, []);
  const { known, chosen, view, scale, difference } = useShown();
  const planes = useMemo(() => chosen.flatMap((key) => known.filter((one) => one.key === key)), [chosen, known]);
  return (
    <div className="compare-panel" ref={element}>
      <PanelHead
        title="Side by side"
        start={
          <Segmented
            label="Drawn as"
            value={view}
            options={views}
            onChange={(id) => useCompare.setState({ view: id })}
          />
        }
      >
        <Segmented
          label="Heights and colours"
          value={scale}
          options={scales}
          onChange={(id) => useCompare.setState({ scales: id })}
        />
        <Button
          size="small"
          isPressed={difference !== null}
          isDisabled={new Set(chosen).size < 2}
          onPress={toggleDifference}
        >
          Difference
        </Button>
        <AddPlane known={known} chosen={chosen} />
      </PanelHead>
      {planes.length === 0 ? (
        <EmptyState
          sentence={
            known.length === 0
              ? 'Planes of runs and landscape files stand side by side here once there are any.'
              : 'Choose planes to see side by side: of runs, steps, seeds, or files.'
          }
          action={
            known.length === 0
              ? undefined
              : {
                  title: known.length === 1 ? 'Show the plane' : 'Show the last two planes',
                  onPress: () => {
                    known.slice(-2).forEach(({ key }, place) => {
                      choosePlane(place, key);
                    });
                  },
                }
          }
        />
      ) : isSeen ? (
        <Cells planes={planes} />
      ) : null}
    </div>
  );
}

/** All but the point, which moves with the pointer. */
const useShown = () =>
  useCompare(
    useShallow(({ known, chosen, view, scales: scale, difference }) => ({ known, chosen, view, scale, difference })),
  );

/** Scenes that nobody sees hold no memory of the graphics card. */
function useIsSeen(element: RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => setSeen((entry?.contentRect.width ?? 0) > 0));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isSeen;
}

function AddPlane({ known, chosen }: { readonly known: readonly Compared[]; readonly chosen: readonly string[] }) {
  const next = known.find(({ key }) => !chosen.includes(key));
  return (
    <Button
      size="small"
      isDisabled={next === undefined || chosen.length >= mostCompared}
      onPress={() => next && choosePlane(chosen.length, next.key)}
      tooltip={`Up to ${mostCompared} planes`}
    >
      Add plane
    </Button>
  );
}

function Cells({ planes }: { readonly planes: readonly Compared[] }) {
  const { known, scale, difference } = useShown();
  const height = useSettings(({ landscape }) => landscape.height);
  const links = useMemo<LinkedCameras>(linkedCameras, []);
  const [found, setFound] = useState<Readonly<Record<string, readonly FoundPath[]>>>({});
  const reach = useMemo(
    () =>
      scale === 'own'
        ? null
        : reachOf(
            planes.map((one) => {
              const paths = (found[one.key] ?? []).flatMap(({ path }) =>
                path ? [{ path, colour: '', name: '' }] : [],
              );
              return contentOf(one, paths, { height, flat: false });
            }),
          ),
    [planes, found, scale, height],
  );
  const [first, second] = (difference ?? []).map((key) => planes.find((one) => one.key === key));
  const cells = planes.length + (first && second ? 1 : 0);
  const letterOf = (one: Compared) => (one === first ? 'A' : one === second ? 'B' : null);
  return (
    <>
      <PathChoice planes={planes} />
      <div className={`compare-cells compare-cells-${cells}`}>
        {planes.map((one, place) => (
          <PlaneWithPaths
            key={one.key}
            one={one}
            letter={letterOf(one)}
            place={place}
            known={known}
            reach={reach}
            links={links}
            onPaths={setFound}
          />
        ))}
        {first && second ? <DifferenceCell chosen={planes} first={first} second={second} links={links} /> : null}
      </div>
      <PointText />
    </>
  );
}

interface PlaneWithPathsProps {
  readonly one: Compared;
  readonly letter: string | null;
  readonly place: number;
  readonly known: readonly Compared[];
  readonly reach: ReturnType<typeof reachOf>;
  readonly links: LinkedCameras;
  readonly onPaths: (
    change: (before: Readonly<Record<string, readonly FoundPath[]>>) => Record<string, readonly FoundPath[]>,
  ) => void;
}

function PlaneWithPaths({ one, letter, place, known, reach, links, onPaths }: PlaneWithPathsProps) {
  const wanted = useCompare(({ paths }) => paths);
  const runs = useSettledRuns();
  const others = useMemo(() => runs.filter(({ id }) => id !== one.id && wanted.includes(id)), [runs, wanted, one.id]);
  const paths = usePaths(one, others);
  useEffect(() => {
    onPaths((before) => ({ ...before, [one.key]: paths }));
  }, [onPaths, one.key, paths]);
  const options = known.map(({ key, name }) => ({ id: key, title: name }));
  const head = (
    <>
      <SelectField
        label={`Plane ${place + 1}`}
        hideLabel
        value={one.key}
        options={options}
        onChange={(key) => choosePlane(place, key)}
      />
      <IconButton icon="close" label="Take this plane away" size="small" onPress={() => removePlane(place)} />
    </>
  );
  return <CompareCell one={one} letter={letter} head={head} paths={paths} reach={reach} links={links} />;
}

/** Where the point is that all of them show. */
function PointText() {
  const point = useCompare((state) => state.point);
  return (
    <p className="compare-point">
      {point === null
        ? 'Point at a surface: the same α and β are shown on all. Drag one: all turn.'
        : `α ${numberText(point.alpha, 3)}, β ${numberText(point.beta, 3)} in all of them`}
    </p>
  );
}
