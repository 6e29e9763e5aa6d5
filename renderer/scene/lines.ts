import { BufferAttribute, BufferGeometry, DynamicDrawUsage, LineBasicMaterial, LineSegments } from 'three';
import { LineMaterial } from 'three/examples/jsm/lines/LineMaterial.js';
import { LineSegments2 } from 'three/examples/jsm/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/examples/jsm/lines/LineSegmentsGeometry.js';

/** Lines between pairs of points. Their buffers grow by doubling and are filled again otherwise. */
export interface Lines {
  readonly object: LineSegments | LineSegments2;
  show(points: readonly number[]): void;
  dispose(): void;
}

/** One pixel of the picture wide. */
export interface ThinLines extends Lines {
  readonly material: LineBasicMaterial;
}

export function thinLines(opacity: number): ThinLines {
  // Opaque lines too: with one kind of blending there is one program for all of them.
  const material = new LineBasicMaterial({ transparent: true, opacity });
  const object = new LineSegments(new BufferGeometry(), material);
  object.frustumCulled = false;
  const show = (points: readonly number[]): void => {
    const held = object.geometry.getAttribute('position') as BufferAttribute | undefined;
    if (held === undefined || held.array.length < points.length) {
      object.geometry.dispose();
      object.geometry = new BufferGeometry();
      const attribute = new BufferAttribute(new Float32Array(capacity(points.length)), 3);
      object.geometry.setAttribute('position', attribute.setUsage(DynamicDrawUsage));
    }
    const attribute = object.geometry.getAttribute('position') as BufferAttribute;
    (attribute.array as Float32Array).set(points);
    attribute.needsUpdate = true;
    object.geometry.setDrawRange(0, points.length / 3);
    object.visible = points.length > 0;
  };
  show([]);
  return { object, material, show, dispose: () => disposeAll(object.geometry, material) };
}

export interface ThickLines extends Lines {
  readonly material: LineMaterial;
  readonly object: LineSegments2;
}

/** `width` in pixels of the page, whatever the resolution of the picture. */
export function thickLines(width: number): ThickLines {
  const material = new LineMaterial({ linewidth: width });
  const object = new LineSegments2(new LineSegmentsGeometry(), material);
  object.frustumCulled = false;
  let held = 0;
  const show = (points: readonly number[]): void => {
    object.visible = points.length > 0;
    if (points.length === 0) return;
    if (held < points.length) {
      held = capacity(points.length);
      object.geometry.dispose();
      object.geometry = new LineSegmentsGeometry();
      object.geometry.setPositions(new Float32Array(held));
    }
    const start = object.geometry.getAttribute('instanceStart');
    if (!('data' in start)) return;
    (start.data.array as Float32Array).set(points);
    start.data.needsUpdate = true;
    object.geometry.instanceCount = points.length / 6;
  };
  show([]);
  return { object, material, show, dispose: () => disposeAll(object.geometry, material) };
}

function disposeAll(...things: readonly { dispose(): void }[]): void {
  for (const thing of things) thing.dispose();
}

/** A multiple of six numbers: whole segments. */
const capacity = (length: number): number => 6 * 2 ** Math.ceil(Math.log2(Math.max(64, length / 6)));
