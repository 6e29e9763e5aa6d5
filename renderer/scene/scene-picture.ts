import { withDotsPerInch } from '../../core/formats/png-resolution.ts';
import type { CameraPose, PictureSize } from './camera-pose.ts';
import { colourBarSize, drawColourBar } from './colour-bar.ts';
import type { PlacedLabel } from './label-placement.ts';
import { type Mark, signs } from './marks.ts';
import type { Painter, SceneStyle } from './painter.ts';
import { legendSentences } from './scene-legend.ts';
import type { SceneModel } from './scene-model.ts';

/** What a picture is made of, on the screen and in files. */
export interface PictureParts {
  readonly painter: Painter;
  readonly model: SceneModel;
  readonly style: SceneStyle;
  /** Lines at the lower left: what it is, and how it was made. */
  readonly caption: readonly string[];
  annotate(
    pose: CameraPose,
    size: PictureSize,
  ): { readonly labels: readonly PlacedLabel[]; readonly marks: readonly Mark[] };
}

export interface PictureRequest extends PictureParts {
  readonly pose: CameraPose;
  /** On the screen. */
  readonly size: PictureSize;
  /** Pixels of the file; pixels of the page where there is a scale. */
  readonly wanted: PictureSize;
  /** Pixels of the file for each pixel of the page, 96 an inch; null: text grows with the height of the picture. */
  readonly scale: number | null;
}

export type PictureBackground = 'scene' | 'transparent' | 'print';

/** The style of a file: as on the screen, without a background, or dark ink on white. */
export function pictureStyle(style: SceneStyle, background: PictureBackground): SceneStyle {
  if (background === 'scene') return style;
  if (background === 'transparent') return { ...style, background: 'transparent' };
  return { ...style, ...printInk };
}

const printInk = {
  background: '#ffffff',
  axis: '#3a414c',
  wall: '#d5dae1',
  floor: '#9aa3b0',
  stalk: '#3a414c',
  path: '#0b0e12',
  pathCase: '#ffffff',
  text: '#0b0e12',
  quietText: '#3a414c',
  accent: '#0b5cad',
  certified: '#0b6b4b',
  uncertified: '#8a5200',
} as const;

/** Room for the scene, in pixels of the page, and pixels of the file for each of them. */
export interface PictureLayout extends PictureSize {
  readonly ratio: number;
}

/** Labels, colour bar and caption are as large as they are on a screen of the same height. */
export function pictureLayout(screen: PictureSize, wanted: PictureSize, caption: readonly string[]): PictureLayout {
  const height = Math.min(Math.max(screen.height, 360), 720);
  const ratio = wanted.height / height;
  return { width: wanted.width / ratio, height: height - captionHeight(caption), ratio };
}

/** A canvas of the wanted size, whose unit is a pixel of the page. */
export function pictureContext(wanted: PictureSize, { ratio }: PictureLayout): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = wanted.width;
  canvas.height = wanted.height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error(tooLarge);
  context.scale(ratio, ratio);
  return context;
}

/** The scene as it is seen from a pose, by a painter that has been given the size of the layout. */
export function drawPicture(
  context: CanvasRenderingContext2D,
  parts: PictureParts,
  pose: CameraPose,
  layout: PictureLayout,
): void {
  const { painter, style } = parts;
  painter.draw(pose);
  const height = layout.height + captionHeight(parts.caption);
  context.clearRect(0, 0, layout.width, height);
  context.fillStyle = style.background;
  context.fillRect(0, 0, layout.width, height);
  // In the task that drew it: afterwards the browser may have put the pixels away.
  context.drawImage(painter.canvas, 0, 0, layout.width, layout.height);
  drawAnnotations(context, parts, pose, layout);
}

/** A PNG file. What is seen on the screen is all in it: a narrower picture is taken from farther away. */
export async function scenePicture(request: PictureRequest): Promise<Uint8Array> {
  const { painter, size, scale, model } = request;
  const caption = captionOf(request.caption, model, pageWidth(request));
  const parts = { ...request, caption };
  const wanted =
    scale === null
      ? request.wanted
      : { width: Math.round(scale * request.wanted.width), height: Math.round(scale * request.wanted.height) };
  const layout =
    scale === null
      ? pictureLayout(size, wanted, caption)
      : { ...request.wanted, height: request.wanted.height - captionHeight(caption), ratio: scale };
  const narrower = Math.max(1, size.width / size.height / (layout.width / layout.height));
  const context = pictureContext(wanted, layout);
  painter.resize(layout, layout.ratio);
  drawPicture(context, parts, { ...request.pose, distance: request.pose.distance * narrower }, layout);
  const blob = await new Promise<Blob | null>((resolve) => context.canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error(tooLarge);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return scale === null ? bytes : withDotsPerInch(bytes, 96 * scale);
}

/** Of a picture, whatever its caption: in pixels of the page. */
const pageWidth = ({ wanted, scale, size }: Pick<PictureRequest, 'wanted' | 'scale' | 'size'>): number =>
  scale === null ? wanted.width / pictureLayout(size, wanted, []).ratio : wanted.width;

/** About as wide as a letter of a caption is, pixels of the page. */
const letter = 6.6;

/** The caption that was asked for, and what the signs of the picture mean: as many sentences a line as it has room for. */
export function captionOf(
  lines: readonly string[],
  model: SceneModel,
  width = Number.POSITIVE_INFINITY,
): readonly string[] {
  const told: string[] = [];
  for (const { text } of legendSentences(model)) {
    const last = told[told.length - 1];
    if (last !== undefined && letter * (last.length + 3 + text.length) <= width - 24)
      told[told.length - 1] = `${last} · ${text}`;
    else told.push(text);
  }
  return [...lines, ...told];
}

export const tooLarge = 'The picture is too large for this machine. Ask for a smaller one.';
export const captionLine = 17;
/** Under the scene. */
export const captionHeight = (lines: readonly string[]): number => captionLine * lines.length + 8;

function drawAnnotations(
  context: CanvasRenderingContext2D,
  { annotate, style, model, caption }: PictureParts,
  pose: CameraPose,
  layout: PictureSize,
): void {
  const { labels, marks } = annotate(pose, layout);
  for (const mark of marks) drawMark(context, mark, style);
  for (const label of labels) drawLabel(context, label, style);
  drawColourBar(context, model.colours, barStyle(style), layout.width - colourBarSize.width, 14);
  context.font = style.titleFont;
  context.textAlign = 'left';
  context.fillStyle = style.quietText;
  caption.forEach((line, i) => {
    context.fillText(line, 12, layout.height + 10 + captionLine * i);
  });
}

export const barStyle = ({ colourMap, text, axis, tickFont, titleFont }: SceneStyle) => ({
  colourMap,
  text,
  axis,
  tickFont,
  titleFont,
});

export function drawLabel(context: CanvasRenderingContext2D, label: PlacedLabel, style: SceneStyle): void {
  context.save();
  context.translate(label.centreX, label.centreY);
  context.rotate(label.angle);
  context.font = label.kind === 'tick' ? style.tickFont : style.titleFont;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = style.background;
  context.strokeText(label.text, 0, 0);
  context.fillStyle = label.kind === 'mark' ? style.text : style.quietText;
  context.fillText(label.text, 0, 0);
  context.restore();
}

export function drawMark(
  context: CanvasRenderingContext2D,
  { kind, x, y, covered, certified }: Mark,
  style: SceneStyle,
): void {
  const disc = (radius: number, colour: string) => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  };
  context.globalAlpha = covered ? 0.6 : 1;
  if (kind === 'current') {
    disc(9.5, style.pathCase);
    disc(8, style.path);
    disc(5, style.accent);
  } else if (kind === 'start') {
    disc(5, style.pathCase);
    disc(3.5, style.path);
  } else if (kind !== 'probe') {
    const sign = new Path2D(signs[kind]);
    context.translate(x, y);
    context.lineJoin = 'round';
    context.lineWidth = 5;
    context.strokeStyle = style.pathCase;
    context.stroke(sign);
    const { certified: filled = style.path, uncertified: open = style.path } = style;
    context.fillStyle = certified ? filled : style.pathCase;
    context.fill(sign);
    context.lineWidth = 2;
    context.strokeStyle = certified ? filled : open;
    context.stroke(sign);
    context.translate(-x, -y);
  }
  context.globalAlpha = 1;
}
