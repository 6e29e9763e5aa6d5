import {
  BufferAttribute,
  BufferGeometry,
  ClampToEdgeWrapping,
  DataTexture,
  DoubleSide,
  DynamicDrawUsage,
  LinearFilter,
  Mesh,
  MeshLambertMaterial,
  RGBAFormat,
  SRGBColorSpace,
} from 'three';
import { type ColourMap, colourTables } from '../../core/figures/colour-tables.ts';
import type { SurfaceArrays } from './surface-arrays.ts';

/** The surface, coloured by a table of 256 colours that each pixel looks its height up in. */
export interface SurfaceMesh {
  readonly object: Mesh;
  show(arrays: SurfaceArrays): void;
  colours(map: ColourMap): void;
  dispose(): void;
}

export function surfaceMesh(): SurfaceMesh {
  const texture = new DataTexture(new Uint8Array(4 * 256), 256, 1, RGBAFormat);
  texture.colorSpace = SRGBColorSpace;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.wrapS = ClampToEdgeWrapping;
  // Lines on the surface are drawn at its own depth: the surface steps back for them.
  const offset = { polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 4 };
  const material = new MeshLambertMaterial({ map: texture, side: DoubleSide, ...offset });
  const object = new Mesh(new BufferGeometry(), material);
  object.frustumCulled = false;
  let shown: SurfaceArrays | null = null;
  return {
    object,
    show(arrays) {
      if (arrays !== shown) {
        object.geometry.dispose();
        object.geometry = geometryOf(arrays);
        shown = arrays;
      }
      for (const name of ['position', 'normal', 'uv'])
        (object.geometry.getAttribute(name) as BufferAttribute).needsUpdate = true;
      if (object.geometry.index) object.geometry.index.needsUpdate = true;
      object.geometry.setDrawRange(0, arrays.indexLength);
      object.visible = arrays.indexLength > 0;
    },
    colours(map) {
      const table = colourTables[map];
      const data = texture.image.data as Uint8Array;
      for (let i = 0; i < 256; i++) data.set([table[3 * i]!, table[3 * i + 1]!, table[3 * i + 2]!, 255], 4 * i);
      texture.needsUpdate = true;
    },
    dispose() {
      object.geometry.dispose();
      texture.dispose();
      material.dispose();
    },
  };
}

function geometryOf({ positions, normals, colourCoordinates, index }: SurfaceArrays): BufferGeometry {
  const geometry = new BufferGeometry();
  const dynamic = (array: Float32Array, size: number) => new BufferAttribute(array, size).setUsage(DynamicDrawUsage);
  geometry.setAttribute('position', dynamic(positions, 3));
  geometry.setAttribute('normal', dynamic(normals, 3));
  geometry.setAttribute('uv', dynamic(colourCoordinates, 2));
  geometry.setIndex(new BufferAttribute(index, 1).setUsage(DynamicDrawUsage));
  return geometry;
}
