import { contourStep } from '../contour-step.ts';
import { type HeightScale, heightOf } from '../height-scale.ts';
import type { Point, SceneBox } from '../scene-box.ts';
import { axisPlane, type BoxPlane, obliquePlane, planePolygon } from './box-planes.ts';
import type { KnownVolume } from './known-volume.ts';
import type { LevelStore } from './level-store.ts';
import type { SoupPart } from './surface-soup.ts';
import { boxEnds, placeInBox, volumeBox } from './volume-box.ts';
import type { AxisIndex, VolumeContent, VolumeLook, VolumePath } from './volume-content.ts';

/** A plane through the volume that can be moved. */
export interface ShownPlane {
  readonly id: `section-${0 | 1 | 2 | 'oblique'}` | `clip-${0 | 1 | 2 | 'oblique'}`;
  readonly plane: BoxPlane;
  readonly polygon: readonly Point[];
}

/** Everything that a volume's scene draws, as numbers in the coordinates of its box. */
export interface VolumeModel {
  readonly content: VolumeContent;
  readonly look: VolumeLook;
  readonly box: SceneBox;
  readonly known: KnownVolume;
  /** Of the colours of the surfaces: those of another quantity where one colours them. */
  readonly surfaceScale: HeightScale;
  readonly parts: readonly SoupPart[];
  /** Heights of the levels that are drawn. */
  readonly levels: readonly number[];
  readonly sections: readonly ShownPlane[];
  readonly clips: readonly ShownPlane[];
  /** Between two contour lines on sections, in heights; 0 without. */
  readonly step: number;
  readonly path: readonly number[];
  /** Places of the checkpoints; null for one whose coordinates are not finite. */
  readonly points: readonly (Point | null)[];
  /** For each checkpoint, the share of its way from the origin that the volume does not show. */
  readonly hidden: readonly number[];
}

/** Null where nothing finite is known yet. `coarser`: 2 or more for a picture in motion. */
export function volumeModel(
  content: VolumeContent,
  look: VolumeLook,
  store: LevelStore,
  coarser = 1,
): VolumeModel | null {
  const known = store.known(content, look, 1);
  if (known === null) return null;
  const box = volumeBox(content.axes, content.norms);
  const { parts, levels, surfaceScale } = store.surfaces(content, look, box, coarser);
  const points = content.path ? pathPlaces(content.path, box) : [];
  return {
    content,
    look,
    box,
    known,
    surfaceScale,
    parts,
    levels,
    sections: sectionsOf(look, box),
    clips: clipsOf(look, box),
    step: look.contours ? contourStep(known.scale.low, known.scale.high).step : 0,
    path: segmentsOf(points),
    points,
    hidden: content.path ? hiddenShares(content.path) : [],
  };
}

const axes = [0, 1, 2] as const satisfies readonly AxisIndex[];

const shownPlane = (id: ShownPlane['id'], box: SceneBox, plane: BoxPlane): ShownPlane[] => {
  const polygon = planePolygon(box, plane);
  return polygon.length === 0 ? [] : [{ id, plane, polygon }];
};

export function sectionsOf(look: VolumeLook, box: SceneBox): ShownPlane[] {
  const along = axes.flatMap((axis) => {
    const { isOn, at } = look.sections[axis];
    return isOn ? shownPlane(`section-${axis}`, box, axisPlane(box, axis, within(at, box, axis))) : [];
  });
  return look.oblique.isOn ? [...along, ...shownPlane('section-oblique', box, obliquePlane(box, look.oblique))] : along;
}

export function clipsOf(look: VolumeLook, box: SceneBox): ShownPlane[] {
  const along = axes.flatMap((axis) => {
    const { isOn, at, keeps } = look.clips[axis];
    return isOn ? shownPlane(`clip-${axis}`, box, axisPlane(box, axis, within(at, box, axis), keeps)) : [];
  });
  const { obliqueClip } = look;
  return obliqueClip.isOn ? [...along, ...shownPlane('clip-oblique', box, obliquePlane(box, obliqueClip))] : along;
}

const within = (at: number, box: SceneBox, axis: AxisIndex): number => {
  const [low, high] = boxEnds(box, axis);
  return Math.min(high, Math.max(low, at));
};

function pathPlaces({ steps, coordinates: [a, b, c] }: VolumePath, box: SceneBox): (Point | null)[] {
  return steps.map((_, i) => {
    const point = placeInBox(box, a[i]!, b[i]!, c[i]!);
    return point.every(Number.isFinite) ? point : null;
  });
}

const segmentsOf = (points: readonly (Point | null)[]): number[] =>
  points.flatMap((point, i) => {
    const before = points[i - 1];
    return point && before ? [...before, ...point] : [];
  });

/** distance / length; 0 where the checkpoint is the origin. */
export const hiddenShares = ({ steps, distance, length }: VolumePath): number[] =>
  steps.map((_, i) => (length[i]! > 0 ? Math.min(1, distance[i]! / length[i]!) : 0));

/** Heights of the levels that can be drawn. */
export const levelHeights = ({ levels }: VolumeLook, scale: HeightScale): number[] =>
  levels
    .filter(({ isShown, level }) => isShown && Number.isFinite(heightOf(level, scale)))
    .map(({ level }) => heightOf(level, scale));
