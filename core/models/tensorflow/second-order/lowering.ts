import { add, gather, mul, ones, rsqrt, sub, type Tensor, tensor1d, zeros } from '@tensorflow/tfjs-core';
import type { EngineInternals } from '../engine-access.ts';
import { einsumByProducts } from './einsum.ts';
import { activated } from './fused-activation.ts';
import { type CropAttributes, cropByGathering } from './lowerings/crop-and-resize.ts';
import { undilatedConv3d } from './lowerings/dilated-conv3d.ts';
import { type DilationAttributes, dilationByTaps } from './lowerings/dilation.ts';
import { inCommonLayout, operationsOnImages } from './lowerings/image-layout.ts';
import { type LocalResponseAttributes, localResponse } from './lowerings/local-response.ts';
import { paddedAxisByAxis } from './lowerings/padding.ts';
import { productAlongAxes, runningProduct } from './lowerings/products-along-axes.ts';
import { type StridedSliceAttributes, stridedSliceByParts } from './lowerings/strided-slice.ts';
import { valuesAt } from './lowerings/top-k.ts';

type Inputs = Record<string, Tensor | undefined>;
type Attributes = Record<string, unknown>;
type Lowering = (inputs: Record<string, Tensor>, attributes: Attributes, run: EngineInternals['runKernel']) => unknown;
const lowered =
  <A>(f: (inputs: Record<string, Tensor>, attributes: A) => Tensor): Lowering =>
  (inputs, attributes) =>
    f(inputs, attributes as A);

/** Rewritten with and without a tape, because some backend lacks them; undefined where an operation may stay as it is. */
const onEveryBackend: Readonly<Record<string, Lowering>> = {
  Conv3D: undilatedConv3d,
  PadV2: paddedAxisByAxis,
  CropAndResize: lowered<CropAttributes>(({ image, boxes, boxInd }, attributes) =>
    cropByGathering(image!, boxes!, boxInd!, attributes),
  ),
  // The wasm backend's own is wrong where the filter has gaps.
  Dilation2D: lowered<DilationAttributes>(({ x, filter }, attributes) => dilationByTaps(x!, filter!, attributes)),
  // The cpu backend reads outside of x where an axis is dropped and another has a step.
  StridedSlice: lowered<StridedSliceAttributes>(({ x }, attributes) => stridedSliceByParts(x!, attributes)),
  ...Object.fromEntries(
    operationsOnImages.map((name): [string, Lowering] => [
      name,
      (inputs, attributes, run) => inCommonLayout(name, inputs, attributes, run),
    ]),
  ),
};

/** Operations that a tape cannot carry, rewritten as operations that have derivative rules. Used while recording. */
const whileRecording: Readonly<Record<string, Lowering>> = {
  _FusedMatMul: ({ a, b, ...rest }, attributes, run) =>
    activated(run('BatchMatMul', { a, b }, pick(attributes, 'transposeA', 'transposeB')) as Tensor, rest, attributes),
  FusedConv2D: ({ x, filter, ...rest }, attributes, run) =>
    activated(run('Conv2D', { x, filter }, convolution(attributes)) as Tensor, rest, attributes),
  FusedDepthwiseConv2D: ({ x, filter, ...rest }, attributes, run) =>
    activated(run('DepthwiseConv2dNative', { x, filter }, convolution(attributes)) as Tensor, rest, attributes),
  FusedBatchNorm: (inputs, attributes, run) => {
    const shape = inputs.mean!.shape;
    const scale = inputs.scale ?? ones(shape);
    const offset = inputs.offset ?? zeros(shape);
    return run('FusedBatchNorm', { ...inputs, scale, offset }, attributes);
  },
  // The windows are searched once, on the way forward; derivatives only move values along the positions found.
  MaxPool: maxima,
  MaxPool3D: maxima,
  Einsum: (inputs, attributes) => einsumByProducts(Object.values(inputs), String(attributes.equation)),
  MirrorPad: ({ x }, attributes) =>
    mirrored(x!, attributes.paddings as [number, number][], attributes.mode === 'reflect'),
  Prod: lowered<{ axis?: number | number[]; keepDims: boolean }>(({ x }, { axis, keepDims }) =>
    productAlongAxes(x!, axis, keepDims),
  ),
  Cumprod: lowered<{ axis: number; exclusive: boolean; reverse: boolean }>(({ x }, { axis, exclusive, reverse }) =>
    runningProduct(x!, axis, exclusive, reverse),
  ),
  LRN: lowered<LocalResponseAttributes>(({ x }, attributes) => localResponse(x!, attributes)),
  TopK: (inputs, attributes, run) => {
    const [, indices] = run('TopK', inputs, attributes) as [Tensor, Tensor];
    return [valuesAt(inputs.x!, indices), indices];
  },
};

function maxima({ x }: Record<string, Tensor>, attributes: Attributes, run: EngineInternals['runKernel']): unknown {
  const positions = run('MaxPositions', { x }, attributes) as Tensor;
  return run('GatherFromPositions', { x, positions });
}

/**
 * Custom-gradient operations of the library itself. Run openly while recording, because what their derivative saves is
 * cut off from the tape.
 */
const transparent = new Set(
  [
    'softmaxCrossEntropyWithLogits',
    'softmaxCrossEntropy',
    'logSoftmax',
    'logSigmoid',
    'fusedMatMul',
    'fusedConv2d',
    'fusedDepthwiseConv2d',
  ].map((name) => `${name}__op`),
);

/** Puts the rewriting in front of the engine's `runKernel` and `customGrad`. Once a realm. */
export function installLowering(engine: EngineInternals): void {
  const run: EngineInternals['runKernel'] = engine.runKernel.bind(engine);
  engine.runKernel = (name, inputs, attributes = {}) => {
    // The kernels of cpu and wasm ignore which axes the statistics belong to, on the way forward already.
    if (name === 'FusedBatchNorm' && inputs.mean!.shape.length > 1) return batchNormByBroadcasting(inputs, attributes);
    const common = onEveryBackend[name]?.(present(inputs), attributes, engine.runKernel);
    if (common !== undefined) return common;
    const lowering = whileRecording[name];
    if (lowering !== undefined && engine.isTapeOn() && isReal(inputs))
      return lowering(present(inputs), attributes, run);
    return run(name, inputs, attributes);
  };
  const customGrad = engine.customGrad.bind(engine);
  engine.customGrad = (f) => {
    const operation = customGrad(f);
    return (...inputs) => {
      const scope = engine.state.activeScope?.name ?? '';
      if (engine.isTapeOn() && scope === 'softmaxCrossEntropy__op') {
        const [labels, logits] = inputs;
        return run('SoftmaxCrossEntropy', { labels, logits }) as Tensor;
      }
      if (engine.isTapeOn() && transparent.has(scope)) return f(...inputs, () => {}).value;
      return operation(...inputs);
    };
  };
}

/** Integers and booleans carry no derivatives. */
const isReal = (inputs: Inputs): boolean => Object.values(inputs)[0]?.dtype === 'float32';

function present(inputs: Inputs): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(inputs).filter((entry): entry is [string, Tensor] => entry[1] != null));
}

function pick(attributes: Attributes, ...names: string[]): Attributes {
  return Object.fromEntries(names.map((name) => [name, attributes[name]]));
}

const convolution = (attributes: Attributes): Attributes =>
  pick(attributes, 'strides', 'pad', 'dataFormat', 'dilations', 'dimRoundingMode');

function batchNormByBroadcasting(inputs: Inputs, attributes: Attributes): Tensor {
  const { x, mean, variance, scale, offset } = inputs;
  const r = rsqrt(add(variance!, attributes.varianceEpsilon as number));
  const normal = mul(sub(x!, mean!), scale == null ? r : mul(r, scale));
  return offset == null ? normal : add(normal, offset);
}

/** The library's rule for mirrored padding forgets the reflected copies; gathering has the right one. */
function mirrored(x: Tensor, paddings: readonly [number, number][], skipsEdge: boolean): Tensor {
  let y = x;
  paddings.forEach(([before, after], axis) => {
    if (before === 0 && after === 0) return;
    const n = x.shape[axis]!;
    const edge = skipsEdge ? 1 : 0;
    const cells = Array.from({ length: before + n + after }, (_, i) => {
      const place = i - before;
      if (place < 0) return -place - 1 + edge;
      return place < n ? place : 2 * n - 1 - place - edge;
    });
    y = gather(y, tensor1d(cells, 'int32'), axis);
  });
  return y;
}
