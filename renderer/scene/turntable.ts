import { solidMargins } from './axis-labels.ts';
import { type CameraPose, framing, type PictureSize } from './camera-pose.ts';
import { glPainter } from './gl-painter.ts';
import { nextFrame, recordedFilm } from './recorded-film.ts';
import { cornersOf, type SceneBox } from './scene-box.ts';
import { captionOf, drawPicture, type PictureParts, pictureContext, pictureLayout } from './scene-picture.ts';

export interface TurntableWish {
  /** Pixels of the film. */
  readonly wanted: PictureSize;
  /** One whole turn. */
  readonly seconds: number;
  readonly caption: readonly string[];
  /** Share of the film that is recorded, after each picture. */
  onProgress(share: number): void;
  /** Aborted: the promise rejects with its reason. */
  readonly signal: AbortSignal;
}

export interface TurntableRequest extends TurntableWish, Omit<PictureParts, 'painter' | 'caption'> {
  readonly pose: CameraPose;
  readonly size: PictureSize;
}

/**
 * The scene turning once around its upright axis, as a WebM film. It is recorded in real time by a painter of its own;
 * a slow machine leaves pictures out and keeps the pace.
 */
export const turntable = (request: TurntableRequest): Promise<Uint8Array> =>
  turning(request, (canvas, draw, lost) => recordedFilm(canvas, 1000 * request.seconds, draw, [request.signal, lost]));

/** Prepares a painter of its own; `record` asks it for pictures by the share of the turn. */
export async function turning<T>(
  request: TurntableRequest,
  record: (canvas: HTMLCanvasElement, draw: (share: number) => void, lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const { wanted, size, model } = request;
  const caption = captionOf(request.caption, model);
  const lost = new AbortController();
  const painter = glPainter({
    onLost: () => lost.abort(new Error('The graphics system stopped drawing.')),
    onRestored() {},
  });
  if (painter === null) throw new Error('This machine draws no three-dimensional pictures now.');
  try {
    painter.style(request.style);
    painter.show(request.model);
    while (!painter.prepare()) await nextFrame();
    const layout = pictureLayout(size, wanted, caption);
    const context = pictureContext(wanted, layout);
    painter.resize(layout, layout.ratio);
    const start = turningPose(request.model.box, request.pose, layout);
    const parts = { ...request, caption, painter };
    const draw = (share: number) => {
      drawPicture(context, parts, { ...start, azimuth: start.azimuth + 2 * Math.PI * share }, layout);
      request.onProgress(share);
    };
    draw(0);
    return await record(context.canvas, draw, lost.signal);
  } finally {
    painter.dispose();
  }
}

/** Upright over the middle of the box, at the height of the pose, so far away that all of it is seen all the way round. */
function turningPose(box: SceneBox, pose: CameraPose, layout: PictureSize): CameraPose {
  const azimuths = Array.from({ length: 24 }, (_, i) => (2 * Math.PI * i) / 24);
  const fits = azimuths.map((azimuth) => framing(cornersOf(box), { ...pose, azimuth }, layout, solidMargins));
  return { ...pose, target: [0, box.height / 2, 0], distance: Math.max(...fits.map(({ distance }) => distance)) };
}
