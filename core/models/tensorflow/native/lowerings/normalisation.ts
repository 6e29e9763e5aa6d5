import { type NativeValue, nativeType } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { bool, float } from './attributes.ts';
import { reshape, sizeOf } from './values.ts';

/** Normalisation by given statistics, and by neighbouring channels. */
export const normalisationLowerings: Readonly<Record<string, Lowering>> = {
  FusedBatchNorm: (native, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
    const epsilon = varianceEpsilon as number;
    const channels = x!.shape.at(-1) ?? 1;
    const perChannel = [mean, variance, scale, offset].every(
      (v) => v == null || (v.shape.length === 1 && v.shape[0] === channels),
    );
    // TensorFlow's own is one pass over the data; it exists for floats and one statistic per channel.
    if (perChannel && native.floatType === nativeType.float32) {
      const flat = reshape(native, x!, [sizeOf(x!.shape) / channels, 1, 1, channels]);
      const constants = (value: number) => native.floats(new Array<number>(channels).fill(value), [channels]);
      const inputs = [flat, scale ?? constants(1), offset ?? constants(0), mean!, variance!];
      const attributes = { epsilon: float(epsilon), is_training: bool(false) };
      const [y] = native.runMany('FusedBatchNormV3', inputs, attributes, 6);
      return reshape(native, y!, x!.shape);
    }
    const r = native.run('Rsqrt', [native.run('AddV2', [variance!, native.float(epsilon)])]);
    const factor = scale == null ? r : native.run('Mul', [r, scale]);
    const normal = native.run('Mul', [native.run('Sub', [x!, mean!]), factor]);
    return offset == null ? normal : native.run('AddV2', [normal, offset]);
  },

  // y = x m^(−β) with m = bias + α Σ x² over the channels within the radius.
  LRN: (native, { x }, attributes) => {
    const m = mass(native, x!, attributes);
    return native.run('Mul', [x!, native.run('Pow', [m, native.float(-numbers(attributes).beta)])]);
  },
  // x̄ = dy m^(−β) − 2αβ x ∘ Σ (dy y / m) over the same channels.
  LRNGrad: (native, { x, y, dy }, attributes) => {
    const { alpha, beta } = numbers(attributes);
    const m = mass(native, x!, attributes);
    const direct = native.run('Mul', [dy!, native.run('Pow', [m, native.float(-beta)])]);
    const share = native.run('RealDiv', [native.run('Mul', [dy!, y!]), m]);
    const across = native.run('Mul', [x!, overNeighbours(native, share, attributes)]);
    return native.run('Sub', [direct, native.run('Mul', [across, native.float(2 * alpha * beta)])]);
  },
};

function numbers({ bias = 1, alpha = 1, beta = 0.5, depthRadius = 5 }: KernelAttributes) {
  return { bias, alpha, beta, depthRadius } as Record<'bias' | 'alpha' | 'beta' | 'depthRadius', number>;
}

function mass(native: NativeOperations, x: NativeValue, attributes: KernelAttributes): NativeValue {
  const { bias, alpha } = numbers(attributes);
  const sums = overNeighbours(native, native.run('Square', [x]), attributes);
  return native.run('AddV2', [native.run('Mul', [sums, native.float(alpha)]), native.float(bias)]);
}

/** Sums over the channels within the radius: a product with a band of ones, which is its own transpose. */
function overNeighbours(native: NativeOperations, x: NativeValue, attributes: KernelAttributes): NativeValue {
  const { depthRadius } = numbers(attributes);
  const channels = x.shape.at(-1) ?? 1;
  const band = Array.from({ length: channels * channels }, (_, i) =>
    Math.abs(Math.floor(i / channels) - (i % channels)) <= depthRadius ? 1 : 0,
  );
  const flat = reshape(native, x, [sizeOf(x.shape) / channels, channels]);
  const sums = native.run('MatMul', [flat, native.floats(band, [channels, channels])]);
  return reshape(native, sums, x.shape);
}
