import { type HeightScale, heightOf, heightScale, lossAt } from '../../scene/height-scale.ts';
import type { AxisIndex, IsoLevel, VolumeContent, VolumeField, VolumeLook } from '../../scene/volume/volume-content.ts';

/** Shares of the points that the first levels enclose, and how much hides what is behind. */
const firstLevels = [
  { share: 0.03, opacity: 0.85 },
  { share: 0.14, opacity: 0.4 },
  { share: 0.4, opacity: 0.16 },
] as const;

let lastLevel = 0;
const newId = (): string => `level-${++lastLevel}`;

/** Three digits: a level that is chosen by itself claims no more. */
const rounded = (value: number): number => Number(value.toPrecision(3));

/** Finite values that are known, ascending. */
function sorted({ values, computed }: VolumeField): Float64Array {
  return values.filter((value, point) => computed[point] === 1 && Number.isFinite(value)).sort();
}

/** Three levels that enclose a part of the points each; fewer where values do not differ. */
export function proposedLevels(field: VolumeField): IsoLevel[] {
  const values = sorted(field);
  const levels = firstLevels.map(({ share, opacity }) => ({
    level: rounded(values[Math.floor(share * (values.length - 1))] ?? Number.NaN),
    opacity,
  }));
  const last = values[values.length - 1] ?? Number.NaN;
  return levels
    .filter(({ level }, i) => level > values[0]! && level < last && levels[i - 1]?.level !== level)
    .map((one) => ({ ...one, id: newId(), isShown: true }));
}

export const scaleOf = (content: VolumeContent, { quantity, scale }: Pick<VolumeLook, 'quantity' | 'scale'>) => {
  const { values, computed } = content.fields[quantity] ?? content.fields[0];
  return heightScale({ loss: values, computed }, [], scale);
};

/** A level in the widest gap between those there are, in heights. */
export function addedLevel(levels: readonly IsoLevel[], scale: HeightScale): IsoLevel {
  const heights = levels.map(({ level }) => heightOf(level, scale)).filter(Number.isFinite);
  const ends = [scale.low, ...heights.sort((a, b) => a - b), scale.high];
  let widest = 1;
  for (let i = 1; i < ends.length; i++) if (ends[i]! - ends[i - 1]! > ends[widest]! - ends[widest - 1]!) widest = i;
  const middle = (ends[widest]! + ends[widest - 1]!) / 2;
  return { id: newId(), level: rounded(lossAt(middle, scale)), opacity: 0.35, isShown: true };
}

const middleOf = (axis: Float64Array): number => (axis[0]! + axis[axis.length - 1]!) / 2;
/** Through the origin where it is inside. */
export function firstPlace(axis: Float64Array): number {
  return axis[0]! <= 0 && axis[axis.length - 1]! >= 0 ? 0 : middleOf(axis);
}

/** Three nested levels on the section through the origin that lies flat. */
export function firstLook(content: VolumeContent): VolumeLook {
  const places = content.axes.map(firstPlace);
  const section = (axis: AxisIndex) => ({ isOn: false, at: places[axis]! });
  // The usual view sees the inside: from the left, the front and above.
  const clip = (axis: AxisIndex) => ({
    isOn: false,
    at: places[axis]!,
    keeps: axis === 2 ? ('below' as const) : ('above' as const),
  });
  const facing = { azimuth: Math.PI / 4, elevation: 0, offset: 0, isOn: false };
  return {
    quantity: 0,
    colouredBy: 'level',
    scale: 'log',
    levels: proposedLevels(content.fields[0]),
    sections: [section(0), section(1), { ...section(2), isOn: true }],
    oblique: facing,
    clips: [clip(0), clip(1), clip(2)],
    obliqueClip: facing,
    caps: 'filled',
    contours: true,
  };
}

/** Another quantity has other levels. */
export const withQuantity = (look: VolumeLook, content: VolumeContent, quantity: number): VolumeLook => ({
  ...look,
  quantity,
  colouredBy: look.colouredBy === quantity ? 'level' : look.colouredBy,
  levels: proposedLevels(content.fields[quantity] ?? content.fields[0]),
});

/** One of three, changed. */
export function changedAt<T>(three: readonly [T, T, T], axis: AxisIndex, some: Partial<T>): readonly [T, T, T] {
  const [a, b, c] = three.map((one, k) => (k === axis ? { ...one, ...some } : one)) as [T, T, T];
  return [a, b, c];
}

/** A plane that was dragged in the scene. */
export function movedPlane(look: VolumeLook, id: string, value: number): VolumeLook {
  const [kind, which] = id.split('-');
  if (which === 'oblique')
    return kind === 'section'
      ? { ...look, oblique: { ...look.oblique, offset: value } }
      : { ...look, obliqueClip: { ...look.obliqueClip, offset: value } };
  const axis = Number(which) as AxisIndex;
  return kind === 'section'
    ? { ...look, sections: changedAt(look.sections, axis, { at: value }) }
    : { ...look, clips: changedAt(look.clips, axis, { at: value }) };
}
