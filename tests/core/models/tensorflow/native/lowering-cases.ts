import * as tf from '@tensorflow/tfjs-core';

/** One kernel with inputs and attributes; the test compares it with the library's cpu backend, or with `expected`. */
export interface LoweringCase {
  readonly kernel: string;
  readonly inputs: () => Record<string, tf.Tensor>;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Where the cpu backend has no such kernel, or a wrong one. */
  readonly expected?: readonly number[];
}

type Inputs = Record<string, () => tf.Tensor>;

const row = (
  kernel: string,
  inputs: Inputs,
  attributes: LoweringCase['attributes'] = {},
  expected?: readonly number[],
): LoweringCase => ({
  kernel,
  inputs: () => Object.fromEntries(Object.entries(inputs).map(([name, make]) => [name, make()])),
  attributes,
  ...(expected === undefined ? {} : { expected }),
});

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Numbers without structure between −2.2 and 2.8, or between `low` and `high`. */
const some =
  (shape: number[], frequency = 1.3, low = -2.2, high = 2.8) =>
  () =>
    tf.tensor(
      Array.from({ length: count(shape) }, (_, i) =>
        Math.fround(low + ((high - low) * (1 + Math.sin(frequency * (i + 1)))) / 2),
      ),
      shape,
    );
const given =
  (values: number[], shape: number[] = [values.length]) =>
  () =>
    tf.tensor(values, shape);
const whole =
  (values: number[], shape: number[] = [values.length]) =>
  () =>
    tf.tensor(values, shape, 'int32');
const truth =
  (values: number[], shape: number[] = [values.length]) =>
  () =>
    tf.tensor(
      values.map((v) => v === 1),
      shape,
      'bool',
    );
const positive = (shape: number[]) => some(shape, 1.7, 0.1, 3);
const inUnit = (shape: number[]) => some(shape, 1.7, -0.9, 0.9);

const vector = some([7]);
const kinks = given([-3, -1, -0.5, 0, 0.5, 1, 6, 7, Number.NaN]);
const image = some([2, 6, 5, 3]);
const volume = some([2, 5, 4, 6, 2]);

const elementwise: LoweringCase[] = [
  ...['Asin', 'Acos', 'Atanh'].map((kernel) => row(kernel, { x: inUnit([9]) })),
  row('Acosh', { x: some([9], 1.3, 1.1, 4) }),
  ...['Log', 'Rsqrt', 'Sqrt', 'Log1p', 'Reciprocal'].map((kernel) => row(kernel, { x: positive([9]) })),
  ...['Asinh', 'Atan', 'Cos', 'Cosh', 'Exp', 'Expm1', 'Sigmoid', 'Sin', 'Sinh', 'Tan', 'Tanh'].map((kernel) =>
    row(kernel, { x: vector }),
  ),
  // The cpu backend's own erf is accurate to 8e-8 only.
  row('Erf', { x: given([-0.5, 0, 1, 3.5]) }, {}, [-0.5204998778130465, 0, 0.8427007929497149, 0.9999992569016276]),
  ...['Abs', 'Neg', 'Square', 'Sign'].flatMap((kernel) => [
    row(kernel, { x: vector }),
    row(kernel, { x: whole([-3, 0, 4]) }),
  ]),
  row('Sign', { x: given([-2, -0, 0, 3]) }),
  ...['Ceil', 'Floor', 'Round'].flatMap((kernel) => [
    row(kernel, { x: given([-2.5, -1.5, -0.4, 0.5, 1.5, 2.5, 2.6]) }),
    row(kernel, { x: whole([-3, 0, 4]) }),
  ]),
  row('Identity', { x: vector }),
  ...['Add', 'Sub', 'Multiply', 'Maximum', 'Minimum', 'SquaredDifference'].flatMap((kernel) => [
    row(kernel, { a: some([2, 1, 3]), b: some([4, 1], 0.7) }),
    row(kernel, { a: whole([3, -7, 2]), b: whole([5]) }),
  ]),
  row('RealDiv', { a: some([2, 3]), b: positive([3]) }),
  row('Atan2', { a: some([2, 3]), b: some([3], 0.7) }),
  row('Pow', { a: positive([5]), b: some([5]) }),
  row('Pow', { a: whole([2, -3, 5]), b: whole([3]) }),
  row('Mod', { a: given([5.5, -5.5, 5.5, -5.5]), b: given([3, 3, -3, -3]) }),
  row('Mod', { a: whole([7, -7, 7, -7]), b: whole([3, 3, -3, -3]) }),
  row('FloorDiv', { a: given([5.5, -5.5, 6]), b: given([3]) }),
  row('FloorDiv', { a: whole([7, -7, 6]), b: whole([3]) }),
  row('BitwiseAnd', { a: whole([12, 7]), b: whole([10, 5]) }),
  row('AddN', { 0: vector, 1: some([7], 0.4), 2: some([7], 2.1) }),
  row('ClipByValue', { x: kinks }, { clipValueMin: -0.7, clipValueMax: 0.9 }),
  ...['float32', 'int32', 'bool'].flatMap((dtype) => [
    row('Cast', { x: given([-2.7, -0.2, 0, 0.6, 3.9]) }, { dtype }),
    row('Cast', { x: whole([-2, 0, 3]) }, { dtype }),
    row('Cast', { x: truth([1, 0, 1]) }, { dtype }),
  ]),
];

const activations: LoweringCase[] = [
  ...['Relu', 'Relu6', 'Elu', 'Selu', 'Softplus'].map((kernel) => row(kernel, { x: kinks })),
  row('LeakyRelu', { x: kinks }, { alpha: 0.3 }),
  row('LeakyRelu', { x: kinks }, { alpha: 1.7 }),
  row('Prelu', { x: some([2, 3, 4]), alpha: some([3, 4], 0.3) }),
  row('Step', { x: kinks }, { alpha: 0 }),
  row('Step', { x: kinks }, { alpha: 0.3 }),
  row('EluGrad', { dy: vector, y: some([7], 0.6, -1, 2) }),
];

const comparisons: LoweringCase[] = [
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'].flatMap((kernel) => [
    row(kernel, { a: given([1, 2, 3, Number.NaN]), b: given([2]) }),
    row(kernel, { a: whole([1, 2, 3]), b: whole([2]) }),
    row(kernel, { a: truth([1, 0]), b: truth([1]) }),
  ]),
  ...['LogicalAnd', 'LogicalOr'].map((kernel) => row(kernel, { a: truth([1, 0, 1, 0]), b: truth([1, 1, 0, 0]) })),
  row('LogicalNot', { x: truth([1, 0]) }),
  ...['IsFinite', 'IsInf', 'IsNan'].map((kernel) => row(kernel, { x: given([1, Number.NaN, Infinity, -Infinity]) })),
  row('Select', { condition: truth([1, 0, 0, 1], [2, 2]), t: some([2, 2]), e: some([2, 2], 0.4) }),
  // A vector chooses whole rows.
  row(
    'Select',
    { condition: truth([1, 0]), t: given([1, 2, 3, 4, 5, 6], [2, 3]), e: given([-1, -2, -3, -4, -5, -6], [2, 3]) },
    {},
    [1, 2, 3, -4, -5, -6],
  ),
  row('Select', { condition: truth([1, 0]), t: whole([1, 2]), e: given([0.5, 0.7]) }),
];

const reductions: LoweringCase[] = [
  ...['Sum', 'Mean', 'Prod', 'Min'].flatMap((kernel) => [
    row(kernel, { x: some([2, 3, 4]) }, { axis: [0, 2], keepDims: false }),
    row(kernel, { x: some([2, 3, 4]) }, { axis: -1, keepDims: false }),
    row(kernel, { x: whole([3, -2, 5, 1], [2, 2]) }, { axis: 1, keepDims: false }),
  ]),
  row('Max', { x: some([2, 3, 4]) }, { reductionIndices: [1], keepDims: false }),
  row('Max', { x: some([2, 3, 4]) }, { reductionIndices: [0, 2], keepDims: true }),
  ...['All', 'Any'].map((kernel) => row(kernel, { x: truth([1, 0, 1, 1], [2, 2]) }, { axis: [1], keepDims: false })),
  ...['ArgMax', 'ArgMin'].flatMap((kernel) => [
    row(kernel, { x: given([1, 3, 3, 1, 2, 2, 2, 2], [2, 4]) }, { axis: 1 }),
    row(kernel, { x: some([3, 4, 2]) }, { axis: 1 }),
  ]),
  ...['Cumsum', 'Cumprod'].flatMap((kernel) =>
    [false, true].flatMap((exclusive) =>
      [false, true].map((reverse) => row(kernel, { x: some([2, 4, 3]) }, { axis: 1, exclusive, reverse })),
    ),
  ),
  row('Softmax', { logits: some([2, 3, 4]) }, { dim: 2 }),
  row('LogSoftmax', { logits: given([0, 0]) }, { axis: 0 }, [-Math.LN2, -Math.LN2]),
  row('TopK', { x: some([3, 6]) }, { k: 2, sorted: true }),
  row('TopK', { x: given([1, 2, 2, 1]) }, { k: 3, sorted: true }),
  row('Bincount', { x: whole([1, 2, 2, 9]), weights: given([0.5, 1, 2, 4]) }, { size: 4 }),
  row('Bincount', { x: whole([1, 2, 2]), weights: given([], [0]) }, { size: 4 }),
  row('DenseBincount', { x: whole([1, 2, 2, 0], [2, 2]), weights: given([], [0]) }, { size: 3, binaryOutput: false }),
  row('DenseBincount', { x: whole([1, 2, 2, 2], [2, 2]), weights: given([], [0]) }, { size: 3, binaryOutput: true }),
];

const products: LoweringCase[] = [
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [[], [1], [3]].map((batch) =>
        row(
          'BatchMatMul',
          {
            a: some([...batch, ...(transposeA ? [4, 2] : [2, 4])]),
            b: some([...batch, ...(transposeB ? [5, 4] : [4, 5])], 0.7),
          },
          { transposeA, transposeB },
        ),
      ),
    ),
  ),
  row('BatchMatMul', { a: some([3, 2, 4]), b: some([1, 4, 5], 0.7) }, { transposeA: false, transposeB: false }),
  row('BatchMatMul', { a: some([3, 4, 2]), b: some([1, 4, 5], 0.7) }, { transposeA: true, transposeB: false }),
  row('BatchMatMul', { a: some([1, 2, 4]), b: some([3, 4, 5], 0.7) }, { transposeA: false, transposeB: false }),
  row(
    'BatchMatMul',
    { a: whole([1, 2, 3, 4], [2, 2]), b: whole([1, 2, 3, 4], [2, 2]) },
    { transposeA: true },
    [10, 14, 14, 20],
  ),
  ...['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'].map((activation) =>
    row(
      '_FusedMatMul',
      { a: some([2, 4]), b: some([4, 3], 0.7), bias: some([3], 0.3), preluActivationWeights: some([3], 2.1) },
      { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0.3 },
    ),
  ),
  row('Einsum', { 0: some([2, 3, 4]), 1: some([4, 3, 5], 0.7) }, { equation: 'ijk, kjl -> il' }),
];

const convolutions: LoweringCase[] = [
  ...(['same', 'valid', 1] as const).flatMap((pad) =>
    // Padded by a number the library counts the windows of both axes by the first stride.
    [1, 2, ...(pad === 1 ? [] : [[2, 1]])].flatMap((strides) => {
      const attributes = { strides, pad, dataFormat: 'NHWC', dilations: 1 };
      const [sh, sw] = Array.isArray(strides) ? strides : [strides, strides];
      const [rows, columns] = sizes(pad, [sh!, sw!]);
      const dy = some([2, rows, columns, 4], 0.9);
      return [
        row('Conv2D', { x: image, filter: some([3, 3, 3, 4], 0.7) }, attributes),
        row(
          'Conv2DBackpropInput',
          { dy, filter: some([3, 3, 3, 4], 0.7) },
          { ...attributes, inputShape: [2, 6, 5, 3] },
        ),
        row('Conv2DBackpropFilter', { x: image, dy }, { ...attributes, filterShape: [3, 3, 3, 4] }),
        row('DepthwiseConv2dNative', { x: image, filter: some([3, 3, 3, 2], 0.7) }, attributes),
        row(
          'DepthwiseConv2dNativeBackpropInput',
          { dy: some([2, rows, columns, 6], 0.9), filter: some([3, 3, 3, 2], 0.7) },
          { ...attributes, inputShape: [2, 6, 5, 3] },
        ),
        row(
          'DepthwiseConv2dNativeBackpropFilter',
          { x: image, dy: some([2, rows, columns, 6], 0.9) },
          { ...attributes, filterShape: [3, 3, 3, 2] },
        ),
      ];
    }),
  ),
  row(
    'Conv2D',
    { x: image, filter: some([2, 3, 3, 4], 0.7) },
    { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: [2, 1] },
  ),
  row(
    'Conv2D',
    { x: image, filter: some([2, 3, 3, 4], 0.7) },
    { strides: 2, pad: 1, dataFormat: 'NHWC', dilations: 1, dimRoundingMode: 'ceil' },
  ),
  row(
    'Conv2D',
    { x: some([2, 3, 6, 5]), filter: some([2, 3, 3, 4], 0.7) },
    { strides: 1, pad: 'valid', dataFormat: 'NCHW', dilations: 1 },
  ),
  row(
    'Conv2DBackpropInput',
    { dy: some([2, 4, 5, 3]), filter: some([2, 3, 3, 4], 0.7) },
    { strides: 1, pad: 'valid', dataFormat: 'NCHW', inputShape: [2, 3, 6, 5] },
  ),
  row(
    'Conv2DBackpropFilter',
    { dy: some([2, 4, 5, 3]), x: some([2, 3, 6, 5], 0.7) },
    { strides: 1, pad: 'valid', dataFormat: 'NCHW', filterShape: [2, 3, 3, 4] },
  ),
  row(
    'FusedConv2D',
    { x: image, filter: some([3, 3, 3, 4], 0.7), bias: some([4]) },
    { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1, activation: 'relu' },
  ),
  row(
    'FusedDepthwiseConv2D',
    { x: image, filter: some([3, 3, 3, 2], 0.7), bias: some([6]) },
    { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1, activation: 'relu6' },
  ),
  row(
    'DepthwiseConv2dNative',
    { x: image, filter: some([2, 2, 3, 2], 0.7) },
    { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: [3, 2] },
  ),
  row(
    'DepthwiseConv2dNativeBackpropInput',
    { dy: some([2, 6, 5, 6]), filter: some([2, 2, 3, 2], 0.7) },
    { strides: 1, pad: 'same', dilations: [3, 2], inputShape: [2, 6, 5, 3] },
  ),
  row(
    'DepthwiseConv2dNativeBackpropFilter',
    { dy: some([2, 6, 5, 6]), x: image },
    { strides: 1, pad: 'same', dilations: [3, 2], filterShape: [2, 2, 3, 2] },
  ),
  ...(['same', 'valid'] as const).flatMap((pad) => {
    const shape = pad === 'same' ? [2, 3, 4, 6, 3] : [2, 2, 3, 5, 3];
    const attributes = { strides: [2, 1, 1], pad };
    return [
      row(
        'Conv3D',
        { x: volume, filter: some([2, 2, 2, 2, 3], 0.7) },
        { ...attributes, dataFormat: 'NDHWC', dilations: 1 },
      ),
      row(
        'Conv3DBackpropInputV2',
        { dy: some(shape, 0.9), filter: some([2, 2, 2, 2, 3], 0.7) },
        { ...attributes, inputShape: [2, 5, 4, 6, 2] },
      ),
      row(
        'Conv3DBackpropFilterV2',
        { x: volume, dy: some(shape, 0.9) },
        { ...attributes, filterShape: [2, 2, 2, 2, 3] },
      ),
    ];
  }),
  row(
    'Conv3D',
    { x: volume, filter: some([2, 2, 2, 2, 3], 0.7) },
    { strides: 1, pad: 'valid', dataFormat: 'NDHWC', dilations: [1, 2, 3] },
  ),
  ...['Dilation2D', 'Dilation2DBackpropInput', 'Dilation2DBackpropFilter'].map((kernel) =>
    row(
      kernel,
      { x: image, filter: some([2, 2, 3], 0.7), ...(kernel === 'Dilation2D' ? {} : { dy: some([2, 6, 5, 3], 0.4) }) },
      { strides: 1, pad: 'same', dilations: 2 },
    ),
  ),
];

/** Rows and columns of a 6 × 5 image after a window of 3 × 3. */
function sizes(pad: 'same' | 'valid' | 1, [sh, sw]: readonly [number, number]): [number, number] {
  const along = (n: number, stride: number) =>
    pad === 'same' ? Math.ceil(n / stride) : Math.floor((n - 3 + (pad === 1 ? 2 : 0)) / stride) + 1;
  return [along(6, sh), along(5, sw)];
}

const pools: LoweringCase[] = [
  ...(['same', 'valid', 1] as const).flatMap((pad) => {
    const attributes = { filterSize: [3, 3], strides: [2, 2], pad };
    const [rows, columns] = sizes(pad, [2, 2]);
    const dy = some([2, rows, columns, 3], 0.9);
    return [
      row('AvgPool', { x: image }, attributes),
      row('AvgPoolGrad', { dy, input: image }, attributes),
      row('MaxPool', { x: image }, attributes),
      row('MaxPositions', { x: image }, attributes),
      row('MaxPoolGrad', { dy, input: image, output: dy }, attributes),
    ];
  }),
  ...(['same', 'valid'] as const).flatMap((pad) => {
    const attributes = { filterSize: [2, 3, 2], strides: [2, 1, 3], pad, dataFormat: 'NDHWC' };
    const dy = some(pad === 'same' ? [2, 3, 4, 2, 2] : [2, 2, 2, 2, 2], 0.9);
    return [
      row('AvgPool3D', { x: volume }, attributes),
      row('AvgPool3DGrad', { dy, input: volume }, attributes),
      row('MaxPool3D', { x: volume }, attributes),
      row('MaxPositions', { x: volume }, attributes),
    ];
  }),
  // The cpu backend misplaces maxima of windows with unequal sides.
  row(
    'MaxPool3DGrad',
    { dy: some([2, 2, 2, 3, 2], 0.9), input: volume, output: volume },
    { filterSize: [2, 2, 2], strides: [2, 2, 2], pad: 'valid' },
  ),
  // Among equals the first, on a plateau and between the planes of a volume; −∞ everywhere is no maximum of padding.
  row(
    'MaxPositions',
    { x: given(new Array(32).fill(1), [1, 4, 4, 2]) },
    { filterSize: [2, 2], strides: [2, 2], pad: 'valid' },
  ),
  row(
    'MaxPositions',
    { x: given(new Array(27).fill(1), [1, 3, 3, 3, 1]) },
    { filterSize: [2, 2, 2], strides: [1, 1, 1], pad: 'same' },
  ),
  row(
    'MaxPositions',
    { x: given(new Array(9).fill(-Infinity), [1, 3, 3, 1]) },
    { filterSize: [2, 2], strides: [2, 2], pad: 1 },
  ),
  row(
    'MaxPoolWithArgmax',
    { x: image },
    { filterSize: [2, 2], strides: [2, 2], pad: 'valid', includeBatchInIndex: true },
  ),
  row('GatherFromPositions', { x: image, positions: whole([5, 0, 100, 5], [2, 2]) }),
  row('ScatterToPositions', { dy: some([2, 2]), positions: whole([5, 0, 7, 5], [2, 2]) }, { shape: [2, 5] }),
];

const statistics = { mean: some([3], 0.4), variance: positive([3]) };
const normalisations: LoweringCase[] = [
  row('FusedBatchNorm', { x: image, ...statistics }, { varianceEpsilon: 1e-3 }),
  row(
    'FusedBatchNorm',
    { x: image, ...statistics, scale: some([3], 2.1), offset: some([3], 0.2) },
    { varianceEpsilon: 1e-3 },
  ),
  row('FusedBatchNorm', { x: some([1, 1, 4, 3]), ...statistics, offset: some([3], 0.2) }, { varianceEpsilon: 0.1 }),
  row('LRN', { x: some([2, 3, 2, 8]) }, { depthRadius: 2, bias: 1.3, alpha: 0.7, beta: 0.6 }),
  row(
    'LRNGrad',
    { x: some([2, 3, 2, 8]), y: some([2, 3, 2, 8], 0.3), dy: some([2, 3, 2, 8], 0.8) },
    { depthRadius: 2, bias: 1.3, alpha: 0.7, beta: 0.6 },
  ),
];

const resizings: LoweringCase[] = [
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
  { alignCorners: false, halfPixelCenters: true },
].flatMap((attributes) =>
  [
    [9, 4],
    [3, 10],
  ].flatMap((size) => {
    const dy = some([2, ...size, 3], 0.9);
    return [
      row('ResizeBilinear', { images: image }, { ...attributes, size }),
      row('ResizeNearestNeighbor', { images: image }, { ...attributes, size }),
      row('ResizeBilinearGrad', { dy, images: image }, attributes),
      row('ResizeNearestNeighborGrad', { dy, images: image }, attributes),
    ];
  }),
);

const rearrangements: LoweringCase[] = [
  row('Reshape', { x: some([2, 6]) }, { shape: [3, 4] }),
  row('ExpandDims', { input: some([2, 3]) }, { dim: 1 }),
  row('ExpandDims', { input: some([2, 3]) }, { dim: -1 }),
  row('Transpose', { x: some([2, 3, 4]) }, { perm: [2, 0, 1] }),
  row('Reverse', { x: some([2, 3, 4]) }, { dims: [0, -1] }),
  row('Reverse', { x: some([2, 3]) }, { dims: [] }),
  row('Concat', { 0: some([2, 3]), 1: some([2, 1], 0.4), 2: some([2, 2], 0.8) }, { axis: -1 }),
  row('Concat', { 0: some([2, 3]) }, { axis: 0 }),
  row('SplitV', { x: some([2, 6]) }, { numOrSizeSplits: [1, 3, -1], axis: 1 }),
  row('SplitV', { x: some([2, 6]) }, { numOrSizeSplits: 3, axis: -1 }),
  row('Pack', { 0: some([2, 3]), 1: some([2, 3], 0.4) }, { axis: 1 }),
  row('Unpack', { value: some([2, 3]) }, { axis: 1 }),
  row('Unpack', { value: some([2, 3]) }, { axis: -1 }),
  row('Slice', { x: some([4, 5]) }, { begin: [1, 2], size: [2, -1] }),
  row('Slice', { x: some([4, 5]) }, { begin: 1, size: 2 }),
  row('Slice', { x: some([4, 5]) }, { begin: [0, 0], size: [4, 5] }),
  row(
    'StridedSlice',
    { x: some([4, 5, 2]) },
    {
      begin: [3, 0],
      end: [0, 5],
      strides: [-1, 2],
      beginMask: 0,
      endMask: 1,
      ellipsisMask: 0,
      newAxisMask: 0,
      shrinkAxisMask: 0,
    },
  ),
  row(
    'StridedSlice',
    { x: some([4, 5, 2]) },
    {
      begin: [1, 0, 1],
      end: [2, 0, 2],
      strides: [1, 1, 1],
      beginMask: 0,
      endMask: 0,
      ellipsisMask: 2,
      newAxisMask: 0,
      shrinkAxisMask: 5,
    },
  ),
  row(
    'PadV2',
    { x: some([2, 3]) },
    {
      paddings: [
        [1, 0],
        [0, 2],
      ],
      constantValue: 0.7,
    },
  ),
  row('PadV2', { x: whole([1, 2]) }, { paddings: [[1, 2]], constantValue: 5 }),
  row(
    'PadV2',
    { x: some([2, 3]) },
    {
      paddings: [
        [0, 0],
        [0, 0],
      ],
      constantValue: 0,
    },
  ),
  row(
    'MirrorPad',
    { x: some([4, 3]) },
    {
      paddings: [
        [2, 1],
        [1, 2],
      ],
      mode: 'reflect',
    },
  ),
  row(
    'MirrorPad',
    { x: some([4, 3]) },
    {
      paddings: [
        [2, 1],
        [1, 3],
      ],
      mode: 'symmetric',
    },
  ),
  row('Tile', { x: some([2, 3]) }, { reps: [2, 2] }),
  row('BroadcastTo', { x: given([1, 2]) }, { shape: [2, 2] }, [1, 2, 1, 2]),
  row('BroadcastArgs', { s0: whole([2, 1, 3]), s1: whole([4, 1]) }),
  row(
    'SpaceToBatchND',
    { x: some([2, 4, 5, 3]) },
    {
      blockShape: [2, 3],
      paddings: [
        [0, 2],
        [1, 0],
      ],
    },
  ),
  row(
    'BatchToSpaceND',
    { x: some([12, 3, 2, 3]) },
    {
      blockShape: [2, 3],
      crops: [
        [0, 2],
        [1, 0],
      ],
    },
  ),
  row('DepthToSpace', { x: some([1, 2, 3, 8]) }, { blockSize: 2, dataFormat: 'NHWC' }),
  row('DepthToSpace', { x: given([1, 2, 3, 4], [1, 4, 1, 1]) }, { blockSize: 2, dataFormat: 'NCHW' }, [1, 2, 3, 4]),
  row('FlipLeftRight', { image }),
  row('Diag', { x: some([3]) }),
];

const places: LoweringCase[] = [
  row('GatherV2', { x: some([3, 4, 2]), indices: whole([2, 0, 0], [3]) }, { axis: 1, batchDims: 0 }),
  row('GatherV2', { x: some([2, 3, 2]), indices: whole([1, 0, 2, 2], [2, 2]) }, { axis: 1, batchDims: 1 }),
  row('GatherNd', { params: some([3, 4, 2]), indices: whole([2, 0, 1, 3], [2, 2]) }),
  row('ScatterNd', { indices: whole([2, 0, 2], [3, 1]), updates: some([3, 2]) }, { shape: [4, 2] }),
  row('TensorScatterUpdate', { tensor: some([4, 2]), indices: whole([2, 0], [2, 1]), updates: some([2, 2], 0.3) }),
  row(
    'SparseToDense',
    { sparseIndices: whole([1, 4]), sparseValues: given([0.5, 0.7]), defaultValue: given([9], []) },
    { outputShape: [6] },
  ),
  row('UnsortedSegmentSum', { x: some([4, 3]), segmentIds: whole([2, 0, 2, -1]) }, { numSegments: 3 }),
  row('OneHot', { indices: whole([1, 0, 3, -1]) }, { depth: 3, onValue: 2, offValue: -1, dtype: 'float32' }),
  row('OneHot', { indices: whole([1, 0]) }, { depth: 3, onValue: 1, offValue: 0, dtype: 'int32' }),
  ...['left', 'right'].map((side) =>
    row('SearchSorted', { sortedSequence: given([1, 2, 2, 5], [1, 4]), values: given([2, 0, 9], [1, 3]) }, { side }),
  ),
  row(
    'Multinomial',
    { logits: given([-1e9, 0, -1e9, 0, -1e9, -1e9], [2, 3]) },
    { numSamples: 2, seed: 3, normalized: false },
    [1, 1, 0, 0],
  ),
];

const makings: LoweringCase[] = [
  row('Fill', {}, { shape: [2, 3], value: 0.7, dtype: 'float32' }),
  row('Fill', {}, { shape: [], value: 3, dtype: 'int32' }),
  row('Fill', {}, { shape: [2], value: 1, dtype: 'bool' }),
  row('OnesLike', { x: some([2, 3]) }),
  row('ZerosLike', { x: whole([2, 3]) }),
  row('Range', {}, { start: 1, stop: 8, step: 2, dtype: 'int32' }),
  row('Range', {}, { start: 2.5, stop: 0, step: 1, dtype: 'float32' }),
  row('Range', {}, { start: 0, stop: 1, step: 0.25, dtype: 'float32' }),
  row('Range', {}, { start: 3, stop: 3, step: 1, dtype: 'float32' }),
  row('LinSpace', {}, { start: -1, stop: 2, num: 7 }),
];

const labelled = { labels: some([4, 3], 0.4, 0, 1), logits: some([4, 3]) };
const crossEntropies: LoweringCase[] = [
  row('SoftmaxCrossEntropy', labelled),
  row('SoftmaxCrossEntropy', { labels: given([0, 1, 0], [1, 3]), logits: given([1000, 0, -1000], [1, 3]) }),
  row('SoftmaxCrossEntropy', { labels: some([2, 2, 3], 0.4, 0, 1), logits: some([2, 2, 3]) }),
  row('SoftmaxCrossEntropyGrad', { ...labelled, dy: some([4], 2.2) }),
  row('SoftmaxCrossEntropyGrad', {
    labels: some([2, 2, 3], 0.4, 0, 1),
    logits: some([2, 2, 3]),
    dy: some([2, 2], 2.2),
  }),
  row('SoftmaxCrossEntropyCurvature', { ...labelled, u: some([4, 3], 2.2) }),
];

/** The table of kernels: a new lowering or a new fault is a new row. */
export const loweringCases: readonly LoweringCase[] = [
  ...elementwise,
  ...activations,
  ...comparisons,
  ...reductions,
  ...products,
  ...convolutions,
  ...pools,
  ...normalisations,
  ...resizings,
  ...rearrangements,
  ...places,
  ...makings,
  ...crossEntropies,
];
