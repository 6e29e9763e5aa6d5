import { BufferAttribute, BufferGeometry, Color, DynamicDrawUsage, Points, ShaderMaterial } from 'three';
import type { Point } from '../scene-box.ts';

/** Checkpoints as discs of a few pixels, coloured by how much of their way the volume does not show. */
export interface PathDots {
  readonly object: Points;
  readonly material: ShaderMaterial;
  show(points: readonly (Point | null)[], hidden: readonly number[]): void;
  style(near: string, far: string, rim: string): void;
  dispose(): void;
}

/** More would run into each other. */
const mostDots = 28;

export function pathDots(): PathDots {
  const material = new ShaderMaterial({
    // Seen through shells and sections, as the path is.
    transparent: true,
    depthTest: false,
    depthWrite: false,
    uniforms: {
      near: { value: new Color() },
      far: { value: new Color() },
      rim: { value: new Color() },
      size: { value: 9 },
    },
    vertexShader: `
attribute float hidden;
uniform float size;
varying float share;
void main() {
  share = hidden;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  gl_PointSize = size;
}`,
    fragmentShader: `
uniform vec3 near;
uniform vec3 far;
uniform vec3 rim;
varying float share;
void main() {
  float radius = 2.0 * length(gl_PointCoord - 0.5);
  if (radius > 1.0) discard;
  gl_FragColor = vec4(radius > 0.72 ? rim : mix(near, far, share), 1.0);
  #include <colorspace_fragment>
}`,
  });
  const object = new Points(new BufferGeometry(), material);
  object.frustumCulled = false;
  const room = new Float32Array(3 * (mostDots + 1));
  const shares = new Float32Array(mostDots + 1);
  object.geometry.setAttribute('position', new BufferAttribute(room, 3).setUsage(DynamicDrawUsage));
  object.geometry.setAttribute('hidden', new BufferAttribute(shares, 1).setUsage(DynamicDrawUsage));
  return {
    object,
    material,
    show(points, hidden) {
      const every = Math.max(1, Math.ceil(points.length / mostDots));
      let count = 0;
      points.forEach((point, i) => {
        if (point === null || (i % every !== 0 && i !== points.length - 1)) return;
        room.set(point, 3 * count);
        shares[count++] = hidden[i] ?? 0;
      });
      object.geometry.setDrawRange(0, count);
      object.visible = count > 0;
      for (const name of ['position', 'hidden'])
        (object.geometry.getAttribute(name) as BufferAttribute).needsUpdate = true;
    },
    style(near, far, rim) {
      (material.uniforms.near!.value as Color).set(near);
      (material.uniforms.far!.value as Color).set(far);
      (material.uniforms.rim!.value as Color).set(rim);
    },
    dispose() {
      object.geometry.dispose();
      material.dispose();
    },
  };
}
