import { type NativeValue, nativeType } from '../binding.ts';
import type { Lowering, NativeOperations } from '../lowering.ts';
import { int, type } from './attributes.ts';
import { asFloat, asNumber, cast, isFloat, listed, sameUnary, scalar, typeOf } from './values.ts';

/** Operations on floats only, of the same name here and there. */
const unaryOfFloats = [
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'Cos',
  'Cosh',
  'Erf',
  'Exp',
  'Expm1',
  'Log',
  'Log1p',
  'Rsqrt',
  'Sigmoid',
  'Sin',
  'Sinh',
  'Sqrt',
  'Tan',
  'Tanh',
];

/** Whole numbers stay as they are. */
const roundings: Readonly<Record<string, string>> = { Ceil: 'Ceil', Floor: 'Floor', Round: 'Round' };

const numeric = (native: NativeOperations, operation: string, a: NativeValue, b: NativeValue): NativeValue =>
  native.run(operation, [asNumber(native, a), asNumber(native, b)]);

const binary =
  (operation: string): Lowering =>
  (native, { a, b }) =>
    numeric(native, operation, a!, b!);

/**
 * x + b with b along the last axis. Broadcasting in the sum takes twice as long, and a bias on a convolution nothing at
 * all: the library computes both at once.
 */
function biasAdded(native: NativeOperations, x: NativeValue, b: NativeValue): NativeValue | null {
  const channels = x.shape.at(-1) ?? 0;
  const isRow = x.shape.length >= 2 && b.shape.length >= 1 && b.shape.length <= x.shape.length;
  if (!isRow || b.shape.at(-1) !== channels || b.shape.slice(0, -1).some((n) => n !== 1)) return null;
  if (!isFloat(x) || x.type !== b.type || x.shape.slice(0, -1).every((n) => n === 1)) return null;
  const row = b.shape.length === 1 ? b : native.run('Reshape', [b, native.ints([channels])]);
  return native.run('BiasAdd', [x, row]);
}

const each = <T>(names: readonly string[], value: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, value(name)]));

/** Arithmetic, entry by entry, with broadcasting. */
export const elementwiseLowerings: Readonly<Record<string, Lowering>> = {
  ...each(
    unaryOfFloats,
    (name): Lowering =>
      (native, { x }) =>
        native.run(name, [asFloat(native, x!)]),
  ),
  ...each(
    Object.keys(roundings),
    (name): Lowering =>
      (native, { x }) =>
        native.run(isFloat(x!) ? name : 'Identity', [x!]),
  ),
  ...each(
    ['Abs', 'Neg', 'Sign', 'Square'],
    (name): Lowering =>
      (native, { x }) =>
        native.run(name, [asNumber(native, x!)]),
  ),
  Identity: sameUnary('Identity'),
  Reciprocal: (native, { x }) => native.run('Reciprocal', [asFloat(native, x!)]),

  Add: (native, { a, b }) => biasAdded(native, a!, b!) ?? biasAdded(native, b!, a!) ?? numeric(native, 'AddV2', a!, b!),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  Maximum: binary('Maximum'),
  Minimum: binary('Minimum'),
  SquaredDifference: binary('SquaredDifference'),
  Pow: binary('Pow'),
  Mod: binary('FloorMod'),
  BitwiseAnd: binary('BitwiseAnd'),
  RealDiv: (native, { a, b }) => native.run('RealDiv', [asFloat(native, a!), asFloat(native, b!)]),
  Atan2: (native, { a, b }) => native.run('Atan2', [asFloat(native, a!), asFloat(native, b!)]),
  // The library's quotient rounded down is a whole number, whatever it is the quotient of.
  FloorDiv: (native, { a, b }) => cast(native, numeric(native, 'FloorDiv', a!, b!), nativeType.int32),
  AddN: (native, inputs) => {
    const terms = listed(inputs);
    return native.run('AddN', terms, { N: int(terms.length), T: type(terms[0]!.type) });
  },

  Cast: (native, { x }, { dtype }) => native.run('Cast', [x!], { DstT: type(typeOf(native, dtype)) }),
  ClipByValue: (native, { x }, { clipValueMin, clipValueMax }) =>
    native.run('Minimum', [
      native.run('Maximum', [x!, scalar(native, clipValueMin as number, x!.type)]),
      scalar(native, clipValueMax as number, x!.type),
    ]),
};
