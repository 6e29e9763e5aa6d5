import {
  batchToSpaceND,
  cast,
  concat,
  cumsum,
  type GradConfig,
  gather,
  gatherND,
  greaterEqual,
  maximum,
  mul,
  pad,
  reshape,
  reverse,
  scalar,
  scatterND,
  slice,
  spaceToBatchND,
  stack,
  sum,
  type Tensor,
  transpose,
  unsortedSegmentSum,
  unstack,
  util,
} from '@tensorflow/tfjs-core';
import { type Cotangents, rule, ruleOfList } from './rule.ts';

/** Rearrangements: each is linear, and its rule is its transpose. */
export const indexingRules: readonly GradConfig[] = [
  rule('Reshape', ['x'], (dy, { x }) => ({ x: () => reshape(dy, x.shape) })),
  rule('ExpandDims', ['input'], (dy, { input }) => ({ input: () => reshape(dy, input.shape) })),
  rule<[], { perm: number[] }>('Transpose', [], (dy, _, { perm }) => ({
    x: () =>
      transpose(
        dy,
        perm.map((_, i) => perm.indexOf(i)),
      ),
  })),
  rule<[], { dims: number | number[] }>('Reverse', [], (dy, _, { dims }) => ({ x: () => reverse(dy, dims) })),

  ruleOfList<{ axis: number }>('Concat', ([dy], inputs, { axis }) => partsOf(dy!, inputs, axis), { savesInputs: true }),
  ruleOfList<{ axis: number }>('SplitV', (dys, _, { axis }) => ({ x: () => concat(dys, axis) }), {
    savesInputs: false,
  }),
  ruleOfList<{ axis: number }>('Pack', ([dy], _, { axis }) => listed(unstack(dy!, axis)), { savesInputs: true }),
  ruleOfList<{ axis: number }>('Unpack', (dys, _, { axis }) => ({ value: () => stack(dys, axis) }), {
    savesInputs: false,
  }),
  ruleOfList('AddN', ([dy], inputs) => listed(inputs.map(() => dy!)), { savesInputs: true }),

  rule<['x'], { begin: number | number[] }>('Slice', ['x'], (dy, { x }, { begin }) => ({
    x: () => {
      const starts = typeof begin === 'number' ? [begin] : begin;
      return pad(
        dy,
        x.shape.map((n, i) => [starts[i] ?? 0, n - (starts[i] ?? 0) - dy.shape[i]!] as [number, number]),
      );
    },
  })),
  rule<['x'], { paddings: [number, number][] }>('PadV2', ['x'], (dy, { x }, { paddings }) => ({
    x: () =>
      slice(
        dy,
        paddings.map(([before]) => before),
        x.shape,
      ),
  })),
  rule<[], { blockShape: number[]; paddings: number[][] }>('SpaceToBatchND', [], (dy, _, { blockShape, paddings }) => ({
    x: () => batchToSpaceND(dy, blockShape, paddings),
  })),
  rule<[], { blockShape: number[]; crops: number[][] }>('BatchToSpaceND', [], (dy, _, { blockShape, crops }) => ({
    x: () => spaceToBatchND(dy, blockShape, crops),
  })),
  rule<[], { blockSize: number; dataFormat: string }>('DepthToSpace', [], (dy, _, { blockSize, dataFormat }) => ({
    x: () => spaceToDepth(dy, blockSize, dataFormat),
  })),

  rule<['x'], { reps: number[] }>('Tile', ['x'], (dy, { x }, { reps }) => ({ x: () => sumOfTiles(dy, x.shape, reps) })),
  // The library's own rule permutes the result when the axis is not the last.
  rule<[], { axis: number; exclusive: boolean; reverse: boolean }>(
    'Cumsum',
    [],
    (dy, _, { axis, exclusive, reverse }) => ({
      x: () => cumsum(dy, axis, exclusive, !reverse),
    }),
  ),

  rule<['x', 'indices'], { axis: number; batchDims?: number }>(
    'GatherV2',
    ['x', 'indices'],
    (dy, { x, indices }, { axis, batchDims }) => ({
      x: () => {
        if ((batchDims ?? 0) !== 0) throw new Error('The derivative of gather exists without batch dimensions only.');
        return sumOfGathered(dy, x.shape, indices, util.parseAxisParam(axis, x.shape)[0]!);
      },
    }),
  ),
  rule('UnsortedSegmentSum', ['segmentIds'], (dy, { segmentIds }) => ({ x: () => gatheredSegments(dy, segmentIds) })),
  rule('GatherNd', ['params', 'indices'], (dy, { params, indices }) => ({
    params: () => scatterND(indices, dy, params.shape),
  })),
  rule('ScatterNd', ['indices'], (dy, { indices }) => ({ updates: () => gatherND(dy, indices) })),
];

function listed(tensors: readonly Tensor[]): Cotangents {
  return Object.fromEntries(tensors.map((tensor, i) => [i, () => tensor]));
}

/** The pieces of a concatenation, cut out only where they are asked for. */
function partsOf(dy: Tensor, inputs: readonly Tensor[], axis: number): Cotangents {
  const along = util.parseAxisParam(axis, dy.shape)[0]!;
  const cotangents: Cotangents = {};
  let start = 0;
  inputs.forEach((input, i) => {
    const begin = dy.shape.map((_, k) => (k === along ? start : 0));
    start += input.shape[along]!;
    cotangents[i] = () => slice(dy, begin, input.shape);
  });
  return cotangents;
}

/** The library's own rule loops over one slice for every repetition. */
function sumOfTiles(dy: Tensor, shape: readonly number[], reps: readonly number[]): Tensor {
  let total = dy;
  const current = dy.shape.slice();
  shape.forEach((n, axis) => {
    const repeats = reps[axis] ?? 1;
    if (repeats === 1) return;
    const before = current.slice(0, axis).reduce((a, b) => a * b, 1);
    const after = current.slice(axis + 1).reduce((a, b) => a * b, 1);
    total = sum(reshape(total, [before, repeats, n, after]), 1);
    current[axis] = n;
  });
  return reshape(total, [...shape]);
}

/** The transpose of gathering along an axis: rows with the same index are added. */
function sumOfGathered(dy: Tensor, shape: readonly number[], indices: Tensor, axis: number): Tensor {
  const n = shape[axis]!;
  const before = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const after = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const flat = reshape(indices, [indices.size]) as Parameters<typeof unsortedSegmentSum>[1];
  const rows = reshape(dy, [before, indices.size, after]);
  if (before === 1) {
    return reshape(unsortedSegmentSum(reshape(rows, [indices.size, after]), flat, n), [...shape]);
  }
  const sums = unsortedSegmentSum(transpose(rows, [1, 0, 2]), flat, n);
  return reshape(transpose(sums, [1, 0, 2]), [...shape]);
}

/** Segments that a negative id leaves out receive nothing. */
function gatheredSegments(dy: Tensor, segmentIds: Tensor): Tensor {
  const gathered = gather(dy, maximum(segmentIds, scalar(0, 'int32')));
  const inside = cast(greaterEqual(segmentIds, scalar(0, 'int32')), 'float32');
  return mul(gathered, reshape(inside, [...inside.shape, ...gathered.shape.slice(inside.rank).map(() => 1)]));
}

function spaceToDepth(dy: Tensor, block: number, dataFormat: string): Tensor {
  if (dataFormat !== 'NHWC') throw new Error('The derivative of depthToSpace exists for channels-last images only.');
  const [n = 0, height = 0, width = 0, channels = 0] = dy.shape;
  const [rows, columns] = [height / block, width / block];
  const blocks = transpose(reshape(dy, [n, rows, block, columns, block, channels]), [0, 1, 3, 2, 4, 5]);
  return reshape(blocks, [n, rows, columns, block * block * channels]);
}
