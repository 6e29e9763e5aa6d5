import fc from 'fast-check';
import {
  allocate,
  type ElementType,
  elementCount,
  type NumericArray,
  storedBytes,
} from '../../../core/formats/numeric-array.ts';

/** Values that a type holds exactly. */
const valuesOf: Readonly<Record<ElementType, fc.Arbitrary<number>>> = {
  float64: fc.double(),
  float32: fc.float(),
  // Small integers times a power of two: exact in 11 and 8 significant bits.
  float16: fc
    .tuple(fc.integer({ min: -1024, max: 1024 }), fc.integer({ min: -24, max: 5 }))
    .map(([m, e]) => m * 2 ** e),
  bfloat16: fc
    .tuple(fc.integer({ min: -128, max: 128 }), fc.integer({ min: -120, max: 110 }))
    .map(([m, e]) => m * 2 ** e),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32768, max: 32767 }),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  uint8: fc.nat(255),
  uint16: fc.nat(65535),
  uint32: fc.nat(4294967295),
  uint64: fc.maxSafeNat(),
  bool: fc.nat(1),
};

const shapes = fc.array(fc.nat(4), { maxLength: 4 });

/** Arrays of every element type (or of those given), up to four axes, empty ones included. */
export function numericArrays(
  types: readonly ElementType[] = Object.keys(storedBytes) as ElementType[],
): fc.Arbitrary<NumericArray> {
  return fc.tuple(fc.constantFrom(...types), shapes).chain(([dtype, shape]) => {
    const count = elementCount(shape);
    return fc.array(valuesOf[dtype], { minLength: count, maxLength: count }).map((values) => {
      const data = allocate(dtype, count);
      data.set(values);
      return { dtype, shape, data };
    });
  });
}

export const npyTypes = (Object.keys(storedBytes) as ElementType[]).filter((type) => type !== 'bfloat16');
