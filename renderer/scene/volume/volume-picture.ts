import { withDotsPerInch } from '../../../core/formats/png-resolution.ts';
import { solidMargins } from '../axis-labels.ts';
import { type CameraPose, framing, type PictureSize } from '../camera-pose.ts';
import type { PlacedLabel } from '../label-placement.ts';
import type { Mark } from '../marks.ts';
import { nextFrame, recordedFilm } from '../recorded-film.ts';
import { recordedGif } from '../recorded-gif.ts';
import { cornersOf, type SceneBox } from '../scene-box.ts';
import {
  barStyle,
  captionHeight,
  captionLine,
  drawLabel,
  drawMark,
  type PictureBackground,
  type PictureLayout,
  pictureContext,
  pictureLayout,
  pictureStyle,
  tooLarge,
} from '../scene-picture.ts';
import type { TurntableWish } from '../turntable.ts';
import type { GifWish } from '../turntable-gif.ts';
import { drawLevelBar, levelBarSize } from './level-bar.ts';
import type { VolumeModel } from './volume-model.ts';
import { type VolumePainter, type VolumeStyle, volumePainter } from './volume-painter.ts';

export interface VolumePictureOptions {
  readonly background?: PictureBackground;
  /** Pixels of the file for each pixel of the page, 96 an inch; left out: text grows with the height of the picture. */
  readonly scale?: number;
}

/** What a picture is made of. */
export interface VolumePictureParts {
  readonly painter: VolumePainter;
  readonly model: VolumeModel;
  readonly style: VolumeStyle;
  readonly barTitle: string;
  readonly caption: readonly string[];
  readonly pose: CameraPose;
  /** On the screen. */
  readonly size: PictureSize;
  annotate(
    pose: CameraPose,
    size: PictureSize,
  ): { readonly labels: readonly PlacedLabel[]; readonly marks: readonly Mark[] };
}

/** A PNG file. What is seen on the screen is all in it: a narrower picture is taken from farther away. */
export async function volumePicture(
  parts: VolumePictureParts,
  asked: PictureSize,
  { background = 'scene', scale }: VolumePictureOptions,
): Promise<Uint8Array> {
  const { painter, size, caption, pose } = parts;
  const style = { ...parts.style, ...pictureStyle(parts.style, background) };
  const wanted =
    scale === undefined ? asked : { width: Math.round(scale * asked.width), height: Math.round(scale * asked.height) };
  const layout =
    scale === undefined
      ? pictureLayout(size, wanted, caption)
      : { ...asked, height: asked.height - captionHeight(caption), ratio: scale };
  const narrower = Math.max(1, size.width / size.height / (layout.width / layout.height));
  const context = pictureContext(wanted, layout);
  painter.style(style);
  painter.resize(layout, layout.ratio);
  drawVolume(context, { ...parts, style }, { ...pose, distance: pose.distance * narrower }, layout);
  const blob = await new Promise<Blob | null>((resolve) => context.canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error(tooLarge);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return scale === undefined ? bytes : withDotsPerInch(bytes, 96 * scale);
}

type Turned = Omit<VolumePictureParts, 'painter' | 'caption'>;

/** One turn around the upright axis, recorded in real time. */
export const volumeTurntable = (given: Turned, wish: TurntableWish): Promise<Uint8Array> =>
  turningVolume(given, wish, (canvas, draw, signals) => recordedFilm(canvas, 1000 * wish.seconds, draw, signals));

/** The same as an endless GIF. */
export const volumeTurntableGif = (given: Turned, wish: GifWish): Promise<Uint8Array> =>
  turningVolume(given, wish, (canvas, draw, signals) => recordedGif(canvas, wish, draw, signals));

/** By a painter of its own; `record` asks it for pictures by the share of the turn. */
async function turningVolume(
  given: Turned,
  { wanted, caption, signal, onProgress }: TurntableWish,
  record: (
    canvas: HTMLCanvasElement,
    draw: (share: number) => void,
    signals: readonly AbortSignal[],
  ) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const lost = new AbortController();
  const painter = volumePainter({
    onLost: () => lost.abort(new Error('The graphics system stopped drawing.')),
    onRestored() {},
  });
  if (painter === null) throw new Error('This machine draws no three-dimensional pictures now.');
  try {
    painter.style(given.style);
    painter.show(given.model);
    await nextFrame();
    const parts = { ...given, caption, painter };
    const layout = pictureLayout(given.size, wanted, caption);
    const context = pictureContext(wanted, layout);
    painter.resize(layout, layout.ratio);
    const start = turningPose(given.model.box, given.pose, layout);
    const draw = (share: number) => {
      drawVolume(context, parts, { ...start, azimuth: start.azimuth + 2 * Math.PI * share }, layout);
      onProgress(share);
    };
    draw(0);
    return await record(context.canvas, draw, [signal, lost.signal]);
  } finally {
    painter.dispose();
  }
}

/** So far away that all of the box is seen all the way round. */
function turningPose(box: SceneBox, pose: CameraPose, layout: PictureSize): CameraPose {
  const azimuths = Array.from({ length: 24 }, (_, i) => (2 * Math.PI * i) / 24);
  const fits = azimuths.map((azimuth) => framing(cornersOf(box), { ...pose, azimuth }, layout, solidMargins));
  return { ...pose, target: [0, box.height / 2, 0], distance: Math.max(...fits.map(({ distance }) => distance)) };
}

function drawVolume(
  context: CanvasRenderingContext2D,
  parts: VolumePictureParts,
  pose: CameraPose,
  layout: PictureLayout,
): void {
  const { painter, style, caption, model } = parts;
  painter.draw(pose);
  const height = layout.height + captionHeight(caption);
  context.clearRect(0, 0, layout.width, height);
  context.fillStyle = style.background;
  context.fillRect(0, 0, layout.width, height);
  // In the task that drew it: afterwards the browser may have put the pixels away.
  context.drawImage(painter.canvas, 0, 0, layout.width, layout.height);
  if (painter.solid) {
    const { labels, marks } = parts.annotate(pose, layout);
    for (const mark of marks) drawMark(context, mark, style);
    for (const label of labels) drawLabel(context, label, style);
  }
  const left = layout.width - levelBarSize.width - 6;
  drawLevelBar(context, model.known.scale, parts.barTitle, model.levels, barStyle(style), left, 12);
  context.font = style.titleFont;
  context.textAlign = 'left';
  context.fillStyle = style.quietText;
  caption.forEach((line, i) => {
    context.fillText(line, 12, layout.height + 10 + captionLine * i);
  });
}
