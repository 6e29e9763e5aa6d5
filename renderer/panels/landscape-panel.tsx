import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Command } from '../app/command.ts';
import { whyNot } from '../app/command.ts';
import { landscapeCommands, recomputePlane } from '../app/commands/landscape-commands.ts';
import { runCommand } from '../app/run-command.ts';
import { ChartFigureMenu } from '../figures/figure-menu.tsx';
import { heightScale } from '../scene/height-scale.ts';
import { preparePainter } from '../scene/kept-painter.ts';
import type { LegendSentence } from '../scene/scene-legend.ts';
import { colourScale, heightColours } from '../scene/surface-colours.ts';
import { useShownFile } from '../state/landscape-files.ts';
import { shapeOfPlane } from '../state/plane-kind.ts';
import { probe } from '../state/probe.ts';
import { type PlaneKind, type ShownLandscape, usePlaneShown } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { openDialog } from '../state/session.ts';
import { type Settings, useSettings } from '../state/settings.ts';
import { useStudiedRun } from '../state/shown-run.ts';
import { centreMark, sliceTitle } from '../state/slice-title.ts';
import { pickCell, usePicked } from '../state/studied-point.ts';
import { Button } from '../widgets/button.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { ColourBarView } from './landscape/colour-bar-view.tsx';
import { CameraSection, CellSection, change, DisplaySection, PathSection } from './landscape/controls.tsx';
import { FileNotes } from './landscape/file-notes.tsx';
import { whyNoRun } from './landscape/file-text.ts';
import { useHeldLandscape } from './landscape/held-landscape.ts';
import { alternativeText, gridOf, pathOf, provenanceText, warningsOf } from './landscape/landscape-text.ts';
import { Legend } from './landscape/legend.tsx';
import { LineView } from './landscape/line-view.tsx';
import { featureRows, markOfCell, marksOf } from './landscape/marks-of-features.ts';
import { PauseNote } from './landscape/pause-note.tsx';
import { PictureDialog } from './landscape/picture-dialog.tsx';
import { PointCard } from './landscape/point-card.tsx';
import { capital, certificateSentence, colourOf, fieldOf, quantityTitle } from './landscape/quantities.ts';
import { drawnPath, SceneView } from './landscape/scene-view.tsx';
import { useShownScene } from './landscape/shown-scene.ts';
import { SliceMenu } from './landscape/slice-menu.tsx';
import { TopologySection } from './landscape/topology-section.tsx';
import { TurntableDialog } from './landscape/turntable-dialog.tsx';
import { useFeatures } from './landscape/use-features.ts';
import { VolumePicture } from './landscape/volume-picture.tsx';
import './landscape-panel.css';

const views = [
  { id: 'surface', title: 'Surface' },
  { id: 'contours', title: 'Contours' },
] as const;

type Landscape = Settings['landscape'];

/** A slice through the run: a line as a chart, a plane as a landscape with the path over it, a volume. */
export function LandscapePanel() {
  const run = useStudiedRun();
  const settings = useSettings(({ landscape }) => landscape);
  const file = useShownFile();
  const subject = run ?? (file && { id: file.id, title: file.file.name });
  const plane = usePlaneShown(subject?.id ?? null);
  const held = useHeldLandscape(subject?.id ?? null, plane);
  const key = `${subject?.id} ${plane}`;
  useEffect(() => {
    // What was picked belongs to its slice.
    if (key !== '') {
      probe(null);
      pickCell(null);
    }
  }, [key]);
  // Some commands wait for a scene.
  const { asking } = useShownScene();
  useEffect(preparePainter, []);
  const shape = shapeOfPlane(plane);
  return (
    <div className="landscape-panel">
      <PanelHead
        title="Landscape"
        start={
          file ? (
            <h3 className="landscape-file">{file.file.name}</h3>
          ) : (
            <SliceMenu run={run?.id ?? null} plane={settings.plane} />
          )
        }
      >
        <Button
          variant="quiet"
          size="small"
          className="panel-head-optional"
          isDisabled={run === null}
          tooltip={file ? whyNoRun : undefined}
          onPress={() => openDialog('analysis', { id: 'slice' })}
        >
          New slice…
        </Button>
        {shape === 'plane' ? (
          <>
            <Segmented
              label="Drawn as"
              value={settings.view}
              options={views}
              onChange={(view) => change('view of the landscape', { view })}
            />
            <Button
              variant="quiet"
              size="small"
              className="panel-head-optional"
              onPress={() => useShownScene.getState().scene?.view('home')}
            >
              Reset view
            </Button>
          </>
        ) : null}
        {shape === 'volume' ? null : (
          <Button
            size="small"
            isPressed={settings.controls}
            onPress={() => change('controls of the landscape', { controls: !settings.controls })}
          >
            Controls
          </Button>
        )}
        <MenuButton label="More of the landscape" items={menuEntries()} />
      </PanelHead>
      {subject && held.shown && isDrawable(held.shown, settings) ? (
        <Shown run={subject} plane={plane} shown={held.shown} coming={held.coming} settings={settings} />
      ) : (
        <Nothing run={run} file={file?.file.name ?? null} plane={settings.plane} isComing={held.shown !== null} />
      )}
      {asking === 'picture' ? <PictureDialog /> : null}
      {asking === 'turntable' ? <TurntableDialog /> : null}
    </div>
  );
}

/** What is not in the head already. */
const menuEntries = (): MenuEntry[] =>
  landscapeCommands
    .filter(({ id }) => !/\.(plane|view\.(surface|contours))/.test(id))
    .map((command: Command) => ({
      id: command.id,
      title: command.title,
      section: command.section,
      onAction: () => void runCommand(command),
      isDisabled: whyNot(command) !== null,
      ...(command.checked ? { isChecked: command.checked() } : {}),
    }));

const isDrawable = (shown: ShownLandscape, { height, quantity }: Landscape): boolean =>
  shown.slice.axes.length !== 2 || heightScale(gridOf(shown, quantity), [], height) !== null;

interface ShownProps {
  /** Or the file that it was read from. */
  readonly run: Pick<Run, 'id' | 'title'>;
  readonly plane: PlaneKind;
  readonly shown: ShownLandscape;
  readonly coming: ShownLandscape | null;
  readonly settings: Landscape;
}

/** The picture with its controls, notes and card. */
function Shown(props: ShownProps) {
  const { run, plane, shown, coming, settings } = props;
  const { slice } = shown;
  const axes = slice.axes.length;
  const field = fieldOf(slice, axes === 2 ? settings.quantity : 'loss');
  const features = useFeatures(slice, field, settings.prominence, settings.marks && axes < 3);
  const rows = useMemo(() => (features ? featureRows(features) : []), [features]);
  const cell = usePicked(({ cell: picked }) => (picked?.run === run.id && picked.plane === plane ? picked : null));
  const path = useMemo(() => pathOf(shown), [shown]);
  const isIn = cell !== null && cell.index < slice.fields[0].values.length;
  const index = isIn ? cell.index : null;
  const marks = useMemo(
    () => [...marksOf(rows), ...(index === null || axes !== 2 ? [] : [markOfCell(slice, field, index)])],
    [rows, index, slice, field, axes],
  );
  const warnings = warningsOf(shown).join(' ');
  return (
    <div className="landscape-shown">
      <div className="landscape-main">
        <div className="landscape-seen">
          {axes === 1 ? (
            <LineView run={run.id} shown={shown} more={menuEntries()} />
          ) : axes === 3 ? (
            <VolumePicture
              shown={shown}
              name={run.title}
              colours={settings.colours}
              onPick={(index) => pickCell({ run: run.id, plane, index })}
            />
          ) : (
            <Picture {...props} marks={marks} />
          )}
          {isIn ? <PointCard run={run.id} plane={plane} shown={shown} index={cell.index} /> : null}
        </div>
        <footer className="landscape-notes">
          {shown.file ? (
            <FileNotes sentences={warningsOf(shown)} />
          ) : warnings === '' || axes === 1 ? null : (
            <p className="landscape-note-warning" title={warnings}>
              ⚠ {warnings}
            </p>
          )}
          <p>
            {provenanceText(shown)}
            {coming ? ` · the next one is being computed` : ''}
          </p>
          <PauseNote run={run.id} plane={plane} />
        </footer>
      </div>
      {settings.controls && axes < 3 ? (
        <aside className="landscape-controls" aria-label="How the landscape is drawn">
          {axes === 2 ? <DisplaySection shown={shown} settings={settings} /> : null}
          {axes === 2 && path ? <PathSection path={path} settings={settings} /> : null}
          <CellSection run={run.id} plane={plane} shown={shown} />
          <TopologySection
            run={run.id}
            plane={plane}
            shown={shown}
            settings={settings}
            features={features}
            rows={rows}
          />
          {axes === 2 ? <CameraSection plane={plane} settings={settings} /> : null}
        </aside>
      ) : null}
    </div>
  );
}

interface PictureProps extends ShownProps {
  readonly marks: ReturnType<typeof marksOf>;
}

function Picture({ run, plane, shown, settings, marks }: PictureProps) {
  const [painter, setPainter] = useState<'gl' | 'canvas'>('gl');
  const [sentences, setSentences] = useState<readonly LegendSentence[]>([]);
  const { slice } = shown;
  const field = fieldOf(slice, settings.quantity);
  const { grid, path } = useMemo(
    () => ({ grid: gridOf(shown, settings.quantity), path: drawnPath(shown, settings) }),
    [shown, settings],
  );
  const scale = useMemo(
    () => heightScale(grid, path?.trueLoss ?? [], settings.height, settings.clip),
    [grid, path, settings.height, settings.clip],
  );
  const colour = useMemo(() => colourOf(slice, settings), [slice, settings]);
  const alternative = useMemo(() => alternativeText(shown, run.title), [shown, run.title]);
  const onLegend = useCallback((next: readonly LegendSentence[]) => setSentences(next), []);
  if (scale === null) return null;
  const title = quantityTitle(field.quantity);
  const bar = (colour && colourScale(colour)) ?? heightColours(scale, capital(title));
  const told = colour ? fieldOf(slice, settings.colour) : field;
  return (
    <ChartFigureMenu run={run.id} id="slice" more={menuEntries()}>
      <div className="landscape-picture-area">
        <SceneView
          shown={shown}
          settings={settings}
          marks={marks}
          alternative={alternative}
          onPainter={setPainter}
          onLegend={onLegend}
          onPick={({ row, column }) => pickCell({ run: run.id, plane, index: column + grid.alpha.length * row })}
        />
        <Legend
          scale={scale}
          path={path}
          flat={settings.view === 'contours' || painter === 'canvas'}
          stalks={settings.stalks}
          hasLosses={shown.file?.path?.loss !== null}
          isLoss={field.quantity === 'loss'}
          quantity={title.replace(/ L$/, '')}
          sides={sidesOf(slice)}
          certificate={told.certificate === null ? null : certificateSentence(told)}
          sentences={sentences}
          hasMarks={marks.some(({ kind }) => kind !== 'found')}
        />
        <ColourBarView scale={bar} map={settings.colours} />
      </div>
      {painter === 'canvas' ? (
        <p className="landscape-drawn-note landscape-note-warning">
          ⚠ Drawn as a flat map: this machine gives the window no WebGL now. Update its graphics driver, or start with
          software rendering, to see the surface.
        </p>
      ) : null}
      {settings.height === 'log' && !scale.logarithmic ? (
        <p className="landscape-drawn-note landscape-note-warning">
          ⚠ Drawn linearly: values that are not positive have no logarithm.
        </p>
      ) : null}
    </ChartFigureMenu>
  );
}

/** What counts as equally far along both axes: equal lengths of parameters, as on the card; without them, the sides. */
function sidesOf({ axes, directions }: ShownLandscape['slice']): readonly [number, number] {
  const [first, second] = directions.map(({ norm }) => 1 / norm);
  if (Number.isFinite(first) && Number.isFinite(second)) return [first!, second!];
  return [sideOf(axes[0]!), sideOf(axes[1]!)];
}

const sideOf = (values: ArrayLike<number>): number => (values[values.length - 1] ?? 1) - (values[0] ?? 0) || 1;

interface NothingProps {
  readonly run: Run | null;
  readonly file: string | null;
  readonly plane: PlaneKind;
  readonly isComing: boolean;
}

const planeSentences: Readonly<Record<PlaneKind, string>> = {
  pca: 'the plane that holds most of the path',
  eigen: 'the plane of the two leading Hessian eigenvectors',
  random: 'a random plane, scaled to the weights',
};

function Nothing({ run, file, plane, isComing }: NothingProps) {
  if (file !== null)
    return <EmptyState sentence={`Nothing in ${file} can be drawn: none of its values is a finite number.`} />;
  if (run === null) return <EmptyState sentence="Open a run or start an experiment to see its landscape." />;
  if (isComing) return <EmptyState sentence="The first points of the slice are being computed." />;
  if (run.checkpoints.length === 0)
    return <EmptyState sentence="The landscape appears here with the first checkpoint of the run." />;
  const isOfPoint = plane.includes(centreMark);
  return (
    <div className="landscape-nothing">
      <EmptyState
        sentence={`${planeSentences[plane] ? `The loss on ${planeSentences[plane]}` : `“${sliceTitle(plane)}”`} has not been computed for this run yet.`}
        action={
          isOfPoint
            ? undefined
            : planeSentences[plane]
              ? { title: 'Compute this plane', onPress: () => recomputePlane(plane) }
              : { title: 'Compute this slice', onPress: () => openDialog('analysis', { id: 'slice' }) }
        }
      />
      <PauseNote run={run.id} plane={plane} />
    </div>
  );
}
