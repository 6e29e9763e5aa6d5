import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Mesh } from 'three';
import type { Point } from '../scene-box.ts';
import type { SurfaceMaterials } from './surface-material.ts';
import { emptySoup, fillSoup, type SoupPart, sortSoup } from './surface-soup.ts';

/** Isosurfaces as one mesh. */
export interface SoupMesh {
  readonly object: Mesh;
  readonly triangles: number;
  show(parts: readonly SoupPart[]): void;
  /** Farthest first, as seen from there. */
  sort(eye: Point): void;
  hurry(isHurried: boolean): void;
  dispose(): void;
}

export function soupMesh({ fine, quick }: SurfaceMaterials): SoupMesh {
  const soup = emptySoup();
  const object = new Mesh(new BufferGeometry(), fine);
  object.frustumCulled = false;
  let sortedFrom = '';

  const attribute = (name: string, array: Float32Array, size: number) =>
    object.geometry.setAttribute(name, new BufferAttribute(array, size).setUsage(DynamicDrawUsage));
  function replace(): void {
    object.geometry.dispose();
    object.geometry = new BufferGeometry();
    attribute('position', soup.positions, 3);
    attribute('normal', soup.normals, 3);
    attribute('tint', soup.tints, 2);
    object.geometry.setIndex(new BufferAttribute(soup.index, 1).setUsage(DynamicDrawUsage));
  }
  /** Only what is in use goes to the graphics card. */
  function upload(held: BufferAttribute, used: number): void {
    held.clearUpdateRanges();
    held.addUpdateRange(0, used);
    held.needsUpdate = true;
  }
  function uploadIndex(): void {
    if (object.geometry.index) upload(object.geometry.index, soup.indices);
  }
  return {
    object,
    get triangles() {
      return soup.indices / 3;
    },
    show(parts) {
      const grown = fillSoup(soup, parts);
      sortedFrom = '';
      object.visible = soup.indices > 0;
      if (grown) replace();
      object.geometry.setDrawRange(0, soup.indices);
      if (grown || soup.indices === 0) return;
      for (const [name, size] of [
        ['position', 3],
        ['normal', 3],
        ['tint', 2],
      ] as const)
        upload(object.geometry.getAttribute(name) as BufferAttribute, size * soup.vertices);
      uploadIndex();
    },
    sort(eye) {
      const key = eye.map((value) => value.toFixed(4)).join(' ');
      if (key === sortedFrom || soup.indices === 0) return;
      sortedFrom = key;
      sortSoup(soup, eye);
      uploadIndex();
    },
    hurry(isHurried) {
      object.material = isHurried ? quick : fine;
    },
    dispose() {
      object.geometry.dispose();
      fine.dispose();
      quick.dispose();
    },
  };
}
