import type { Field } from '../../../core/fields/grid.ts';
import { interpolated } from '../../../core/fields/interpolate.ts';
import { isosurface } from '../../../core/fields/isosurface.ts';
import { type HeightScale, heightOf } from '../height-scale.ts';
import type { SceneBox } from '../scene-box.ts';
import { type KnownVolume, knownVolume } from './known-volume.ts';
import type { LevelSurface, SoupPart } from './surface-soup.ts';
import { placeInBox } from './volume-box.ts';
import type { VolumeContent, VolumeLook } from './volume-content.ts';

/** Surfaces that are drawn, outermost colours and opacities included. */
export interface ShownSurfaces {
  readonly parts: readonly SoupPart[];
  /** Heights of the levels that have a surface here. */
  readonly levels: readonly number[];
  readonly surfaceScale: HeightScale;
}

/** Keeps what a changed look has in common with the one before it: only levels that moved are triangulated again. */
export interface LevelStore {
  known(content: VolumeContent, look: VolumeLook, coarser: number): KnownVolume | null;
  surfaces(content: VolumeContent, look: VolumeLook, box: SceneBox, coarser: number): ShownSurfaces;
  /** Milliseconds that the slowest surface of the last call took. */
  readonly slowestMs: number;
}

interface Kept {
  readonly content: VolumeContent;
  readonly knowns: Map<string, KnownVolume | null>;
  readonly surfaces: Map<string, LevelSurface>;
}

export function levelStore(): LevelStore {
  let kept: Kept | null = null;
  let slowestMs = 0;

  function keptOf(content: VolumeContent): Kept {
    if (kept === null || kept.content !== content) kept = { content, knowns: new Map(), surfaces: new Map() };
    return kept;
  }
  function knownOf(content: VolumeContent, quantity: number, scale: 'log' | 'linear', coarser: number) {
    const { knowns } = keptOf(content);
    const key = `${quantity} ${scale} ${coarser}`;
    const held = knowns.get(key);
    if (held !== undefined) return held;
    const made = knownVolume(content, quantity, scale, coarser);
    knowns.set(key, made);
    return made;
  }
  return {
    get slowestMs() {
      return slowestMs;
    },
    known: (content, { quantity, scale }, coarser) => knownOf(content, quantity, scale, coarser),
    surfaces(content, look, box, coarser) {
      const { quantity, colouredBy, scale } = look;
      const known = knownOf(content, quantity, scale, 1);
      if (known === null) throw new Error('Nothing finite is known of this volume.');
      const other = colouredBy === 'level' || colouredBy === quantity ? null : colouredBy;
      const painted = (by: number) => (other === null ? null : knownOf(content, other, scale, by));
      const surfaceScale = painted(1)?.scale ?? known.scale;
      const before = keptOf(content).surfaces;
      const surfaces = new Map<string, LevelSurface>();
      const shown: { readonly height: number; readonly part: SoupPart }[] = [];
      slowestMs = 0;
      for (const { level, opacity, isShown } of look.levels) {
        const height = heightOf(level, known.scale);
        if (!isShown || opacity <= 0 || !Number.isFinite(height)) continue;
        const key = (by: number) => `${quantity} ${other} ${scale} ${by} ${height}`;
        // Levels that stay where they are stay fine.
        const by = before.has(key(1)) ? 1 : coarser;
        const began = performance.now();
        const surface =
          before.get(key(by)) ??
          surfaces.get(key(by)) ??
          levelSurface(knownOf(content, quantity, scale, by) ?? known, height, painted(by), surfaceScale, box);
        slowestMs = Math.max(slowestMs, performance.now() - began);
        surfaces.set(key(by), surface);
        shown.push({ height, part: { surface, opacity } });
      }
      keptOf(content).surfaces.clear();
      for (const [key, surface] of surfaces) keptOf(content).surfaces.set(key, surface);
      return { parts: shown.map(({ part }) => part), levels: shown.map(({ height }) => height), surfaceScale };
    },
  };
}

/** `painted`: the quantity that gives the colours; null for the level itself. Cost: that of the isosurface. */
export function levelSurface(
  known: KnownVolume,
  height: number,
  painted: KnownVolume | null,
  { low, high }: HeightScale,
  box: SceneBox,
): LevelSurface {
  const field: Field = { values: known.heights, computed: known.computed };
  const { positions, normals, indices } = isosurface(known.axes, field, height);
  const count = positions.length / 3;
  const colours = new Float32Array(count).fill((height - low) / (high - low));
  if (painted) {
    const sampled = interpolated(painted.axes, { values: painted.heights, computed: painted.computed }, positions);
    // What has no finite value there is drawn as the lowest.
    for (let i = 0; i < count; i++) {
      const share = (sampled.values[i]! - low) / (high - low);
      colours[i] = Number.isFinite(share) ? share : 0;
    }
  }
  return { ...inBox(positions, normals, box), colours, triangles: indices };
}

/** From the axes to the box: α along x, β along −z, γ along y. Normals go by the inverse of each scale. */
function inBox(positions: Float32Array, normals: Float32Array, box: SceneBox) {
  const [origin, unit] = [placeInBox(box, 0, 0, 0), placeInBox(box, 1, 1, 1)];
  const [sx, sy, sz] = [unit[0] - origin[0], unit[1] - origin[1], unit[2] - origin[2]];
  const [placed, turned] = [new Float32Array(positions.length), new Float32Array(normals.length)];
  for (let i = 0; i < positions.length; i += 3) {
    placed[i] = origin[0] + sx * positions[i]!;
    placed[i + 1] = origin[1] + sy * positions[i + 2]!;
    placed[i + 2] = origin[2] + sz * positions[i + 1]!;
    const [x, y, z] = [normals[i]! / sx, normals[i + 2]! / sy, normals[i + 1]! / sz];
    const length = Math.sqrt(x * x + y * y + z * z) || 1;
    turned[i] = x / length;
    turned[i + 1] = y / length;
    turned[i + 2] = z / length;
  }
  return { positions: placed, normals: turned };
}
