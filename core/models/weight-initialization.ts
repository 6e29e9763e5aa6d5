import type { Random } from '../random/random.ts';

/** How many numbers feed one output of a weight (`in`), and how many outputs one input feeds (`out`). */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** An initialiser by name, with its parameters: `{ name: 'constant', parameters: { value: 0.1 } }`. */
export interface Initializer {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

type Draw = (
  out: Float64Array,
  rng: Random,
  fans: Fans,
  parameters: Readonly<Record<string, number>>,
  columns: number,
) => void;

const fanIn = (fans: Fans) => Math.max(1, fans.in);
const fanAverage = (fans: Fans) => Math.max(1, (fans.in + fans.out) / 2);

function uniform(out: Float64Array, rng: Random, low: number, high: number): void {
  for (let i = 0; i < out.length; i++) out[i] = low + (high - low) * rng.uniform();
}

function normal(out: Float64Array, rng: Random, mean: number, deviation: number): void {
  for (let i = 0; i < out.length; i++) out[i] = mean + deviation * rng.normal();
}

function truncatedNormal(out: Float64Array, rng: Random, mean: number, deviation: number): void {
  for (let i = 0; i < out.length; i++) {
    let z = rng.normal();
    while (Math.abs(z) > 2) z = rng.normal();
    out[i] = mean + deviation * z;
  }
}

/** Standard deviation of a standard normal that is cut at ±2, by which the scaled normals below are divided. */
const truncatedDeviation = 0.8796256610342398;

const scaledUniform =
  (scale: number, fan: (fans: Fans) => number): Draw =>
  (out, rng, fans) => {
    const limit = Math.sqrt((3 * scale) / fan(fans));
    uniform(out, rng, -limit, limit);
  };

const scaledNormal =
  (scale: number, fan: (fans: Fans) => number): Draw =>
  (out, rng, fans) =>
    truncatedNormal(out, rng, 0, Math.sqrt(scale / fan(fans)) / truncatedDeviation);

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, uniform among all of these: drawn from normals by
 * Gram and Schmidt, twice for the sake of accuracy (Saxe, McClelland and Ganguli 2014; Mezzadri 2007). Times `gain`.
 */
function orthogonal(out: Float64Array, rng: Random, columns: number, gain: number): void {
  const rows = out.length / columns;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const drawn = rng.fill(new Float64Array(length), 'normal');
    for (let round = 0; round < 2; round++) for (const other of vectors) removeAlong(drawn, other);
    const norm = Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0));
    vectors.push(drawn.map((x) => x / norm));
  }
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [vector, entry] = rows < columns ? [row, column] : [column, row];
      out[row * columns + column] = gain * (vectors[vector]?.[entry] ?? 0);
    }
}

/** x ← x − (u·x) u for a unit vector u. */
function removeAlong(x: Float64Array, u: Float64Array): void {
  let along = 0;
  for (let i = 0; i < x.length; i++) along += (u[i] ?? 0) * (x[i] ?? 0);
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) - along * (u[i] ?? 0);
}

/**
 * The initialisers, each with its parameters and their defaults. The scaled ones have variance scale/fan exactly: Glorot
 * and Bengio (2010) 1/mean(fan), He et al. (2015) 2/fan-in, LeCun et al. (1998) 1/fan-in; their normals are cut at two
 * standard deviations and rescaled, as in Keras 2.2 and later (tf.layers cuts without rescaling).
 * `fanInUniform` is U(±1/√fan-in), for kernels and biases alike: the default of PyTorch.
 */
const initializers: Readonly<Record<string, { parameters: Readonly<Record<string, number>>; draw: Draw }>> = {
  zeros: { parameters: {}, draw: (out) => out.fill(0) },
  ones: { parameters: {}, draw: (out) => out.fill(1) },
  constant: { parameters: { value: 0 }, draw: (out, _rng, _fans, p) => out.fill(p.value ?? 0) },
  randomUniform: {
    parameters: { minval: -0.05, maxval: 0.05 },
    draw: (out, rng, _fans, p) => uniform(out, rng, p.minval ?? 0, p.maxval ?? 0),
  },
  randomNormal: {
    parameters: { mean: 0, stddev: 0.05 },
    draw: (out, rng, _fans, p) => normal(out, rng, p.mean ?? 0, p.stddev ?? 0),
  },
  truncatedNormal: {
    parameters: { mean: 0, stddev: 0.05 },
    draw: (out, rng, _fans, p) => truncatedNormal(out, rng, p.mean ?? 0, p.stddev ?? 0),
  },
  glorotUniform: { parameters: {}, draw: scaledUniform(1, fanAverage) },
  glorotNormal: { parameters: {}, draw: scaledNormal(1, fanAverage) },
  heUniform: { parameters: {}, draw: scaledUniform(2, fanIn) },
  heNormal: { parameters: {}, draw: scaledNormal(2, fanIn) },
  lecunUniform: { parameters: {}, draw: scaledUniform(1, fanIn) },
  lecunNormal: { parameters: {}, draw: scaledNormal(1, fanIn) },
  fanInUniform: { parameters: {}, draw: scaledUniform(1 / 3, fanIn) },
  orthogonal: {
    parameters: { gain: 1 },
    draw: (out, rng, _fans, p, columns) => orthogonal(out, rng, columns, p.gain ?? 1),
  },
};

/** tf.layers spells these two with a capital C; both spellings are taken. */
const spelling: Readonly<Record<string, string>> = { leCunUniform: 'lecunUniform', leCunNormal: 'lecunNormal' };

/** Every name by which an initialiser may be called, the two other spellings last. */
export const namedInitializers: readonly string[] = [...Object.keys(initializers), ...Object.keys(spelling)];

export const initializerExpectation = `one of ${Object.keys(initializers).join(', ')}, with parameters as in { constant: { value: 0.1 } }`;

/** The initialiser that a value of an experiment file means, or null where it means none. */
export function initializerFrom(value: unknown): Initializer | null {
  const [given, parameters, ...others] =
    typeof value === 'string'
      ? [value, {}]
      : typeof value === 'object' && value !== null
        ? Object.entries(value).flat()
        : [];
  if (typeof given !== 'string' || others.length > 0) return null;
  const name = Object.hasOwn(spelling, given) ? (spelling[given] ?? given) : given;
  const known = Object.hasOwn(initializers, name) ? initializers[name] : undefined;
  if (!known || typeof parameters !== 'object' || parameters === null) return null;
  const valid = Object.entries(parameters).every(
    ([key, entry]) => Object.hasOwn(known.parameters, key) && Number.isFinite(entry),
  );
  return valid ? { name, parameters: { ...known.parameters, ...parameters } } : null;
}

export const isInitializer = (value: unknown): boolean => initializerFrom(value) !== null;

/**
 * Draws `size` weights, `columns` of them in a row of the matrix that their last axis makes them. What is drawn depends on
 * the stream, the initialiser and these numbers only, on no tensor backend.
 */
export function drawWeights(
  initializer: Initializer,
  size: number,
  fans: Fans,
  rng: Random,
  columns = fans.out,
): Float64Array {
  const out = new Float64Array(size);
  initializers[initializer.name]?.draw(out, rng, fans, initializer.parameters, columns);
  return out;
}

/**
 * The fans of a kernel: matrices in × out; convolutions (…, in, out) times the taps, as Keras counts them (also for
 * transposed kernels, whose last two axes are out × in, and for depthwise ones). Other shapes count √size both ways.
 */
export function fansOf(shape: readonly number[]): Fans {
  const [inputs, outputs] = shape.slice(-2);
  if (shape.length < 2 || inputs === undefined || outputs === undefined) {
    const side = Math.sqrt(shape.reduce((product, extent) => product * extent, 1));
    return { in: side, out: side };
  }
  const taps = shape.slice(0, -2).reduce((product, extent) => product * extent, 1);
  return { in: taps * inputs, out: taps * outputs };
}
