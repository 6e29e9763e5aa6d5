import type { LabelWish } from './axis-labels.ts';
import type { PictureSize } from './camera-pose.ts';

/** A box around its middle, turned by an angle as CSS turns. */
export interface Box {
  readonly centreX: number;
  readonly centreY: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** A label with its place. */
export interface PlacedLabel extends LabelWish, Box {}

/** Free space between two labels, pixels. */
const apart = 3;
/** More would be noise, and costs layout. */
export const mostLabels = 60;

const rank = { mark: 0, title: 1, tick: 2 } as const;

/**
 * The labels that fit: marks first, then titles, then ticks. A label whose box, turned as it is, would touch one that is
 * placed or a box that is taken, or leave the picture, is left out.
 */
export function placedLabels(
  wishes: readonly LabelWish[],
  size: PictureSize,
  textSize: (wish: LabelWish) => readonly [width: number, height: number],
  taken: readonly Box[] = [],
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const wish of [...wishes].sort((a, b) => rank[a.kind] - rank[b.kind])) {
    if (placed.length >= mostLabels) break;
    const fits = (label: PlacedLabel) =>
      isInside(label, size) && ![...taken, ...placed].some((other) => overlap(label, other));
    const label = choices(wish)
      .map((choice) => boxOf(choice, textSize(choice)))
      .find(fits);
    if (label) placed.push(label);
  }
  return placed;
}

const slides = [0, 0.35, -0.35, 0.7, -0.7, 1, -1];

/** A title slides along its edge, then says less; the text of a mark stands above it, beside it or below it. */
function choices(wish: LabelWish): LabelWish[] {
  const { slide = 0, shorter = [], angle } = wish;
  const moved = (text: string) =>
    slides.map((by) => ({
      ...wish,
      text,
      x: wish.x + by * slide * Math.cos(angle),
      y: wish.y + by * slide * Math.sin(angle),
    }));
  if (wish.kind === 'title') return [wish.text, ...shorter].flatMap(moved);
  return [wish, ...(wish.others ?? []).map((place) => ({ ...wish, ...place }))];
}

/** A box lies beside its anchor: its nearest side touches it. Turned titles are centred on it. */
function boxOf(wish: LabelWish, [width, height]: readonly [number, number]): PlacedLabel {
  const [ox, oy] = wish.kind === 'title' ? [0, 0] : [wish.outward[0] * (width / 2), wish.outward[1] * (height / 2)];
  return { ...wish, width, height, centreX: wish.x + ox, centreY: wish.y + oy };
}

/** Half sides of the upright box around the turned one. */
const extentOf = ({ width, height, angle }: Box): readonly [number, number] => {
  const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return [(width * c + height * s) / 2, (width * s + height * c) / 2];
};

function isInside(label: PlacedLabel, size: PictureSize): boolean {
  const [x, y] = extentOf(label);
  return (
    label.centreX - x >= 0 &&
    label.centreX + x <= size.width &&
    label.centreY - y >= 0 &&
    label.centreY + y <= size.height
  );
}

/** Turned boxes are apart where one of their four side directions separates them. */
export function overlap(a: Box, b: Box): boolean {
  const [dx, dy] = [b.centreX - a.centreX, b.centreY - a.centreY];
  const reach = ({ width, height, angle }: Box, x: number, y: number) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return (width / 2) * Math.abs(c * x + s * y) + (height / 2) * Math.abs(-s * x + c * y);
  };
  return [a.angle, a.angle + Math.PI / 2, b.angle, b.angle + Math.PI / 2].every((angle) => {
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return Math.abs(dx * x + dy * y) < reach(a, x, y) + reach(b, x, y) + apart;
  });
}
