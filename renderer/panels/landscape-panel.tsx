import { useEffect, useMemo, useState } from 'react';
import type { Command } from '../app/command.ts';
import { whyNot } from '../app/command.ts';
import { landscapeCommands, recomputePlane } from '../app/commands/landscape-commands.ts';
import { runCommand } from '../app/run-command.ts';
import { ChartFigureMenu } from '../figures/figure-menu.tsx';
import { heightScale } from '../scene/height-scale.ts';
import { preparePainter } from '../scene/kept-painter.ts';
import { changeSettings } from '../state/history.ts';
import { probe } from '../state/probe.ts';
import { type PlaneKind, type ShownLandscape, usePlaneShown } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { type Settings, useSettings } from '../state/settings.ts';
import { useStudiedRun } from '../state/shown-run.ts';
import { Button } from '../widgets/button.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { ColourBarView } from './landscape/colour-bar-view.tsx';
import { useHeldLandscape } from './landscape/held-landscape.ts';
import { alternativeText, gridOf, pathOf, provenanceText, warningsOf } from './landscape/landscape-text.ts';
import { Legend } from './landscape/legend.tsx';
import { PictureDialog } from './landscape/picture-dialog.tsx';
import { SceneView } from './landscape/scene-view.tsx';
import { useShownScene } from './landscape/shown-scene.ts';
import { TurntableDialog } from './landscape/turntable-dialog.tsx';
import './landscape-panel.css';

const planes = [
  { id: 'pca', title: 'Trajectory plane' },
  { id: 'eigen', title: 'Eigenvectors' },
  { id: 'random', title: 'Random' },
] as const;
const views = [
  { id: 'surface', title: 'Surface' },
  { id: 'contours', title: 'Contours' },
] as const;

type Landscape = Settings['landscape'];

const change = (label: string, landscape: Landscape, some: Partial<Landscape>): void =>
  changeSettings(label, { landscape: { ...landscape, ...some } });

/** The loss on a plane through the run as a landscape, with the path of the run over it. */
export function LandscapePanel() {
  const run = useStudiedRun();
  const settings = useSettings(({ landscape }) => landscape);
  const kind = usePlaneShown(run?.id ?? null);
  const held = useHeldLandscape(run?.id ?? null, kind);
  const shown = `${run?.id} ${kind}`;
  useEffect(() => {
    // A picked point belongs to its plane.
    if (shown !== '') probe(null);
  }, [shown]);
  // Some commands wait for a scene.
  const { asking } = useShownScene();
  useEffect(preparePainter, []);
  return (
    <div className="landscape-panel">
      <PanelHead
        title="Landscape"
        start={
          <Segmented
            label="Plane"
            value={settings.plane}
            options={planes}
            onChange={(plane) => change('plane', settings, { plane })}
          />
        }
      >
        <Segmented
          label="Drawn as"
          value={settings.view}
          options={views}
          onChange={(view) => change('view of the landscape', settings, { view })}
        />
        <Button
          variant="quiet"
          size="small"
          className="panel-head-optional"
          onPress={() => useShownScene.getState().scene?.view('home')}
        >
          Reset view
        </Button>
        <MenuButton label="More of the landscape" items={menuEntries()} />
      </PanelHead>
      {run && held.shown && isDrawable(held.shown, settings) ? (
        <Picture run={run} shown={held.shown} coming={held.coming} settings={settings} />
      ) : (
        <Nothing run={run} plane={settings.plane} isComing={held.shown !== null} />
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

const isDrawable = (shown: ShownLandscape, { height }: Landscape): boolean =>
  heightScale(gridOf(shown), [], height) !== null;

interface PictureProps {
  readonly run: Run;
  readonly shown: ShownLandscape;
  readonly coming: ShownLandscape | null;
  readonly settings: Landscape;
}

function Picture({ run, shown, coming, settings }: PictureProps) {
  const [painter, setPainter] = useState<'gl' | 'canvas'>('gl');
  const { grid, path } = useMemo(() => ({ grid: gridOf(shown), path: pathOf(shown) }), [shown]);
  const scale = useMemo(() => heightScale(grid, path?.trueLoss ?? [], settings.height), [grid, path, settings.height]);
  const alternative = useMemo(() => alternativeText(shown, run.title), [shown, run.title]);
  const sides = [sideOf(grid.alpha), sideOf(grid.beta)] as const;
  if (scale === null) return null;
  const warnings = warningsOf(shown).join(' ');
  return (
    <ChartFigureMenu run={run.id} id="slice" more={menuEntries()}>
      <div className="landscape-picture-area">
        <SceneView shown={shown} settings={settings} alternative={alternative} onPainter={setPainter} />
        <Legend scale={scale} path={path} flat={settings.view === 'contours' || painter === 'canvas'} sides={sides} />
        <ColourBarView scale={scale} map={settings.colours} />
      </div>
      <footer className="landscape-notes">
        {painter === 'canvas' ? (
          <p className="landscape-note-warning">
            ⚠ Drawn as a flat map: this machine gives the window no WebGL now. Update its graphics driver, or start with
            software rendering, to see the surface.
          </p>
        ) : null}
        {settings.height === 'log' && !scale.logarithmic ? (
          <p className="landscape-note-warning">⚠ Drawn linearly: losses that are not positive have no logarithm.</p>
        ) : null}
        {warnings === '' ? null : (
          <p className="landscape-note-warning" title={warnings}>
            ⚠ {warnings}
          </p>
        )}
        <p>
          {provenanceText(shown)}
          {coming ? ` · the next one is being computed` : ''}
        </p>
      </footer>
    </ChartFigureMenu>
  );
}

const sideOf = (values: ArrayLike<number>): number => (values[values.length - 1] ?? 1) - (values[0] ?? 0) || 1;

interface NothingProps {
  readonly run: Run | null;
  readonly plane: PlaneKind;
  readonly isComing: boolean;
}

const planeSentences: Readonly<Record<PlaneKind, string>> = {
  pca: 'the plane that holds most of the path',
  eigen: 'the plane of the two leading Hessian eigenvectors',
  random: 'a random plane, scaled to the weights',
};

function Nothing({ run, plane, isComing }: NothingProps) {
  if (run === null) return <EmptyState sentence="Open a run or start an experiment to see its landscape." />;
  if (isComing) return <EmptyState sentence="The first points of the plane are being computed." />;
  if (run.checkpoints.length === 0)
    return <EmptyState sentence="The landscape appears here with the first checkpoint of the run." />;
  return (
    <EmptyState
      sentence={`The loss on ${planeSentences[plane]} has not been computed for this run yet.`}
      action={{ title: 'Compute this plane', onPress: () => recomputePlane(plane) }}
    />
  );
}
