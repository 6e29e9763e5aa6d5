import { useEffect, useMemo, useRef, useState } from 'react';
import type { ColourMap } from '../../core/figures/colour-tables.ts';
import { percentText } from '../../core/figures/number-text.ts';
import { heightOf } from '../scene/height-scale.ts';
import { stepText } from '../scene/step-text.ts';
import { planeFacing } from '../scene/volume/box-planes.ts';
import type { VolumeContent, VolumeLook } from '../scene/volume/volume-content.ts';
import { checkpointOf } from '../scene/volume/volume-marks.ts';
import { hiddenShares } from '../scene/volume/volume-model.ts';
import type { PickedInVolume } from '../scene/volume/volume-picking.ts';
import type { VolumeScene } from '../scene/volume/volume-scene.ts';
import { Button } from '../widgets/button.tsx';
import { SelectField } from '../widgets/fields.tsx';
import { EmptyState, Section } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { useThemeColours } from '../widgets/theme-colours.ts';
import { sceneStyle } from './landscape/scene-style.ts';
import { LevelBarView } from './volume/level-bar-view.tsx';
import { LevelList } from './volume/level-list.tsx';
import { ClipList, SectionList } from './volume/plane-list.tsx';
import { firstLook, movedPlane, proposedLevels, scaleOf, withQuantity } from './volume/volume-look.ts';
import { VolumeStage } from './volume/volume-stage.tsx';
import { alternativeText, quantityName, readOutText, stateSentences } from './volume/volume-text.ts';
import './landscape-panel.css';
import './volume-view.css';

export interface VolumeViewProps {
  readonly content: VolumeContent;
  /** Of the run or the file, for people who do not see the picture. */
  readonly name: string;
  readonly colours: ColourMap;
  /** The step under the cursor of the window; null: the newest. */
  readonly cursor: number | null;
  readonly onStep: (step: number) => void;
  /** A point was clicked: go there. */
  readonly onGo: (picked: PickedInVolume) => void;
  readonly onHover?: ((picked: PickedInVolume | null) => void) | undefined;
  /** For commands: pictures, films, files, linked cameras. */
  readonly onScene?: ((scene: VolumeScene | null) => void) | undefined;
}

const scales = [
  { id: 'log', title: 'Log' },
  { id: 'linear', title: 'Linear' },
] as const;

/** A volume with its isosurfaces, sections and clip planes, and the controls of these. */
export function VolumeView({ content, name, colours, cursor, onStep, onGo, onHover, onScene }: VolumeViewProps) {
  const shape = content.axes.map((axis) => `${axis[0]} ${axis[axis.length - 1]}`).join(' ');
  const isKnown = content.fields.some((_, quantity) => scaleOf(content, { quantity, scale: 'linear' }) !== null);
  const [look, setLook] = useState<VolumeLook | null>(null);
  // Another volume begins anew; one that is computed further keeps what was chosen.
  const begun = useRef('');
  useEffect(() => {
    if (!isKnown || begun.current === shape) return;
    begun.current = shape;
    setLook(firstLook(content));
  }, [content, isKnown, shape]);
  if (!isKnown) return <EmptyState sentence="The first points of the volume are being computed." />;
  if (look === null || content.fields[look.quantity] === undefined) return null;
  const given = { content, name, colours, cursor, onStep, onGo, onHover, onScene };
  return <Shown {...given} look={look} onLook={setLook} />;
}

interface ShownProps extends VolumeViewProps {
  readonly look: VolumeLook;
  readonly onLook: (look: VolumeLook | ((before: VolumeLook | null) => VolumeLook | null)) => void;
}

function Shown({ content, name, colours, cursor, onStep, onGo, onHover, onScene, look, onLook }: ShownProps) {
  const [painter, setPainter] = useState<'gl' | 'canvas'>('gl');
  const [picked, setPicked] = useState<PickedInVolume | null>(null);
  const [areControlsShown, showControls] = useState(true);
  const scene = useRef<VolumeScene | null>(null);
  const theme = useThemeColours();
  const style = useMemo(() => ({ ...sceneStyle(theme, colours), far: theme('threshold') }), [theme, colours]);
  const field = content.fields[look.quantity] ?? content.fields[0];
  const { quantity, scale: wanted } = look;
  const scale = useMemo(() => scaleOf(content, { quantity, scale: wanted }), [content, quantity, wanted]);
  const levels = useMemo(
    () =>
      scale
        ? look.levels
            .filter(({ isShown }) => isShown)
            .map(({ level }) => heightOf(level, scale))
            .filter(Number.isFinite)
        : [],
    [look.levels, scale],
  );
  const alternative = useMemo(() => alternativeText(content, look, name), [content, look, name]);
  const notes = useMemo(() => stateSentences(content, quantity), [content, quantity]);
  if (scale === null) return <EmptyState sentence="This quantity has no finite value yet." />;
  const facing = () => {
    const pose = scene.current?.pose;
    return planeFacing(pose?.azimuth ?? 0, pose?.elevation ?? 0);
  };
  const planes = { content, look, onChange: onLook, facing };
  return (
    <div className="volume-view">
      <div className="volume-main">
        <div className="landscape-picture-area">
          <VolumeStage
            content={content}
            look={look}
            style={style}
            barTitle={quantityName(field)}
            cursor={cursor}
            alternative={alternative}
            onHover={(at) => {
              setPicked(at);
              onHover?.(at);
            }}
            onGo={onGo}
            onStep={onStep}
            onPlane={(id, value) => onLook((before) => before && movedPlane(before, id, value))}
            onPainter={setPainter}
            onScene={(made) => {
              scene.current = made;
              onScene?.(made);
            }}
          />
          <VolumeLegend content={content} cursor={cursor} picked={picked} field={field} />
          <LevelBarView scale={scale} title={quantityName(field)} levels={levels} style={style} />
          <div className="volume-actions">
            <Button size="small" onPress={() => scene.current?.view('home')}>
              Reset view
            </Button>
            <Button size="small" isPressed={areControlsShown} onPress={() => showControls(!areControlsShown)}>
              Controls
            </Button>
          </div>
        </div>
        <footer className="landscape-notes">
          {painter === 'canvas' ? (
            <p className="landscape-note-warning">
              ⚠ Drawn as three flat sections: this machine gives the window no WebGL now. Update its graphics driver, or
              start with software rendering, to see the volume.
            </p>
          ) : null}
          {look.scale === 'log' && !scale.logarithmic ? (
            <p className="landscape-note-warning">⚠ Drawn linearly: values that are not positive have no logarithm.</p>
          ) : null}
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </footer>
      </div>
      {areControlsShown ? (
        <aside className="volume-controls" aria-label="How the volume is drawn">
          <Section title="Quantity">
            <div className="volume-planes">
              {content.fields.length > 1 ? (
                <>
                  <SelectField
                    label="Levels of"
                    value={String(look.quantity)}
                    options={content.fields.map((one, i) => ({ id: String(i), title: quantityName(one) }))}
                    onChange={(id) => onLook(withQuantity(look, content, Number(id)))}
                  />
                  <SelectField
                    label="Coloured by"
                    value={String(look.colouredBy)}
                    options={[
                      { id: 'level', title: 'Level' },
                      ...content.fields.flatMap((one, i) =>
                        i === look.quantity ? [] : [{ id: String(i), title: quantityName(one) }],
                      ),
                    ]}
                    onChange={(id) => onLook({ ...look, colouredBy: id === 'level' ? 'level' : Number(id) })}
                  />
                </>
              ) : null}
              <Segmented
                label="Scale of the colours"
                value={look.scale}
                options={scales}
                onChange={(chosen) => onLook({ ...look, scale: chosen })}
              />
            </div>
          </Section>
          <Section
            title="Isosurfaces"
            aside={
              <Button
                variant="quiet"
                size="small"
                onPress={() => onLook({ ...look, levels: proposedLevels(field) })}
                tooltip="Three levels that enclose 3, 14 and 40 % of the points"
              >
                Propose
              </Button>
            }
          >
            <LevelList
              levels={look.levels}
              scale={scale}
              colours={colours}
              quantity={quantityName(field)}
              onChange={(next) => onLook({ ...look, levels: next })}
            />
          </Section>
          <Section title="Sections">
            <SectionList {...planes} />
          </Section>
          <Section title="Clip planes">
            <ClipList {...planes} />
          </Section>
        </aside>
      ) : null}
    </div>
  );
}

interface VolumeLegendProps {
  readonly content: VolumeContent;
  readonly cursor: number | null;
  readonly picked: PickedInVolume | null;
  readonly field: VolumeContent['fields'][0];
}

function VolumeLegend({ content: { path }, cursor, picked, field }: VolumeLegendProps) {
  const current = path ? checkpointOf(path, cursor) : -1;
  return (
    <ul className="landscape-legend">
      {path && current >= 0 ? (
        <>
          <li>
            <span className="volume-legend-dots" aria-hidden="true" />
            <span>path; dots by the share of their way that is not in this picture</span>
          </li>
          <li>
            <svg viewBox="0 0 18 12" aria-hidden="true">
              <circle className="landscape-legend-ring" cx="9" cy="6" r="5" />
              <circle className="landscape-legend-dot" cx="9" cy="6" r="3" />
            </svg>
            <span>
              step <span className="landscape-numeral">{stepText(path.steps[current] ?? 0)}</span>:{' '}
              {percentText(hiddenShares(path)[current] ?? 0)} of its way is not in this picture
            </span>
          </li>
        </>
      ) : null}
      {picked ? (
        <li>
          <svg viewBox="0 0 18 12" aria-hidden="true">
            <circle className="landscape-legend-probe" cx="9" cy="6" r="4" />
          </svg>
          <span className="landscape-numeral">{readOutText(picked, field)}</span>
        </li>
      ) : null}
    </ul>
  );
}
