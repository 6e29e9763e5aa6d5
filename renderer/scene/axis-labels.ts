import type { SliceDirection } from '../../core/analyses/slices/slice.ts';
import { colourScaleTicks } from '../../core/figures/colour-scale.ts';
import { evenLevels } from '../../core/figures/contours.ts';
import { numberText, percentText } from '../../core/figures/number-text.ts';
import { basisOf, type CameraPose, type Margins, type PictureSize, projector } from './camera-pose.ts';
import { type Point, type SceneBox, xOf, yOf, zOf } from './scene-box.ts';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** Space around the box for numbers and titles, for the legend above a map and the colours beside it. */
export const solidMargins: Margins = { left: 52, right: 72, top: 26, bottom: 48 };
export const flatMargins: Margins = { left: 64, right: 112, top: 76, bottom: 58 };

/** Pixels from line to line. */
export const labelHeight = 16;

const axisTicks = 5;

/** Round numbers within the ends, about five; zero is among them where it is inside. */
export function linearTicks([low, high]: readonly [number, number]): Tick[] {
  const { step, levels } = evenLevels(low, high, axisTicks);
  if (step === 0) return [];
  const digits = Math.max(1, Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / step)) + 1);
  return levels.map((at) => ({ at, text: numberText(at, digits) }));
}

/** Heights of the box: round losses, also where heights are logarithms. */
export const heightTicks = ({ scale: { bottom, top, logarithmic } }: SceneBox): Tick[] =>
  colourScaleTicks(bottom, top, logarithmic).map(({ at, label }) => ({ at, text: label }));

/** `α along PC 1 (81.4 %)`, `α along v₁ (λ = 40.1)`, `α along random direction 1 (filter-normalised)`. */
export function axisTitle(symbol: 'α' | 'β', { kind, explained, eigenvalue }: SliceDirection): string {
  const number = symbol === 'α' ? 1 : 2;
  if (explained !== null) return `${symbol} along PC ${number} (${percentText(explained)})`;
  if (eigenvalue !== null) return `${symbol} along v${number === 1 ? '₁' : '₂'} (λ = ${numberText(eigenvalue, 3)})`;
  const [, manner = ''] = /^(.*?) ?random$/.exec(kind) ?? [];
  if (/random$/.test(kind)) return `${symbol} along random direction ${number}${manner ? ` (${manner})` : ''}`;
  return `${symbol} along ${kind} ${number}`;
}

/** The edges of the box that carry numbers: signs of x and z, as the viewer stands. */
export interface FacingEdges {
  /** The α axis lies at z = front · depth/2. */
  readonly front: 1 | -1;
  /** The β axis lies at x = side · width/2. */
  readonly side: 1 | -1;
  /** Where the height axis stands: the corner of the outline that is furthest right in the picture. */
  readonly corner: readonly [x: 1 | -1, z: 1 | -1];
}

export function facingEdges(pose: Pick<CameraPose, 'azimuth' | 'elevation'>): FacingEdges {
  const { right } = basisOf(pose);
  const [sa, ca] = [Math.sin(pose.azimuth), Math.cos(pose.azimuth)];
  // Seen straight along an axis both sides are alike: the left and the front one are taken.
  const front = ca >= -1e-9 ? 1 : -1;
  const side = sa > 1e-9 ? 1 : -1;
  const corners = [
    [side, -front],
    [-side, front],
  ] as const;
  const across = ([x, z]: readonly [number, number]) => x * right[0] + z * right[2];
  const corner = across(corners[0]) > across(corners[1]) ? corners[0] : corners[1];
  return { front, side, corner: corner as readonly [1 | -1, 1 | -1] };
}

/** A text at a pixel; `outward` is the direction in which it may be moved off its anchor. */
export interface LabelWish {
  readonly id: string;
  readonly text: string;
  readonly kind: 'tick' | 'title' | 'mark';
  readonly x: number;
  readonly y: number;
  readonly outward: readonly [number, number];
  /** Radians, clockwise as in CSS; text never stands on its head. */
  readonly angle: number;
  /** Of a title: how far it may slide either way along its line, pixels, and what it says where nothing else fits. */
  readonly slide?: number;
  readonly shorter?: readonly string[];
  /** Of a mark: where else its text may stand, pixels and outward direction. */
  readonly others?: readonly Pick<LabelWish, 'x' | 'y' | 'outward'>[];
}

/** Between an edge and its numbers, and between these and the title; pixels. */
const [tickDistance, titleDistance] = [8, 6];
/** Above this elevation the height axis is seen from its end. */
const steepest = (72 * Math.PI) / 180;

/** Numbers and titles along the edges that face the viewer. */
export function axisLabels(
  box: SceneBox,
  titles: readonly [alpha: string, beta: string, height: string],
  pose: CameraPose,
  size: PictureSize,
  textWidth: (kind: LabelWish['kind'], text: string) => number,
): LabelWish[] {
  const { front, side, corner } = facingEdges(pose);
  const z = (front * box.depth) / 2;
  const x = (side * box.width) / 2;
  const [cornerX, cornerZ] = [(corner[0] * box.width) / 2, (corner[1] * box.depth) / 2];
  const at = projector(pose, size);
  const alpha = linearTicks(box.alpha).map(({ at: value, text }) => ({ text, at: [xOf(box, value), 0, z] as Point }));
  const beta = linearTicks(box.beta).map(({ at: value, text }) => ({ text, at: [x, 0, zOf(box, value)] as Point }));
  const edges = [
    edgeLabels('alpha', alpha, titles[0], [0, 0, z], [1, 0, 0], at, textWidth),
    edgeLabels('beta', beta, titles[1], [x, 0, 0], [0, 0, -1], at, textWidth),
  ];
  if (box.height > 0 && pose.elevation < steepest) {
    const heights = powersFirst(heightTicks(box)).map(({ at: value, text }) => ({
      text,
      at: [cornerX, yOf(box, value), cornerZ] as Point,
    }));
    edges.push(
      edgeLabels(
        'height',
        heights,
        titles[2],
        [cornerX, (box.base + box.height) / 2, cornerZ],
        [0, 1, 0],
        at,
        textWidth,
      ),
    );
  }
  return edges.flat();
}

/** Where labels come too close, powers of ten stay. */
const powersFirst = (ticks: readonly Tick[]): Tick[] => {
  const isPower = ({ at }: Tick) => Math.abs(at - Math.round(at)) < 1e-9;
  return [...ticks.filter(isPower), ...ticks.filter((tick) => !isPower(tick))];
};

interface PlacedTick {
  readonly text: string;
  readonly at: Point;
}

function edgeLabels(
  id: string,
  ticks: readonly PlacedTick[],
  title: string,
  middle: Point,
  direction: Point,
  project: ReturnType<typeof projector>,
  textWidth: (kind: LabelWish['kind'], text: string) => number,
): LabelWish[] {
  const step = 0.05;
  const [from, to] = [-step, step].map((by) =>
    project([middle[0] + by * direction[0], middle[1] + by * direction[1], middle[2] + by * direction[2]]),
  ) as [ReturnType<typeof project>, ReturnType<typeof project>];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  // Away from the middle of the box, at a right angle to the edge in the picture.
  const centre = project([0, middle[1], 0]);
  const here = project(middle);
  const away = (here.x - centre.x) * -dy + (here.y - centre.y) * dx >= 0 ? 1 : -1;
  const outward = [-dy * away, dx * away] as const;
  const wishes: LabelWish[] = ticks.map((tick, i) => {
    const { x, y } = project(tick.at);
    const label = { x: x + tickDistance * outward[0], y: y + tickDistance * outward[1] };
    return { id: `${id}-${i}`, text: tick.text, kind: 'tick', ...label, outward, angle: 0 };
  });
  const [first, last] = [ticks[0], ticks[ticks.length - 1]].map((tick) => project(tick?.at ?? middle)) as [
    ReturnType<typeof project>,
    ReturnType<typeof project>,
  ];
  const angle = Math.atan2(dy, dx);
  const upright = Math.cos(angle) < -1e-6 ? angle + Math.PI : angle;
  // A vertical title reads from below to above.
  const turned = Math.abs(Math.cos(upright)) <= 1e-6 ? -Math.PI / 2 : upright;
  const reach = Math.max(
    0,
    ...ticks.map(({ text }) => Math.abs(outward[0]) * textWidth('tick', text) + Math.abs(outward[1]) * labelHeight),
  );
  const beyond = tickDistance + reach + titleDistance + labelHeight / 2;
  wishes.push({
    id: `${id}-title`,
    text: title,
    kind: 'title',
    x: here.x + beyond * outward[0],
    y: here.y + beyond * outward[1],
    outward,
    angle: turned,
    slide: ticks.length > 1 ? Math.hypot(last.x - first.x, last.y - first.y) / 2 : 0,
    shorter: shorterTitles(title),
  });
  return wishes;
}

/** Less and less of `α along PC 1 (81 %), ‖d₁‖ = 2.31`. */
function shorterTitles(title: string): string[] {
  const [name = title] = title.split(', ‖');
  return [name, name.replace(/ \(.*\)$/, '').replace('random direction', 'random'), title.split(' ')[0] ?? title];
}

/** What an axis shows, and how long one unit of it is in parameter space, where that is known. */
export const unitTitle = (title: string, axis: 0 | 1, norm: number): string =>
  Number.isFinite(norm) ? `${title}, ‖d${axis === 0 ? '₁' : '₂'}‖ = ${numberText(norm, 3)}` : title;
