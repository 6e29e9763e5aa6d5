import { Data3DTexture, DataTexture, FloatType, NearestFilter, RedFormat, RGFormat } from 'three';
import type { KnownVolume } from './known-volume.ts';

/** A volume for sections: heights with what is known of them, and where its points lie along each axis. */
export interface VolumeTexture {
  readonly volume: Data3DTexture;
  readonly places: DataTexture;
  show(known: KnownVolume): void;
  dispose(): void;
}

/** What `show` had to replace is in `onReplaced`: sizes of textures are fixed. */
export function volumeTexture(onReplaced: (volume: Data3DTexture, places: DataTexture) => void): VolumeTexture {
  let [volume, places] = [heightsTexture(1, 1, 1), placesTexture(1)];
  let shown: KnownVolume | null = null;
  return {
    get volume() {
      return volume;
    },
    get places() {
      return places;
    },
    show(known) {
      if (known === shown) return;
      shown = known;
      const [columns, rows, layers] = known.axes.map(({ length }) => length) as [number, number, number];
      const { width, height, depth } = volume.image;
      const longest = Math.max(columns, rows, layers);
      if (width !== columns || height !== rows || depth !== layers || places.image.width !== longest) {
        volume.dispose();
        places.dispose();
        volume = heightsTexture(columns, rows, layers);
        places = placesTexture(longest);
        onReplaced(volume, places);
      }
      fillHeights(volume.image.data as Float32Array, known);
      fillPlaces(places.image.data as Float32Array, longest, known);
      volume.needsUpdate = true;
      places.needsUpdate = true;
    },
    dispose() {
      volume.dispose();
      places.dispose();
    },
  };
}

function heightsTexture(columns: number, rows: number, layers: number): Data3DTexture {
  const texture = new Data3DTexture(new Float32Array(2 * columns * rows * layers), columns, rows, layers);
  texture.format = RGFormat;
  texture.type = FloatType;
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  texture.unpackAlignment = 4;
  texture.needsUpdate = true;
  return texture;
}

function placesTexture(longest: number): DataTexture {
  const texture = new DataTexture(new Float32Array(3 * longest), longest, 3, RedFormat, FloatType);
  texture.needsUpdate = true;
  return texture;
}

function fillHeights(data: Float32Array, { heights, computed }: KnownVolume): void {
  for (let point = 0; point < heights.length; point++) {
    const height = heights[point]!;
    const isNumber = computed[point] === 1 && !Number.isNaN(height);
    data[2 * point] = isNumber ? height : 0;
    data[2 * point + 1] = isNumber ? 1 : computed[point] === 1 ? 0.5 : 0;
  }
}

/** Shares of the whole axis, of which the known points may not reach the end. */
function fillPlaces(data: Float32Array, longest: number, { axes, ends }: KnownVolume): void {
  axes.forEach((axis, k) => {
    const [low, high] = ends[k]!;
    axis.forEach((at, i) => {
      data[k * longest + i] = (at - low) / (high - low);
    });
  });
}
