import type { SaveKind } from '../../../core/protocol/bridge.ts';
import { bridge } from '../../client/bridge.ts';
import type { PictureSize } from '../../scene/camera-pose.ts';
import { contourText } from '../../scene/contour-step.ts';
import type { LandscapeScene } from '../../scene/landscape-scene.ts';
import type { SceneModel } from '../../scene/scene-model.ts';
import { surfaceVts } from '../../scene/surface-file.ts';
import type { TurntableWish } from '../../scene/turntable.ts';
import { planeShown, useResults } from '../../state/results.ts';
import { currentRun } from '../../state/runs.ts';
import { announce, reportProblem } from '../../state/session.ts';
import { provenanceText, warningsOf } from './landscape-text.ts';
import { useShownScene } from './shown-scene.ts';

/** What graphics systems draw in one piece. */
export const mostPicturePixels = 8192;

interface Shown {
  readonly scene: LandscapeScene;
  readonly model: SceneModel;
  readonly title: string;
  readonly provenance: string;
  readonly warnings: readonly string[];
  /** Without its ending. */
  readonly fileName: string;
}

function shownNow(): Shown | null {
  const { scene } = useShownScene.getState();
  const run = currentRun();
  if (!scene?.model || !run) return null;
  const plane = planeShown(run.id);
  const shown = useResults.getState().landscapes[run.id]?.[plane];
  return {
    scene,
    model: scene.model,
    title: run.title,
    provenance: shown ? provenanceText(shown) : '',
    warnings: shown ? warningsOf(shown) : [],
    fileName: `${run.file.name}-landscape-${plane}`,
  };
}

const captionOf = ({ model: { step, box }, title, provenance, warnings }: Shown): string[] => [
  ...warnings.map((warning) => `⚠ ${warning}`),
  [title, provenance, contourText(step, box.scale.logarithmic)].filter(Boolean).join(' · '),
];

/** What goes with the numbers of the surface. */
const notesOf = ({
  model: { content, box },
  title,
  provenance,
  warnings,
}: Shown): Readonly<Record<string, string>> => ({
  run: title,
  provenance,
  alpha: content.titles[0],
  beta: content.titles[1],
  height: box.scale.logarithmic ? 'decimal logarithm of the loss' : 'loss',
  ...(warnings.length > 0 ? { warnings: warnings.join(' ') } : {}),
});

/** Makes a file of what is shown, asks where to, and saves it. What goes wrong is reported. */
async function save(
  kind: SaveKind,
  what: string,
  advice: string,
  make: (shown: Shown) => Promise<Uint8Array | string> | string,
): Promise<void> {
  const shown = shownNow();
  if (shown === null) return;
  try {
    const content = await make(shown);
    const saved = await bridge.saveFile(`${shown.fileName}.${kind}`, kind, content);
    if (saved !== null) announce(`Saved ${saved}.`);
  } catch (problem) {
    if (problem instanceof DOMException && problem.name === 'AbortError') return;
    const why = problem instanceof Error ? problem.message : String(problem);
    reportProblem({ kind: 'failed', found: `The ${what} could not be saved: ${why}`, advice });
  }
}

export const savePicture = (size: PictureSize): Promise<void> =>
  save('png', 'picture', 'Try a smaller size or another folder.', (shown) =>
    shown.scene.picture(size, captionOf(shown)),
  );

export const saveTurntable = (wish: Omit<TurntableWish, 'caption'>): Promise<void> =>
  save('webm', 'film', 'Try a smaller size or another folder.', (shown) =>
    shown.scene.turntable({ ...wish, caption: captionOf(shown) }),
  );

export const saveGlb = (): Promise<void> =>
  save('glb', 'scene', 'Try another folder.', (shown) => shown.scene.glb(notesOf(shown)));

export const saveVts = (): Promise<void> =>
  save('vts', 'surface', 'Try another folder.', (shown) => surfaceVts(shown.model, notesOf(shown)));
