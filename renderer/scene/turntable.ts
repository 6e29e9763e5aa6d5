import { solidMargins } from './axis-labels.ts';
import { type CameraPose, framing, type PictureSize } from './camera-pose.ts';
import { glPainter } from './gl-painter.ts';
import { cornersOf, type SceneBox } from './scene-box.ts';
import { drawPicture, type PictureParts, pictureContext, pictureLayout } from './scene-picture.ts';

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

const picturesPerSecond = 30;
const bitsPerPixel = 6;
/** The fastest first: the film is recorded as it is drawn. */
const filmTypes = ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm'];

/**
 * The scene turning once around its upright axis, as a WebM film. It is recorded in real time by a painter of its own;
 * a slow machine leaves pictures out and keeps the pace.
 */
export async function turntable(request: TurntableRequest): Promise<Uint8Array> {
  const { wanted, seconds, caption, signal, size } = request;
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
    const parts = { ...request, painter };
    const draw = (share: number) => {
      drawPicture(context, parts, { ...start, azimuth: start.azimuth + 2 * Math.PI * share }, layout);
      request.onProgress(share);
    };
    draw(0);
    return await recorded(context.canvas, 1000 * seconds, draw, [signal, lost.signal]);
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

async function recorded(
  canvas: HTMLCanvasElement,
  ms: number,
  draw: (share: number) => void,
  signals: readonly AbortSignal[],
): Promise<Uint8Array> {
  const mimeType = filmTypes.find((type) => MediaRecorder.isTypeSupported(type));
  if (mimeType === undefined) throw new Error('This window cannot record films.');
  const stream = canvas.captureStream(picturesPerSecond);
  const recorder = new MediaRecorder(stream, {
    mimeType,
    videoBitsPerSecond: bitsPerPixel * canvas.width * canvas.height,
  });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
  try {
    recorder.start();
    const began = performance.now();
    for (let share = 0; share < 1; ) {
      await nextFrame();
      for (const signal of signals) signal.throwIfAborted();
      share = Math.min(1, (performance.now() - began) / ms);
      draw(share);
    }
  } finally {
    recorder.stop();
    await stopped;
    for (const track of stream.getTracks()) track.stop();
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
