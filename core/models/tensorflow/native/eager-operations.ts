import type { NativeAttributes, NativeBinding, NativeType, NativeValue } from './binding.ts';
import { nativeType } from './binding.ts';
import type { NativeOperations } from './lowering.ts';

/** So many small constants (axes, shapes, factors) are kept in the library's memory for later operations. */
const mostConstants = 1000;

/** Operations that run at once. What they make belongs to these operations until `release` or `take`. */
export class EagerOperations implements NativeOperations {
  readonly floatType: NativeType;
  private readonly binding: NativeBinding;
  private made: NativeValue[] = [];
  private readonly constants = new Map<string, NativeValue>();

  constructor(binding: NativeBinding, floatType: NativeType) {
    this.binding = binding;
    this.floatType = floatType;
  }

  run(operation: string, inputs: readonly NativeValue[], attributes: NativeAttributes = {}): NativeValue {
    return this.runMany(operation, inputs, attributes, 1)[0]!;
  }

  runMany(
    operation: string,
    inputs: readonly NativeValue[],
    attributes: NativeAttributes,
    outputs: number,
  ): NativeValue[] {
    const ids = inputs.map((input) => input.id);
    const values = this.binding.execute(operation, ids, attributes, outputs);
    this.made.push(...values);
    return values;
  }

  ints(values: readonly number[]): NativeValue {
    return this.constant(`ints ${values}`, () =>
      this.binding.upload(nativeType.int32, [values.length], Int32Array.from(values)),
    );
  }

  int(value: number): NativeValue {
    return this.constant(`int ${value}`, () => this.binding.upload(nativeType.int32, [], Int32Array.of(value)));
  }

  float(value: number): NativeValue {
    const key = `float ${Object.is(value, -0) ? '-0' : value}`;
    return this.constant(key, () => this.binding.upload(this.floatType, [], Float64Array.of(value)));
  }

  floats(values: readonly number[], shape: readonly number[]): NativeValue {
    const value = this.binding.upload(this.floatType, shape, Float64Array.from(values));
    this.made.push(value);
    return value;
  }

  /** Whether this value was made here and is not kept as a constant: then it is the caller's from now on. */
  take(value: NativeValue): boolean {
    const index = this.made.indexOf(value);
    if (index < 0) return false;
    this.made.splice(index, 1);
    return true;
  }

  /** Frees what was made and not taken. */
  release(): void {
    for (const value of this.made) this.binding.free(value.id);
    this.made = [];
    if (this.constants.size > mostConstants) this.forget();
  }

  /** Frees the constants too. */
  forget(): void {
    for (const value of this.constants.values()) this.binding.free(value.id);
    this.constants.clear();
  }

  private constant(key: string, make: () => NativeValue): NativeValue {
    let value = this.constants.get(key);
    if (value === undefined) {
      value = make();
      this.constants.set(key, value);
    }
    return value;
  }
}
