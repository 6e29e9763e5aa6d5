import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  type InterleavedBufferAttribute,
  LineBasicMaterial,
  LineSegments,
} from 'three';
import { LineMaterial } from 'three/examples/jsm/lines/LineMaterial.js';
import { LineSegments2 } from 'three/examples/jsm/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/examples/jsm/lines/LineSegmentsGeometry.js';
import { type Uploads, uploads } from './uploads.ts';

/** Lines between pairs of points. Their buffers grow by doubling; what has changed in them is sent. */
export interface Lines {
  readonly object: LineSegments | LineSegments2;
  /** `length`: numbers of `points` in use, all of them unless said. */
  show(points: ArrayLike<number>, length?: number): void;
  dispose(): void;
}

/** One pixel of the picture wide. */
export interface ThinLines extends Lines {
  readonly object: LineSegments<BufferGeometry, LineBasicMaterial>;
  readonly material: LineBasicMaterial;
}

export function thinLines(opacity: number): ThinLines {
  // Opaque lines too: with one kind of blending there is one program for all of them.
  const material = new LineBasicMaterial({ transparent: true, opacity });
  const object = new LineSegments(new BufferGeometry(), material);
  object.frustumCulled = false;
  let sent: Uploads | null = null;
  const show = (points: ArrayLike<number>, length = points.length): void => {
    object.visible = length > 0;
    const held = object.geometry.getAttribute('position') as BufferAttribute | undefined;
    if (held === undefined || sent === null || held.array.length < length) {
      object.geometry.dispose();
      object.geometry = new BufferGeometry();
      const attribute = new BufferAttribute(new Float32Array(capacity(length)), 3).setUsage(DynamicDrawUsage);
      object.geometry.setAttribute('position', attribute);
      sent = uploads(attribute);
    }
    const array = object.geometry.getAttribute('position').array as Float32Array;
    copy(points, array, length);
    sent.send(length);
    object.geometry.setDrawRange(0, length / 3);
  };
  show([]);
  return { object, material, show, dispose: () => disposeAll(object.geometry, material) };
}

/** The same lines once more, flat at the height 0, in another colour: from the same buffer. */
export interface FlatLines {
  readonly object: LineSegments<BufferGeometry, LineBasicMaterial>;
  readonly material: LineBasicMaterial;
  /** After the lines have been shown. */
  follow(): void;
  dispose(): void;
}

export function flatLines(of: ThinLines, opacity: number): FlatLines {
  const material = new LineBasicMaterial({ transparent: true, opacity });
  const object = new LineSegments(of.object.geometry, material);
  object.frustumCulled = false;
  object.scale.y = 0;
  return {
    object,
    material,
    follow() {
      object.geometry = of.object.geometry;
      object.visible = of.object.visible;
    },
    dispose: () => material.dispose(),
  };
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
  let [held, sent]: [number, Uploads | null] = [0, null];
  const show = (points: ArrayLike<number>, length = points.length): void => {
    object.visible = length > 0;
    if (length === 0) return;
    if (held < length || sent === null) {
      held = capacity(length);
      object.geometry.dispose();
      object.geometry = new LineSegmentsGeometry();
      object.geometry.setPositions(new Float32Array(held));
      sent = uploads((object.geometry.getAttribute('instanceStart') as InterleavedBufferAttribute).data);
    }
    const { data } = object.geometry.getAttribute('instanceStart') as InterleavedBufferAttribute;
    copy(points, data.array as Float32Array, length);
    sent.send(length);
    object.geometry.instanceCount = length / 6;
  };
  show([]);
  return { object, material, show, dispose: () => disposeAll(object.geometry, material) };
}

function copy(from: ArrayLike<number>, to: Float32Array, length: number): void {
  for (let i = 0; i < length; i++) to[i] = from[i]!;
}

function disposeAll(...things: readonly { dispose(): void }[]): void {
  for (const thing of things) thing.dispose();
}

/** A multiple of six numbers: whole segments. */
const capacity = (length: number): number => 6 * 2 ** Math.ceil(Math.log2(Math.max(64, length / 6)));
