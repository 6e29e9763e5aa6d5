/** Operations of TensorFlow on small inputs, with what they must give, computed here by their definitions in doubles. */
import type { NativeAttributes } from '../../../core/models/tensorflow/native/binding.ts';

export interface Case {
  readonly operation: string;
  /** What of it is looked at. */
  readonly about: string;
  readonly inputs: readonly Input[];
  readonly attributes: NativeAttributes;
  readonly outputs: number;
  readonly expected: readonly { readonly output: number; readonly values: ArrayLike<number> }[];
}

interface Input {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** int32 in both precisions. */
  readonly whole?: true;
}

/** Without structure that a wrong index could hide behind, and exact in float32, so that both precisions get the same. */
const numbers = (count: number, seed: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => Math.fround(Math.sin(12.9898 * (i + 1) + 78.233 * seed)));

const real = (shape: readonly number[], seed: number): Input & { readonly values: Float64Array } => ({
  shape,
  values: numbers(
    shape.reduce((product, length) => product * length, 1),
    seed,
  ),
});
const ints = (...values: number[]): Input => ({ shape: [values.length], values, whole: true });
const bool = (value: boolean) => ({ kind: 'bool', value }) as const;
const list = (...value: number[]) => ({ kind: 'ints', value }) as const;
const text = (value: string) => ({ kind: 'string', value }) as const;

const filled = (count: number, value: (index: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => value(index));
const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;
const raise = (values: Float64Array, index: number, by: number): void => {
  values[index] = at(values, index) + by;
};

function matrixProducts(): Case[] {
  const [m, k, n] = [19, 31, 23];
  return [false, true].flatMap((left) =>
    [false, true].map((right): Case => {
      const a = real(left ? [k, m] : [m, k], 1);
      const b = real(right ? [n, k] : [k, n], 2);
      const values = filled(m * n, (index) => {
        const [row, column] = [Math.floor(index / n), index % n];
        let sum = 0;
        for (let i = 0; i < k; i++)
          sum += at(a.values, left ? i * m + row : row * k + i) * at(b.values, right ? column * k + i : i * n + column);
        return sum;
      });
      return {
        operation: 'MatMul',
        about: `${left ? 'Aᵀ' : 'A'}${right ? 'Bᵀ' : 'B'}`,
        inputs: [a, b],
        attributes: { transpose_a: bool(left), transpose_b: bool(right) },
        outputs: 1,
        expected: [{ output: 0, values }],
      };
    }),
  );
}

interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding: 'SAME' | 'VALID';
}

const image = { batch: 2, side: 7, channels: 3 };

/** Output side and what is added before the first row, as TensorFlow defines SAME and VALID. */
function extent({ size, stride, padding }: Window): { readonly out: number; readonly before: number } {
  if (padding === 'VALID') return { out: Math.floor((image.side - size) / stride) + 1, before: 0 };
  const out = Math.ceil(image.side / stride);
  return { out, before: Math.floor(Math.max(0, (out - 1) * stride + size - image.side) / 2) };
}

/** Calls `visit` for every pixel of the image under every place of the window. */
function slide(window: Window, visit: (place: number, tap: number, pixel: number) => void): number {
  const { out, before } = extent(window);
  const inside = (position: number) => position >= 0 && position < image.side;
  for (let place = 0; place < image.batch * out * out; place++) {
    const [n, oy, ox] = [Math.floor(place / (out * out)), Math.floor(place / out) % out, place % out];
    for (let tap = 0; tap < window.size ** 2; tap++) {
      const y = oy * window.stride - before + Math.floor(tap / window.size);
      const x = ox * window.stride - before + (tap % window.size);
      if (inside(y) && inside(x)) visit(place, tap, (n * image.side + y) * image.side + x);
    }
  }
  return out;
}

const pictures = () => real([image.batch, image.side, image.side, image.channels], 3);

/** y = x ∗ w and its two adjoints, from one sum over (place, tap, channel, filter). */
function convolution(window: Window): Case[] {
  const filters = 4;
  const { channels } = image;
  const x = pictures();
  const w = real([window.size, window.size, channels, filters], 4);
  const { out } = extent(window);
  const dy = real([image.batch, out, out, filters], 5);
  const y = new Float64Array(dy.values.length);
  const dx = new Float64Array(x.values.length);
  const dw = new Float64Array(w.values.length);
  slide(window, (place, tap, pixel) => {
    for (let c = 0; c < channels; c++)
      for (let f = 0; f < filters; f++) {
        const [yi, xi, wi] = [place * filters + f, pixel * channels + c, (tap * channels + c) * filters + f];
        raise(y, yi, at(x.values, xi) * at(w.values, wi));
        raise(dx, xi, at(dy.values, yi) * at(w.values, wi));
        raise(dw, wi, at(dy.values, yi) * at(x.values, xi));
      }
  });
  const attributes = { strides: list(1, window.stride, window.stride, 1), padding: text(window.padding) };
  const common = { about: `${window.padding}, stride ${window.stride}`, attributes, outputs: 1 };
  return [
    { ...common, operation: 'Conv2D', inputs: [x, w], expected: [{ output: 0, values: y }] },
    {
      ...common,
      operation: 'Conv2DBackpropInput',
      inputs: [ints(...x.shape), w, dy],
      expected: [{ output: 0, values: dx }],
    },
    {
      ...common,
      operation: 'Conv2DBackpropFilter',
      inputs: [x, ints(...w.shape), dy],
      expected: [{ output: 0, values: dw }],
    },
  ];
}

/** Largest and mean entry under the window, with their adjoints; the mean is over the pixels inside the image. */
function pooling(window: Window): Case[] {
  const { channels } = image;
  const x = pictures();
  const { out } = extent(window);
  const dy = real([image.batch, out, out, channels], 6);
  const count = dy.values.length;
  const largest = filled(count, () => Number.NEGATIVE_INFINITY);
  const argument = new Int32Array(count);
  const sum = new Float64Array(count);
  const inside = new Float64Array(count);
  const each = (visit: (yi: number, xi: number) => void) =>
    slide(window, (place, _, pixel) => {
      for (let c = 0; c < channels; c++) visit(place * channels + c, pixel * channels + c);
    });
  each((yi, xi) => {
    raise(sum, yi, at(x.values, xi));
    raise(inside, yi, 1);
    if (at(x.values, xi) <= at(largest, yi)) return;
    largest[yi] = at(x.values, xi);
    argument[yi] = xi;
  });
  const mean = filled(count, (i) => at(sum, i) / at(inside, i));
  const ofLargest = new Float64Array(x.values.length);
  for (let i = 0; i < count; i++) raise(ofLargest, at(argument, i), at(dy.values, i));
  const ofMean = new Float64Array(x.values.length);
  each((yi, xi) => raise(ofMean, xi, at(dy.values, yi) / at(inside, yi)));
  const attributes = {
    ksize: list(1, window.size, window.size, 1),
    strides: list(1, window.stride, window.stride, 1),
    padding: text(window.padding),
  };
  const common = { about: `${window.padding}, stride ${window.stride}`, attributes, outputs: 1 };
  const y = { shape: dy.shape, values: largest };
  return [
    { ...common, operation: 'MaxPool', inputs: [x], expected: [{ output: 0, values: largest }] },
    { ...common, operation: 'MaxPoolGrad', inputs: [x, y, dy], expected: [{ output: 0, values: ofLargest }] },
    { ...common, operation: 'AvgPool', inputs: [x], expected: [{ output: 0, values: mean }] },
    { ...common, operation: 'AvgPoolGrad', inputs: [ints(...x.shape), dy], expected: [{ output: 0, values: ofMean }] },
  ];
}

function reductions(): Case[] {
  const [outer, middle, inner] = [5, 7, 11];
  const x = real([outer, middle, inner], 7);
  const over = (axis: 0 | 1 | 2, begin: number, step: (so: number, value: number) => number) => {
    const lengths = [outer, middle, inner];
    const result = filled((outer * middle * inner) / at(lengths, axis), () => begin);
    for (let i = 0; i < x.values.length; i++) {
      const [a, b, c] = [Math.floor(i / (middle * inner)), Math.floor(i / inner) % middle, i % inner];
      const to = axis === 0 ? b * inner + c : axis === 1 ? a * inner + c : a * middle + b;
      result[to] = step(at(result, to), at(x.values, i));
    }
    return result;
  };
  const add = (so: number, value: number) => so + value;
  const length = { 0: outer, 1: middle, 2: inner };
  return ([0, 1, 2] as const).flatMap((axis) => {
    const common = {
      about: `axis ${axis}`,
      inputs: [x, ints(axis)],
      attributes: { keep_dims: bool(false) },
      outputs: 1,
    };
    const sums = over(axis, 0, add);
    return [
      { ...common, operation: 'Sum', expected: [{ output: 0, values: sums }] },
      { ...common, operation: 'Mean', expected: [{ output: 0, values: sums.map((sum) => sum / length[axis]) }] },
      {
        ...common,
        operation: 'Max',
        expected: [{ output: 0, values: over(axis, Number.NEGATIVE_INFINITY, Math.max) }],
      },
    ];
  });
}

function softmaxes(): Case[] {
  const [rows, classes] = [13, 10];
  const z = real([rows, classes], 8);
  const label = (row: number) => (7 * row) % classes;
  const labels = real([rows, classes], 0);
  labels.values.fill(0);
  for (let row = 0; row < rows; row++) labels.values[row * classes + label(row)] = 1;
  const sums = new Float64Array(rows);
  for (let i = 0; i < z.values.length; i++) raise(sums, Math.floor(i / classes), Math.exp(at(z.values, i)));
  const p = z.values.map((value, i) => Math.exp(value) / at(sums, Math.floor(i / classes)));
  const logP = z.values.map((value, i) => value - Math.log(at(sums, Math.floor(i / classes))));
  const losses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) raise(losses, row, -at(logP, row * classes + label(row)));
  const gradient = p.map((value, i) => value - at(labels.values, i));
  const common = { about: 'by rows', attributes: {} };
  return [
    { ...common, operation: 'Softmax', inputs: [z], outputs: 1, expected: [{ output: 0, values: p }] },
    { ...common, operation: 'LogSoftmax', inputs: [z], outputs: 1, expected: [{ output: 0, values: logP }] },
    {
      ...common,
      operation: 'SoftmaxCrossEntropyWithLogits',
      inputs: [z, labels],
      outputs: 2,
      expected: [
        { output: 0, values: losses },
        { output: 1, values: gradient },
      ],
    },
  ];
}

function elementwise(): Case[] {
  const [rows, columns] = [17, 29];
  const x = real([rows, columns], 9);
  const row = real([columns], 10);
  const one = (operation: string, f: (value: number) => number): Case => ({
    operation,
    about: 'entry by entry',
    inputs: [x],
    attributes: {},
    outputs: 1,
    expected: [{ output: 0, values: x.values.map(f) }],
  });
  const two = (operation: string, f: (a: number, b: number) => number): Case => ({
    operation,
    about: 'with a row for all rows',
    inputs: [x, row],
    attributes: {},
    outputs: 1,
    expected: [{ output: 0, values: x.values.map((value, i) => f(value, at(row.values, i % columns))) }],
  });
  return [
    one('Tanh', Math.tanh),
    one('Exp', Math.exp),
    one('Sigmoid', (value) => 1 / (1 + Math.exp(-value))),
    one('Relu', (value) => Math.max(0, value)),
    two('AddV2', (a, b) => a + b),
    two('Sub', (a, b) => a - b),
    two('Mul', (a, b) => a * b),
  ];
}

const windows: readonly Window[] = [
  { size: 3, stride: 1, padding: 'SAME' },
  { size: 3, stride: 2, padding: 'SAME' },
  { size: 2, stride: 2, padding: 'VALID' },
];

export const operationCases = (): Case[] => [
  ...matrixProducts(),
  ...windows.flatMap(convolution),
  ...windows.flatMap(pooling),
  ...reductions(),
  ...softmaxes(),
  ...elementwise(),
];
