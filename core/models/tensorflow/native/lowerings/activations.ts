import { type NativeValue, nativeType } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { asFloat, sameUnary } from './values.ts';

/** Activation functions in the meaning of the library, at kinks and NaN too. */
export const activationLowerings: Readonly<Record<string, Lowering>> = {
  Relu: sameUnary('Relu'),
  Relu6: sameUnary('Relu6'),
  Elu: sameUnary('Elu'),
  Selu: sameUnary('Selu'),
  // max(x, 0) + ln(1 + e^(−|x|)): TensorFlow's own is three times less exact.
  Softplus: (native, { x }) => {
    const small = native.run('Exp', [native.run('Neg', [native.run('Abs', [x!])])]);
    return native.run('AddV2', [native.run('Relu', [x!]), native.run('Log1p', [small])]);
  },
  EluGrad: (native, { dy, y }) => native.run('EluGrad', [dy!, y!]),
  LeakyRelu: (native, { x }, { alpha }) => leaky(native, asFloat(native, x!), native.float(alpha as number)),
  Prelu: (native, { x, alpha }) => leaky(native, x!, alpha!),

  // alpha where x ≤ 0, 1 where x > 0, and NaN stays NaN.
  Step: (native, { x }, { alpha = 0 }) => {
    const v = asFloat(native, x!);
    const sign = native.run('Sign', [native.run('Relu', [v])]);
    if (alpha === 0) return sign;
    return native.run('AddV2', [
      native.run('Mul', [sign, native.float(1 - (alpha as number))]),
      native.float(alpha as number),
    ]);
  },
};

/** x for positive x, αx for negative. The slope is a tensor, because attributes are rounded to single precision. */
function leaky(native: NativeOperations, x: NativeValue, alpha: NativeValue): NativeValue {
  return native.run('SelectV2', [native.run('Less', [x, native.float(0)]), native.run('Mul', [x, alpha]), x]);
}

const byName: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
};

/** The second half of a fused kernel: bias, then activation, by the attributes of the kernel. */
export function activated(
  native: NativeOperations,
  linear: NativeValue,
  { bias, preluActivationWeights }: Readonly<Record<string, NativeValue | undefined>>,
  { activation = 'linear', leakyreluAlpha }: KernelAttributes,
): NativeValue {
  const y = bias == null ? linear : biased(native, linear, bias);
  const name = String(activation);
  if (name === 'linear') return y;
  if (name === 'leakyrelu') return leaky(native, y, native.float((leakyreluAlpha as number | undefined) ?? 0.2));
  if (name === 'prelu') return leaky(native, y, preluActivationWeights!);
  const operation = byName[name];
  if (operation === undefined) throw new Error(`The fused activation '${name}' is unknown.`);
  return native.run(operation, [y]);
}

/** One number for each channel, or anything that broadcasts. */
function biased(native: NativeOperations, y: NativeValue, bias: NativeValue): NativeValue {
  const perChannel = bias.shape.length === 1 && bias.shape[0] === y.shape.at(-1) && y.shape.length > 1;
  return native.run(perChannel && y.type !== nativeType.int32 ? 'BiasAdd' : 'AddV2', [y, bias]);
}
