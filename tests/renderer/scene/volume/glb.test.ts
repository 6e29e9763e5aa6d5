import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SceneStyle } from '../../../../renderer/scene/painter.ts';
import { levelStore } from '../../../../renderer/scene/volume/level-store.ts';
import { volumeGlb } from '../../../../renderer/scene/volume/volume-glb.ts';
import { volumeModel } from '../../../../renderer/scene/volume/volume-model.ts';
import { level, lookOf, sampledVolume } from './shapes.ts';

/** The exporter reads blobs as pages do. */
class PageFileReader {
  result: ArrayBuffer | null = null;
  onloadend: (() => void) | null = null;
  readAsArrayBuffer(blob: Blob): void {
    void blob.arrayBuffer().then((buffer) => {
      this.result = buffer;
      this.onloadend?.();
    });
  }
}
const before = (globalThis as { FileReader?: unknown }).FileReader;
beforeAll(() => void Object.assign(globalThis, { FileReader: PageFileReader }));
afterAll(() => void Object.assign(globalThis, { FileReader: before }));

test('a volume as binary glTF 2.0: its isosurface by an accessor of points on the sphere, and its notes', async () => {
  const content = sampledVolume((a, b, c) => a * a + b * b + c * c, {
    points: [21, 21, 21],
    ends: [
      [-1, 1],
      [-1, 1],
      [-1, 1],
    ],
  });
  const model = volumeModel(content, lookOf({ levels: [level(0.25)] }), levelStore())!;
  const bytes = await volumeGlb(model, { colourMap: 'viridis', path: '#000000', axis: '#000000' } as SceneStyle, {
    run: 'sphere',
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // Header, then the chunk JSON, then the chunk BIN, as the specification has it.
  expect([view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)]).toEqual([
    0x46546c67,
    2,
    bytes.length,
  ]);
  const jsonBytes = view.getUint32(12, true);
  const gltf = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonBytes)));
  expect(view.getUint32(20 + jsonBytes + 4, true)).toBe(0x004e4942);
  expect(gltf.scenes[0]).toMatchObject({ name: 'volume', extras: { run: 'sphere' } });
  const node = gltf.nodes.find(({ name }: { name?: string }) => name === 'level 0.25');
  const [{ attributes, indices }] = gltf.meshes[node.mesh].primitives;
  const points = gltf.accessors[attributes.POSITION];
  expect(gltf.accessors[attributes.NORMAL].count).toBe(points.count);
  expect(gltf.accessors[indices].count % 3).toBe(0);
  // The sphere of radius ½ in a cube of side 2 is half as wide as the box, in every direction.
  for (const k of [0, 1, 2]) expect((points.max[k] - points.min[k]) / model.box.height).toBeCloseTo(0.5, 2);
});
