import { DoubleSide, ShaderMaterial, type Texture, Vector3, Vector4 } from 'three';

/** Three axis-aligned clip planes and an oblique one; one that is off keeps everything. */
export const mostClips = 4;
export const noClip = (): Vector4 => new Vector4(0, 0, 0, 1e9);

export const clipping = `
uniform vec4 clips[${mostClips}];
bool isClipped(vec3 at) {
  for (int i = 0; i < ${mostClips}; i++) if (dot(clips[i].xyz, at) > clips[i].w + 1e-6) return true;
  return false;
}`;

/** Isosurfaces: colour and opacity a vertex, the light of landscapes; a shell is denser where it is seen along. */
export function surfaceMaterial(table: Texture, clips: readonly Vector4[], translucent: boolean): ShaderMaterial {
  return new ShaderMaterial({
    side: DoubleSide,
    transparent: translucent,
    depthWrite: !translucent,
    uniforms: {
      table: { value: table },
      clips: { value: clips },
      key: { value: new Vector3(0, 1, 0) },
    },
    vertexShader: `
attribute vec2 tint;
varying vec3 at;
varying vec3 facing;
varying vec2 shade;
void main() {
  at = position;
  facing = normal;
  shade = tint;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`,
    fragmentShader: `
uniform sampler2D table;
uniform vec3 key;
varying vec3 at;
varying vec3 facing;
varying vec2 shade;
${clipping}
void main() {
  if (isClipped(at)) discard;
  vec3 view = normalize(cameraPosition - at);
  vec3 normal = normalize(facing);
  // Both sides are seen: the one that faces the viewer is lit.
  if (dot(normal, view) < 0.0) normal = -normal;
  vec3 colour = texture2D(table, vec2(shade.x, 0.5)).rgb;
  float lit = max(dot(normal, key), 0.0);
  vec3 fill = mix(vec3(0.042, 0.052, 0.102), vec3(1.0), 0.5 * normal.y + 0.5);
  float shine = pow(max(dot(normal, normalize(key + view)), 0.0), 48.0);
  vec3 light = colour * (0.56 * fill + 0.74 * lit) + 0.08 * shine;
  float along = max(abs(dot(normal, view)), 0.18);
  float opacity = shade.y >= 0.995 ? 1.0 : 1.0 - pow(1.0 - shade.y, 1.0 / along);
  gl_FragColor = vec4(light, opacity);
  #include <colorspace_fragment>
}`,
  });
}
