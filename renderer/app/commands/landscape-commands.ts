import { runSlice } from '../../actions/analysis-actions.ts';
import { askedFor } from '../../actions/slice-job.ts';
import { whyNoRun } from '../../panels/landscape/file-text.ts';
import { saveGlb, saveVts } from '../../panels/landscape/save-landscape.ts';
import { askHow, useShownScene } from '../../panels/landscape/shown-scene.ts';
import type { ViewName } from '../../scene/camera-pose.ts';
import { changeSettings } from '../../state/history.ts';
import { shownFile } from '../../state/landscape-files.ts';
import type { PlaneKind } from '../../state/results.ts';
import { currentRun } from '../../state/runs.ts';
import { type Settings, useSettings } from '../../state/settings.ts';
import type { Command } from '../command.ts';

type Landscape = Settings['landscape'];

const change = (label: string, some: Partial<Landscape>): void =>
  changeSettings(label, { landscape: { ...useSettings.getState().landscape, ...some } });

const isShown = (): boolean | string => useShownScene.getState().scene !== null || 'No landscape is shown.';
const isSolid = (): boolean | string =>
  useShownScene.getState().scene?.solid ? isShown() : 'There is no three-dimensional landscape to turn.';
/** A surface or a volume. */
const isDrawn = (): boolean | string => useShownScene.getState().volume !== null || isShown();
const isSolidScene = (): boolean | string => useShownScene.getState().volume?.solid || isSolid();
const hasRun = (): boolean | string => currentRun() !== null || (shownFile() ? whyNoRun : 'No run is open.');

/** One value of one setting, checked while it holds. */
function choice<K extends keyof Landscape>(
  name: K,
  value: Landscape[K],
  title: string,
  more: Pick<Command, 'section' | 'keys'> & Partial<Command>,
): Command {
  return {
    id: `landscape.${name}.${String(value)}`,
    title,
    menu: 'View',
    submenu: 'Landscape',
    checked: () => useSettings.getState().landscape[name] === value,
    run: () => change(title.toLowerCase(), { [name]: value }),
    ...more,
  };
}

const view = (name: ViewName, title: string, keys: string): Command => ({
  id: `landscape.view.${name}`,
  title,
  menu: 'View',
  section: 42,
  submenu: 'Landscape',
  keys,
  available: isShown,
  run: () => useShownScene.getState().scene?.view(name),
});

const save = (
  what: string,
  title: string,
  available: () => boolean | string,
  run: () => void | Promise<void>,
): Command => ({ id: `landscape.${what}`, title, menu: 'Figure', section: 30, keys: null, available, run });

/** Computes the chosen slice of the run that is studied at its last checkpoint. */
export function recomputePlane(plane: PlaneKind = useSettings.getState().landscape.plane): void {
  const run = currentRun();
  if (!run) return;
  const asked = askedFor(run.id, plane);
  const byItself = { plane, grid: String(useSettings.getState().landscape.grid) };
  runSlice(run.id, null, asked?.parameters ?? byItself, asked?.centre);
}

export const landscapeCommands: readonly Command[] = [
  choice('plane', 'pca', 'Trajectory plane', { section: 40, keys: null }),
  choice('plane', 'eigen', 'Eigenvector plane', { section: 40, keys: null }),
  choice('plane', 'random', 'Random plane', { section: 40, keys: null }),
  choice('view', 'surface', 'Surface', { section: 41, keys: null }),
  choice('view', 'contours', 'Contours', { section: 41, keys: null }),
  view('home', 'Reset view', 'Home'),
  view('top', 'View from above', '7'),
  view('front', 'View from the front', '1'),
  view('side', 'View from the side', '3'),
  choice('height', 'log', 'Logarithmic height', { section: 43, keys: null }),
  choice('height', 'linear', 'Linear height', { section: 43, keys: null }),
  choice('colours', 'viridis', 'Colours: viridis', { section: 44, keys: null }),
  choice('colours', 'cividis', 'Colours: cividis', { section: 44, keys: null }),
  {
    id: 'landscape.follow',
    title: 'Compute the plane anew while training',
    menu: 'View',
    section: 45,
    submenu: 'Landscape',
    keys: null,
    checked: () => useSettings.getState().landscape.follow,
    run: () => change('following the run', { follow: !useSettings.getState().landscape.follow }),
  },
  {
    id: 'landscape.recompute',
    title: 'Compute the plane at the last checkpoint',
    menu: 'Analyse',
    section: 20,
    keys: null,
    available: hasRun,
    run: () => recomputePlane(),
  },
  save('picture', 'Save the landscape as a picture…', isDrawn, () => askHow('picture')),
  save('turntable', 'Save the landscape as a turning film…', isSolidScene, () => askHow('turntable')),
  save('glb', 'Save the landscape as a glTF scene…', isDrawn, saveGlb),
  save('vts', 'Save the surface for ParaView (VTK)…', isShown, saveVts),
];
