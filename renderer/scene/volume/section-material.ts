import { DoubleSide, ShaderMaterial, type Texture, Vector2, Vector3, type Vector4 } from 'three';
import { clipping } from './surface-material.ts';

/** Levels whose lines are drawn on a section. */
export const mostLevelLines = 8;

export interface SectionTextures {
  readonly table: Texture;
  readonly volume: Texture;
  readonly places: Texture;
}

/** What all sections of a scene have in common. */
export interface SectionUniforms {
  readonly [name: string]: { value: unknown };
}

export const sectionUniforms = ({ table, volume, places }: SectionTextures): SectionUniforms => ({
  table: { value: table },
  volume: { value: volume },
  places: { value: places },
  side: { value: new Vector3(1, 1, 1) },
  ends: { value: new Vector2(0, 1) },
  contourStep: { value: 0 },
  levels: { value: new Float32Array(mostLevelLines) },
  levelCount: { value: 0 },
  pixels: { value: 1 },
  /** Points lie at equal distances along every axis. */
  even: { value: true },
  hatch: { value: new Vector3(0.5, 0.5, 0.5) },
});

/**
 * The quantity on a plane, in the colours of the scale without light. The volume is read by its own trilinear
 * interpolation: hardware filters know neither uneven axes nor missing values.
 */
export function sectionMaterial(shared: SectionUniforms, clips: readonly Vector4[], upTo: number): ShaderMaterial {
  return new ShaderMaterial({
    side: DoubleSide,
    // Its frame is drawn at its own depth: the section steps back for it.
    polygonOffset: true,
    polygonOffsetFactor: 1,
    polygonOffsetUnits: 4,
    uniforms: { ...shared, clips: { value: clips }, upTo: { value: upTo } },
    vertexShader: `
varying vec3 at;
void main() {
  at = position;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`,
    fragmentShader: fragment,
  });
}

const fragment = `
precision highp sampler3D;
uniform sampler2D table;
uniform sampler3D volume;
uniform sampler2D places;
uniform vec3 side;
uniform vec2 ends;
uniform float contourStep;
uniform float levels[${mostLevelLines}];
uniform int levelCount;
uniform float pixels;
uniform bool even;
uniform vec3 hatch;
uniform float upTo;
varying vec3 at;
${clipping}

// The place along an axis in points of the grid: the axis holds shares of its length, ascending.
float placeAlong(int axis, float share, int count) {
  int low = 0;
  int high = count - 1;
  // Nothing to search for.
  if (even && high > 0) return share / texelFetch(places, ivec2(high, axis), 0).r * float(high);
  for (int i = 0; i < 12; i++) {
    if (high - low <= 1) break;
    int middle = (low + high) / 2;
    if (texelFetch(places, ivec2(middle, axis), 0).r <= share) low = middle;
    else high = middle;
  }
  float from = texelFetch(places, ivec2(low, axis), 0).r;
  float to = texelFetch(places, ivec2(high, axis), 0).r;
  return float(low) + (to > from ? (share - from) / (to - from) : 0.0);
}

float line(float away, float slope, float width) {
  float apart = away / max(slope, 1e-12);
  return 1.0 - smoothstep(width - 0.5, width + 0.5, apart);
}

void main() {
  if (isClipped(at)) discard;
  ivec3 count = textureSize(volume, 0);
  vec3 share = vec3(at.x / side.x + 0.5, 0.5 - at.z / side.z, at.y / side.y);
  vec3 place = vec3(
    placeAlong(0, share.x, count.x),
    placeAlong(1, share.y, count.y),
    placeAlong(2, share.z, count.z)
  );
  // Beyond the last point that is known.
  if (any(greaterThan(place, vec3(count - 1) + 1e-3))) discard;
  vec3 base = clamp(floor(place), vec3(0.0), max(vec3(count) - 2.0, vec3(0.0)));
  vec3 part = clamp(place - base, 0.0, 1.0);
  float height = 0.0;
  float worst = 1.0;
  for (int corner = 0; corner < 8; corner++) {
    ivec3 offset = ivec3(corner & 1, (corner >> 1) & 1, corner >> 2);
    vec3 weights = mix(1.0 - part, part, vec3(offset));
    float weight = weights.x * weights.y * weights.z;
    if (weight < 1e-5) continue;
    vec2 texel = texelFetch(volume, min(ivec3(base) + offset, count - 1), 0).rg;
    // 0 not known, 0.5 not finite, 1 a number.
    worst = min(worst, texel.g);
    height += weight * texel.r;
  }
  float slope = fwidth(height);
  if (worst < 0.25) discard;
  vec3 colour;
  if (worst < 0.75) {
    float stripe = abs(fract((gl_FragCoord.x + gl_FragCoord.y) / (9.0 * pixels)) - 0.5);
    if (stripe > 0.12) discard;
    colour = hatch;
  } else {
    if (height > upTo) discard;
    float tint = clamp((height - ends.x) / (ends.y - ends.x), 0.0, 1.0);
    colour = texture2D(table, vec2(tint * (255.0 / 256.0) + 0.5 / 256.0, 0.5)).rgb;
    bool isDark = tint < 0.62;
    vec3 ink = isDark ? vec3(1.0) : vec3(0.004, 0.005, 0.007);
    if (contourStep > 0.0) {
      float away = abs(fract(height / contourStep - 0.5) - 0.5) * contourStep;
      // Lines that would run into each other fade.
      float crowd = clamp(1.5 - 4.0 * slope / contourStep, 0.0, 1.0);
      colour = mix(colour, ink, line(away, slope, 0.5 * pixels) * (isDark ? 0.26 : 0.34) * crowd);
    }
    for (int i = 0; i < ${mostLevelLines}; i++) {
      if (i >= levelCount) break;
      // Just outside of the surface that ends there: on it, triangles would hide parts of the line.
      colour = mix(colour, ink, 0.9 * line(abs(height - levels[i] - 1.3 * pixels * slope), slope, 0.8 * pixels));
    }
  }
  gl_FragColor = vec4(colour, 1.0);
  #include <colorspace_fragment>
}`;
