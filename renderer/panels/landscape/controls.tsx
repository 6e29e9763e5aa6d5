import { useEffect, useRef, useState } from 'react';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import { poseFrom, type ViewName } from '../../scene/camera-pose.ts';
import { checkpointAt, type ShownPath } from '../../scene/path-points.ts';
import { stepText } from '../../scene/step-text.ts';
import { changeSettings } from '../../state/history.ts';
import type { PlaneKind, ShownLandscape } from '../../state/results.ts';
import { mostCameras, type Settings, useSettings } from '../../state/settings.ts';
import { pickCell, usePicked } from '../../state/studied-point.ts';
import { setCursor, useTime } from '../../state/time.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { NumberField, SelectField, SliderField, SwitchField, TextField } from '../../widgets/fields.tsx';
import { Section } from '../../widgets/section.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { axisNames, coordinatesOfCell, nearestCell } from './cells.ts';
import { capital, certificateSentence, colourOf, fieldOf, quantityTitle } from './quantities.ts';
import { useShownScene } from './shown-scene.ts';

type Landscape = Settings['landscape'];

export const change = (label: string, some: Partial<Landscape>): void =>
  changeSettings(label, { landscape: { ...useSettings.getState().landscape, ...some } });

const heights = [
  { id: 'log', title: 'Log' },
  { id: 'linear', title: 'Linear' },
] as const;
const colourScales = [
  { id: 'own', title: 'Own' },
  { id: 'log', title: 'Log' },
  { id: 'linear', title: 'Linear' },
  { id: 'diverging', title: '± 0', help: 'diverging, zero in the middle' },
] as const;
const outlines = [
  { id: 'none', title: 'None' },
  { id: 'cells', title: 'Cells' },
  { id: 'triangles', title: 'Wireframe' },
] as const;

/** What is drawn upwards, what colours it, where it is cut off. */
export function DisplaySection({ shown, settings }: { readonly shown: ShownLandscape; readonly settings: Landscape }) {
  const { slice } = shown;
  const height = fieldOf(slice, settings.quantity);
  const colour = colourOf(slice, settings);
  const told = colour ? fieldOf(slice, settings.colour) : height;
  const options = slice.fields.map(({ quantity }) => ({ id: quantity, title: capital(quantityTitle(quantity)) }));
  return (
    <Section title="Display">
      <div className="landscape-fields">
        <SelectField
          label="Height"
          value={height.quantity}
          options={options}
          onChange={(quantity) => change('height of the landscape', { quantity, clip: null })}
        />
        <Segmented
          label="Scale of the height"
          value={settings.height}
          options={heights}
          onChange={(chosen) => change('scale of the height', { height: chosen })}
        />
        <SelectField
          label="Colour"
          value={colour ? settings.colour : 'height'}
          options={[{ id: 'height', title: 'As the height' }, ...options.filter(({ id }) => id !== height.quantity)]}
          onChange={(chosen) => change('colour of the landscape', { colour: chosen })}
        />
        {colour ? (
          <Segmented
            label="Scale of the colours"
            value={settings.colourScale}
            options={colourScales}
            onChange={(colourScale) => change('scale of the colours', { colourScale })}
          />
        ) : null}
        <p className="landscape-certificate">{certificateSentence(told)}</p>
        <ClipField shown={shown} settings={settings} />
        <Segmented
          label="Lines on the surface"
          value={settings.outlines}
          options={outlines}
          onChange={(chosen) => change('lines on the surface', { outlines: chosen })}
        />
      </div>
    </Section>
  );
}

function ClipField({ shown, settings }: { readonly shown: ShownLandscape; readonly settings: Landscape }) {
  const field = fieldOf(shown.slice, settings.quantity);
  const known = Array.from(field.values).filter((value, i) => field.computed[i] === 1 && Number.isFinite(value));
  const sorted = known.sort((a, b) => a - b);
  const half = sorted[Math.floor(0.75 * (sorted.length - 1))] ?? 1;
  return (
    <>
      <SwitchField
        label="Cut off above"
        value={settings.clip !== null}
        onChange={(on) => change('clip', { clip: on ? Number(half.toPrecision(2)) : null })}
      />
      {settings.clip === null ? null : (
        <NumberField label="Highest value" value={settings.clip} onChange={(clip) => change('clip', { clip })} />
      )}
    </>
  );
}

/** So long the whole path takes to play. */
const playMs = 8000;

/** The path, on or off, and the step under the cursor moved along it. */
export function PathSection({ path, settings }: { readonly path: ShownPath; readonly settings: Landscape }) {
  const cursor = useTime((time) => time.cursor);
  const [isPlaying, play] = useState(false);
  const frame = useRef(0);
  const first = path.steps[0]!;
  const last = path.steps[path.steps.length - 1]!;
  useEffect(() => {
    if (!isPlaying) return;
    const jumps = document.documentElement.dataset.motion === 'reduced';
    const from = useTime.getState().cursor ?? last;
    const begin = from >= last ? first : from;
    const began = performance.now() - (playMs * (begin - first)) / Math.max(1, last - first);
    const tick = (now: number) => {
      const share = Math.min(1, (now - began) / playMs);
      const at = first + share * (last - first);
      setCursor(jumps ? path.steps[checkpointAt(path, at)]! : Math.round(at));
      if (share < 1) frame.current = requestAnimationFrame(tick);
      else play(false);
    };
    frame.current = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame.current);
  }, [isPlaying, path, first, last]);
  const at = Math.min(last, Math.max(first, cursor ?? last));
  const index = checkpointAt(path, cursor);
  const [distance, length] = [path.distance[index] ?? Number.NaN, path.length[index] ?? Number.NaN];
  return (
    <Section title="Path">
      <div className="landscape-fields">
        <SwitchField label="Path" value={settings.path} onChange={(on) => change('path', { path: on })} />
        <SwitchField
          label="Stalks to the surface"
          value={settings.stalks}
          isDisabled={!settings.path}
          onChange={(stalks) => change('stalks', { stalks })}
        />
        <div className="landscape-play">
          <IconButton
            icon={isPlaying ? 'pause' : 'play'}
            label={isPlaying ? 'Stop playing the path' : 'Play the path'}
            onPress={() => play(!isPlaying)}
          />
          <SliderField
            label="Step"
            value={at}
            minimum={first}
            maximum={Math.max(first + 1, last)}
            step={1}
            format={(step) => stepText(step)}
            onChange={(step) => {
              play(false);
              setCursor(step);
            }}
          />
        </div>
        <p className="landscape-certificate">
          {length === 0
            ? 'At the centre of the slice.'
            : `${numberText(distance, 3)} off the slice, of ${numberText(length, 3)} from its centre: ${percentText(Math.min(1, (distance / length) ** 2))} of the squared way is not in the picture.`}
        </p>
      </div>
    </Section>
  );
}

/** The cell that is looked at, chosen by numbers. */
export function CellSection({
  run,
  plane,
  shown,
}: {
  readonly run: string;
  readonly plane: PlaneKind;
  readonly shown: ShownLandscape;
}) {
  const cell = usePicked(({ cell: picked }) => (picked?.run === run && picked.plane === plane ? picked : null));
  const { slice } = shown;
  const origin = slice.axes.map(() => 0);
  const coordinates = cell
    ? coordinatesOfCell(slice, cell.index)
    : coordinatesOfCell(slice, nearestCell(slice, origin));
  return (
    <Section
      title="Cell"
      aside={
        cell === null ? (
          <Button
            size="small"
            variant="quiet"
            onPress={() => pickCell({ run, plane, index: nearestCell(slice, origin) })}
          >
            Look at the centre
          </Button>
        ) : (
          'nearest to these'
        )
      }
    >
      <div className="landscape-fields landscape-cell-fields">
        {slice.axes.map((axis, k) => (
          <NumberField
            // biome-ignore lint/suspicious/noArrayIndexKey: an axis is its place.
            key={k}
            label={axisNames[k]!}
            value={Number(coordinates[k]!.toPrecision(6))}
            minimum={Math.min(axis[0]!, axis[axis.length - 1]!) - 1e-9}
            maximum={Math.max(axis[0]!, axis[axis.length - 1]!) + 1e-9}
            step={Number(Math.abs((axis[1] ?? axis[0]!) - axis[0]!).toPrecision(6))}
            onChange={(at) =>
              pickCell({
                run,
                plane,
                index: nearestCell(
                  slice,
                  coordinates.map((other, l) => (l === k ? at : other)),
                ),
              })
            }
          />
        ))}
      </div>
    </Section>
  );
}

const views: readonly (readonly [ViewName, string])[] = [
  ['home', 'Home'],
  ['top', 'Above'],
  ['front', 'Front'],
  ['side', 'Side'],
  ['alpha', 'Along α'],
  ['beta', 'Along β'],
  ['path', 'Along the path'],
];

/** Named views, and those that the user has kept of this slice. */
export function CameraSection({ plane, settings }: { readonly plane: PlaneKind; readonly settings: Landscape }) {
  const [name, setName] = useState('');
  const mine = settings.cameras.filter(({ slice }) => slice === plane);
  const free = `View ${mine.length + 1}`;
  const keep = () => {
    const pose = useShownScene.getState().scene?.pose;
    if (!pose) return;
    const title = name.trim() || free;
    const others = settings.cameras.filter((camera) => camera.slice !== plane || camera.name !== title);
    change('saved view', { cameras: [...others, { slice: plane, name: title, pose }].slice(-mostCameras) });
    setName('');
  };
  return (
    <Section title="View">
      <div className="landscape-views">
        {views.map(([view, title]) => (
          <Button key={view} size="small" onPress={() => useShownScene.getState().scene?.view(view)}>
            {title}
          </Button>
        ))}
      </div>
      {mine.length === 0 ? null : (
        <ul className="landscape-cameras" aria-label="Saved views">
          {mine.map((camera) => (
            <li key={camera.name}>
              <Button
                size="small"
                variant="quiet"
                onPress={() => {
                  const pose = poseFrom(camera.pose);
                  if (pose) useShownScene.getState().scene?.setPose(pose);
                }}
              >
                {camera.name}
              </Button>
              <IconButton
                icon="trash"
                size="small"
                label={`Forget ${camera.name}`}
                onPress={() =>
                  change('forgotten view', { cameras: settings.cameras.filter((other) => other !== camera) })
                }
              />
            </li>
          ))}
        </ul>
      )}
      <div className="landscape-camera-new">
        <TextField
          label="Name of the view"
          hideLabel
          placeholder={free}
          value={name}
          onChange={setName}
          onSubmit={keep}
        />
        <Button size="small" onPress={keep}>
          Keep view
        </Button>
      </div>
    </Section>
  );
}
