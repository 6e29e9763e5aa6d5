import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Group, Mesh, type Vector4 } from 'three';
import { type SectionUniforms, sectionMaterial } from './section-material.ts';
import { noClip } from './surface-material.ts';
import type { ShownPlane } from './volume-model.ts';

/** Polygons of planes through the volume: as many meshes as there were ever planes at once, at most four each. */
export interface SectionMeshes {
  readonly object: Group;
  /** `upTo`: heights above it are left out. `others`: the clip planes that cut the plane `i`. */
  show(planes: readonly ShownPlane[], upTo: number, others: (i: number) => readonly Vector4[]): void;
  dispose(): void;
}

const mostCorners = 6;
const mostPlanes = 4;
/** No height is above it. */
export const everyHeight = 3e38;

export function sectionMeshes(shared: SectionUniforms): SectionMeshes {
  const object = new Group();
  const meshes = Array.from({ length: mostPlanes }, () => {
    const clips = Array.from({ length: 4 }, noClip);
    const geometry = new BufferGeometry();
    const positions = new BufferAttribute(new Float32Array(3 * mostCorners), 3).setUsage(DynamicDrawUsage);
    geometry.setAttribute('position', positions);
    geometry.setIndex([0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 5]);
    const material = sectionMaterial(shared, clips, everyHeight);
    const mesh = new Mesh(geometry, material);
    mesh.frustumCulled = false;
    mesh.visible = false;
    object.add(mesh);
    return { mesh, positions, clips, material };
  });
  return {
    object,
    show(planes, upTo, others) {
      meshes.forEach(({ mesh, positions, clips, material }, i) => {
        const plane = planes[i];
        mesh.visible = plane !== undefined;
        if (plane === undefined) return;
        positions.array.set(plane.polygon.flat());
        positions.needsUpdate = true;
        mesh.geometry.setDrawRange(0, 3 * (plane.polygon.length - 2));
        material.uniforms.upTo!.value = upTo;
        const given = others(i);
        clips.forEach((clip, k) => {
          clip.copy(given[k] ?? noClip());
        });
      });
    },
    dispose() {
      for (const { mesh, material } of meshes) {
        mesh.geometry.dispose();
        material.dispose();
      }
    },
  };
}
