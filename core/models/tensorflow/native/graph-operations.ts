import type { NativeAttributes, NativeBinding, NativeType, NativeValue } from './binding.ts';
import { nativeType } from './binding.ts';
import type { NativeOperations } from './lowering.ts';

/** Operations that become nodes of one graph. */
export class GraphOperations implements NativeOperations {
  readonly floatType: NativeType;
  private readonly binding: NativeBinding;
  private readonly graph: number;
  private readonly constants = new Map<string, NativeValue>();

  constructor(binding: NativeBinding, graph: number, floatType: NativeType) {
    this.binding = binding;
    this.graph = graph;
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
    return this.binding.node(this.graph, operation, ids, attributes, outputs);
  }

  ints(values: readonly number[]): NativeValue {
    return this.constant(`ints ${values}`, () =>
      this.binding.constant(this.graph, nativeType.int32, [values.length], Int32Array.from(values)),
    );
  }

  int(value: number): NativeValue {
    return this.constant(`int ${value}`, () =>
      this.binding.constant(this.graph, nativeType.int32, [], Int32Array.of(value)),
    );
  }

  float(value: number): NativeValue {
    const key = `float ${Object.is(value, -0) ? '-0' : value}`;
    return this.constant(key, () => this.floats([value], []));
  }

  floats(values: readonly number[], shape: readonly number[]): NativeValue {
    return this.binding.constant(this.graph, this.floatType, shape, Float64Array.from(values));
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
