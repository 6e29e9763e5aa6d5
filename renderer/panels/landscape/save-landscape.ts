import { wrapped } from '../../../core/figures/wrapped-text.ts';
import type { SaveKind } from '../../../core/protocol/bridge.ts';
import { bridge } from '../../client/bridge.ts';
import type { PictureSize } from '../../scene/camera-pose.ts';
import { contourText } from '../../scene/contour-step.ts';
import type { LandscapeScene, PictureOptions } from '../../scene/landscape-scene.ts';
import type { SceneModel } from '../../scene/scene-model.ts';
import { surfaceVts } from '../../scene/surface-file.ts';
import type { VolumeScene } from '../../scene/volume/volume-scene.ts';
import { studiedFileName, studiedTitle } from '../../state/landscape-files.ts';
import { planeShown, useResults } from '../../state/results.ts';
import { useRuns } from '../../state/runs.ts';
import { announce, reportProblem } from '../../state/session.ts';
import type { FilmRequest } from '../../widgets/record-dialog.tsx';
import { provenanceText, warningsOf } from './landscape-text.ts';
import { useShownScene } from './shown-scene.ts';

/** What graphics systems draw in one piece. */
export const mostPicturePixels = 8192;

interface Shown {
  readonly scene: PictureScene;
  /** Of a surface. */
  readonly surface: SceneModel | null;
  readonly title: string;
  readonly provenance: string;
  readonly warnings: readonly string[];
  /** Without its ending. */
  readonly fileName: string;
}

/** What surfaces and volumes have in common. */
type PictureScene = Pick<LandscapeScene & VolumeScene, 'picture' | 'turntable' | 'turntableGif' | 'glb'>;

function shownNow(): Shown | null {
  const { scene: surface, volume } = useShownScene.getState();
  const scene: PictureScene | null = volume?.model ? volume : surface?.model ? surface : null;
  const { current } = useRuns.getState();
  const title = studiedTitle(current);
  if (scene === null || current === null || title === null) return null;
  const plane = planeShown(current);
  const shown = useResults.getState().landscapes[current]?.[plane];
  return {
    scene,
    surface: scene === volume ? null : (surface?.model ?? null),
    title,
    provenance: shown ? provenanceText(shown) : '',
    warnings: shown ? warningsOf(shown) : [],
    fileName: `${studiedFileName(current)}-landscape-${plane}`,
  };
}

/** Lines that fit into a picture so many pixels of the page wide. */
function captionOf({ surface, title, provenance, warnings }: Shown, width: number): string[] {
  const contours = surface ? contourText(surface.step, surface.box.scale.logarithmic) : '';
  const sentences = [
    ...warnings.map((warning) => `⚠ ${warning}`),
    [title, provenance, contours].filter(Boolean).join(' · '),
  ];
  return sentences.flatMap((sentence) => wrapped(sentence, Math.floor((width - captionMargins) / captionLetter)));
}

const captionMargins = 24;
/** Width of a letter of captions, on average. */
const captionLetter = 6.4;
/** Scenes of pictures without a scale are at least about as high on the page. */
const leastSceneHeight = 480;

const pageWidth = ({ width, height }: PictureSize): number => (leastSceneHeight * width) / height;

/** What goes with the numbers of the scene. */
function notesOf({ surface, title, provenance, warnings }: Shown): Readonly<Record<string, string>> {
  const axes = surface
    ? {
        alpha: surface.content.titles[0],
        beta: surface.content.titles[1],
        height: surface.box.scale.logarithmic ? 'decimal logarithm of the loss' : 'loss',
      }
    : {};
  return { run: title, provenance, ...axes, ...(warnings.length > 0 ? { warnings: warnings.join(' ') } : {}) };
}

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

/** With a scale the size is one of paper, and text has its own size. */
export const savePicture = (size: PictureSize, options: PictureOptions = {}): Promise<void> =>
  save('png', 'picture', 'Try a smaller size or another folder.', (shown) =>
    shown.scene.picture(size, captionOf(shown, options.scale === undefined ? pageWidth(size) : size.width), options),
  );

/** More would make a GIF larger without being seen. */
const gifPicturesPerSecond = 20;

export const saveTurntable = ({ form, ...wish }: FilmRequest): Promise<void> =>
  save(form, 'film', 'Try a smaller size or another folder.', (shown) => {
    const asked = { ...wish, caption: captionOf(shown, pageWidth(wish.wanted)) };
    return form === 'gif'
      ? shown.scene.turntableGif({ ...asked, picturesPerSecond: gifPicturesPerSecond })
      : shown.scene.turntable(asked);
  });

export const saveGlb = (): Promise<void> =>
  save('glb', 'scene', 'Try another folder.', (shown) => shown.scene.glb(notesOf(shown)));

export const saveVts = (): Promise<void> =>
  save('vts', 'surface', 'Try another folder.', (shown) => {
    if (shown.surface === null) throw new Error('a volume is no surface; save its data as VTK image data.');
    return surfaceVts(shown.surface, notesOf(shown));
  });
