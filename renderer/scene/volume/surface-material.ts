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

/** Fine: light for each pixel. Quick: for each corner of a triangle, for software that draws while the volume turns. */
export interface SurfaceMaterials {
  readonly fine: ShaderMaterial;
  readonly quick: ShaderMaterial;
}

/** Isosurfaces: colour and opacity a vertex, the light of landscapes; a shell is denser where it is seen along. */
export function surfaceMaterials(table: Texture, clips: readonly Vector4[], translucent: boolean): SurfaceMaterials {
  const uniforms = {
    table: { value: table },
    clips: { value: clips },
    key: { value: new Vector3(0, 1, 0) },
  };
  const made = (shaders: { readonly vertexShader: string; readonly fragmentShader: string }) =>
    new ShaderMaterial({ side: DoubleSide, transparent: translucent, depthWrite: !translucent, uniforms, ...shaders });
  return { fine: made(fine), quick: made(quick) };
}

const lighting = `
uniform sampler2D table;
uniform vec3 key;
vec4 lightAt(vec3 at, vec3 facing, vec2 shade) {
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
  return vec4(light, opacity);
}`;

const fine = {
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
varying vec3 at;
varying vec3 facing;
varying vec2 shade;
${clipping}
${lighting}
void main() {
  if (isClipped(at)) discard;
  gl_FragColor = lightAt(at, facing, shade);
  #include <colorspace_fragment>
}`,
};

const quick = {
  vertexShader: `
attribute vec2 tint;
varying vec3 at;
varying vec4 light;
${lighting}
void main() {
  at = position;
  light = lightAt(position, normal, tint);
  // Between corners colours are mixed as they are seen: what a pixel costs is what counts here.
  light.rgb = pow(light.rgb, vec3(1.0 / 2.2));
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`,
  fragmentShader: `
varying vec3 at;
varying vec4 light;
${clipping}
void main() {
  if (isClipped(at)) discard;
  gl_FragColor = light;
}`,
};
