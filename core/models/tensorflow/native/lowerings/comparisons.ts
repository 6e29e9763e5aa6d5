import { type NativeType, type NativeValue, nativeType } from '../binding.ts';
import type { Lowering } from '../lowering.ts';
import { asFloat, asNumber, cast, isFloat } from './values.ts';

const comparison =
  (operation: string): Lowering =>
  (native, { a, b }) =>
    native.run(operation, [asNumber(native, a!), asNumber(native, b!)]);

const logical =
  (operation: string): Lowering =>
  (native, { a, b }) =>
    native.run(operation, [a!, b!]);

const test =
  (operation: string): Lowering =>
  (native, { x }) =>
    native.run(operation, [asFloat(native, x!)]);

/** Operations whose results are truth values, and the choice by them. */
export const comparisonLowerings: Readonly<Record<string, Lowering>> = {
  Equal: comparison('Equal'),
  NotEqual: comparison('NotEqual'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessEqual'),
  LogicalAnd: logical('LogicalAnd'),
  LogicalOr: logical('LogicalOr'),
  LogicalNot: (native, { x }) => native.run('LogicalNot', [x!]),
  IsFinite: test('IsFinite'),
  IsInf: test('IsInf'),
  IsNan: test('IsNan'),
  // The older Select, which like the library's lets a vector choose whole rows.
  Select: (native, { condition, t, e }) => {
    const of = wider(t!, e!);
    return native.run('Select', [condition!, cast(native, t!, of), cast(native, e!, of)]);
  },
};

/** Floats before whole numbers before truth values. */
function wider(a: NativeValue, b: NativeValue): NativeType {
  if (isFloat(a) || a.type === b.type) return a.type;
  return isFloat(b) || a.type === nativeType.bool ? b.type : a.type;
}
