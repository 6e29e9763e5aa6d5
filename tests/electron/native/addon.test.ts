import { afterEach, describe, expect, test } from 'vitest';
import { type NativeBinding, nativeType } from '../../../core/models/tensorflow/native/binding.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../support/native-engine.ts';

describe.skipIf(nativeEngine === null)(`the addon over TensorFlow's library (${noNativeEngine})`, () => {
  const native: NativeBinding = nativeEngine === null ? (undefined as never) : nativeBinding();
  const { float32, float64, int32, int64, bool } = nativeType;

  const made: number[] = [];
  const kept = <T extends { readonly id: number }>(value: T): T => {
    made.push(value.id);
    return value;
  };
  afterEach(() => {
    for (const id of made.splice(0)) native.free(id);
    expect(native.alive()).toEqual({ tensors: 0, programs: 0 });
  });

  test.each([
    ['float32', float32, Float32Array.of(1.5, -2, 3.25, 0, Number.NaN, Number.POSITIVE_INFINITY)],
    ['float64', float64, Float64Array.of(Math.PI, -1e300, 5e-324, 0, Number.NaN, Number.NEGATIVE_INFINITY)],
    ['int32', int32, Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 1, 2, 3)],
    ['int64', int64, BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, 1n, 2n, 3n)],
    ['bool', bool, Uint8Array.of(0, 1, 1, 0, 1, 0)],
  ] as const)('%s values come back as they went up', (_, type, values) => {
    const tensor = kept(native.upload(type, [2, 3], values));
    expect(tensor).toMatchObject({ type, shape: [2, 3] });
    const back = values.slice().reverse();
    native.read(tensor.id, back);
    expect(back).toEqual(values);
  });

  test('values are converted where array and tensor differ in type', () => {
    const single = kept(native.upload(float32, [2], Float64Array.of(Math.PI, 1)));
    const back = new Float64Array(2);
    native.read(single.id, back);
    expect([...back]).toEqual([Math.fround(Math.PI), 1]);
    const double = kept(native.upload(float64, [2], Float32Array.of(0.1, 1)));
    native.read(double.id, back);
    expect([...back]).toEqual([Math.fround(0.1), 1]);
  });

  test('part of a larger buffer is uploaded from where it begins; a tensor without values is one', () => {
    const part = Float32Array.of(1, 2, 3, 4, 5).subarray(2, 4);
    const back = new Float32Array(2);
    native.read(kept(native.upload(float32, [2], part)).id, back);
    expect([...back]).toEqual([3, 4]);
    const empty = kept(native.upload(float32, [0, 3], new Float32Array(0)));
    native.read(empty.id, new Float32Array(0));
    expect(empty.shape).toEqual([0, 3]);
  });

  test('an operation infers its types, and takes lists in the middle of its inputs', () => {
    const a = kept(native.upload(float64, [1, 2], Float64Array.of(1, 2)));
    const b = kept(native.upload(float64, [1, 2], Float64Array.of(3, 4)));
    const axis = kept(native.upload(int32, [], Int32Array.of(0)));
    const [both] = native.execute('ConcatV2', [a.id, b.id, axis.id], {}, 1).map(kept);
    const values = new Float64Array(4);
    native.read(both!.id, values);
    expect([both!.shape, ...values]).toEqual([[2, 2], 1, 2, 3, 4]);
    const [product] = native
      .execute('MatMul', [both!.id, both!.id], { transpose_b: { kind: 'bool', value: true } }, 1)
      .map(kept);
    native.read(product!.id, values);
    expect([...values]).toEqual([5, 11, 11, 25]);
  });

  test("faults are the library's own words, or say what was wrong with the call", () => {
    const a = kept(native.upload(float32, [2, 3], new Float32Array(6)));
    const b = kept(native.upload(float64, [2, 3], new Float64Array(6)));
    expect(() => native.execute('MatMul', [a.id, a.id], {}, 1)).toThrow(/Matrix size-incompatible/);
    expect(() => native.execute('Mul', [a.id, b.id], {}, 1)).toThrow(/float|double/i);
    expect(() => native.execute('NoSuchOperation', [], {}, 1)).toThrow(/NoSuchOperation/);
    expect(() => native.execute('MatMul', [a.id], {}, 1)).toThrow('MatMul does not take 1 inputs.');
    expect(() => native.execute('Mul', [a.id, 987654], {}, 1)).toThrow('There is no tensor 987654.');
    expect(() => native.upload(float32, [3], new Float32Array(2))).toThrow('A tensor of 3 values was given 2.');
    expect(() => native.upload(float32, [-1], new Float32Array(1))).toThrow('negative');
    expect(() => native.upload(7 as never, [1], new Float32Array(1))).toThrow('type 7');
    expect(() => native.read(a.id, new Float32Array(5))).toThrow('A tensor of 6 values cannot be read into 5.');
    expect(() => native.read(a.id, [1] as never)).toThrow('array of numbers');
    expect(() => native.upload(float32, [1], new Uint16Array(1) as never)).toThrow('Float32Array');
    expect(() => native.execute('Neg', [a.id], { T: { kind: 'what', value: 1 } as never }, 1)).toThrow("'what'");
    expect(() => native.free(987654)).toThrow('There is no tensor 987654.');
    expect(() => native.freeProgram(987654)).toThrow('There is no program 987654.');
    expect(() => native.node(987654, 'Neg', [], {}, 1)).toThrow('There is no graph 987654.');
  });

  /** (x, y) ↦ (x · y, x as a column), x free, y fixed. */
  function productProgram(type: typeof float32 | typeof float64) {
    const graph = native.graph();
    const x = native.placeholder(graph, type, [2, 3]);
    const y = native.placeholder(graph, type, [2, 3]);
    const [product] = native.node(graph, 'Mul', [x.id, y.id], {}, 1);
    const column = native.constant(graph, int32, [2], Int32Array.of(6, 1));
    const [reshaped] = native.node(graph, 'Reshape', [x.id, column.id], {}, 1);
    expect(reshaped!.shape).toEqual([6, 1]);
    return native.compile(graph, [x.id], [y.id], [product!.id, reshaped!.id]);
  }

  test.each([
    ['float32', float32],
    ['float64', float64],
  ] as const)('a program of %s runs from host to host, with arrays of either precision', (_, type) => {
    const program = productProgram(type);
    const y = kept(native.upload(type, [2, 3], Float64Array.of(1, 2, 3, 4, 5, 6)));
    for (const Values of [Float32Array, Float64Array]) {
      const into = new Values(12);
      native.run(program, Values.of(1, 2, 3, 4, 5, 6), [y.id], into);
      expect([...into]).toEqual([1, 4, 9, 16, 25, 36, 1, 2, 3, 4, 5, 6]);
    }
    expect(native.alive().programs).toBe(1);
    native.freeProgram(program);
  });

  test('a graph that does not become a program stays a graph', () => {
    const graph = native.graph();
    const x = native.placeholder(graph, float32, [2]);
    expect(() => native.compile(graph, [x.id, 99], [], [x.id])).toThrow('The graph has no value 99.');
    expect(() => native.compile(graph, [x.id], [], [99])).toThrow('The graph has no value 99.');
    const [y] = native.node(graph, 'Neg', [x.id], {}, 1);
    const program = native.compile(graph, [x.id], [], [y!.id]);
    expect(() => native.node(graph, 'Neg', [x.id], {}, 1)).toThrow('There is no graph');
    native.freeProgram(program);
  });

  test('memory that threads share is read and written like any other', () => {
    const graph = native.graph();
    const x = native.placeholder(graph, float32, [3]);
    const [y] = native.node(graph, 'Neg', [x.id], {}, 1);
    const program = native.compile(graph, [x.id], [], [y!.id]);
    const flat = new Float64Array(new SharedArrayBuffer(40), 16, 3);
    flat.set([1, 2, 3]);
    const into = new Float32Array(new SharedArrayBuffer(16), 4, 3);
    native.run(program, flat, [], into);
    expect([...into]).toEqual([-1, -2, -3]);
    native.freeProgram(program);
  });

  test('a kept result that is an input under another shape does not change with the next run', () => {
    const program = productProgram(float32);
    const y = kept(native.upload(float32, [2, 3], new Float32Array(6).fill(1)));
    const first = native.runKept(program, Float32Array.of(1, 2, 3, 4, 5, 6), [y.id]).map(kept);
    native.runKept(program, new Float32Array(6).fill(9), [y.id]).map(kept);
    native.run(program, new Float32Array(6).fill(8), [y.id], new Float32Array(12));
    const column = new Float32Array(6);
    native.read(first[1]!.id, column);
    expect([...column]).toEqual([1, 2, 3, 4, 5, 6]);
    native.freeProgram(program);
  });

  test('free inputs can be tensors; they and the fixed ones stay as they are', () => {
    const program = productProgram(float32);
    const x = kept(native.upload(float32, [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)));
    const [square] = native.runKept(program, null, [x.id], [x.id]).map(kept);
    const values = new Float32Array(6);
    native.read(square!.id, values);
    expect([...values]).toEqual([1, 4, 9, 16, 25, 36]);
    native.read(x.id, values);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
    native.freeProgram(program);
  });

  test('a program checks what it is given', () => {
    const program = productProgram(float32);
    const y = kept(native.upload(float32, [2, 3], new Float32Array(6)));
    const wrong = kept(native.upload(float32, [3, 3], new Float32Array(9)));
    const into = new Float32Array(12);
    expect(() => native.run(program, new Float32Array(5), [y.id], into)).toThrow(
      'The program takes 6 free values and 1 fixed tensors; 5 and 1 were given.',
    );
    expect(() => native.run(program, new Float32Array(6), [], into)).toThrow('6 and 0 were given');
    expect(() => native.run(program, new Float32Array(6), [y.id], new Float32Array(11))).toThrow('12 values');
    expect(() => native.run(program, new Float32Array(6), [wrong.id], into)).toThrow(/incompatible|shape/i);
    expect(() => native.runKept(program, null, [y.id], [])).toThrow('1 free tensors');
    // A refused run leaves the program usable.
    native.run(program, new Float32Array(6).fill(1), [y.id], into);
    expect([...into.subarray(6)]).toEqual([1, 1, 1, 1, 1, 1]);
    native.freeProgram(program);
  });

  test('a graph can be dropped, and gives way to its program', () => {
    const graph = native.graph();
    const x = native.placeholder(graph, float32, [2]);
    expect(() => native.node(graph, 'Add', [x.id, 99], {}, 1)).toThrow('The graph has no value 99.');
    native.dropGraph(graph);
    expect(() => native.placeholder(graph, float32, [2])).toThrow('There is no graph');
    const unfit = native.graph();
    const [a, b] = [native.placeholder(unfit, float32, [2]), native.placeholder(unfit, float32, [3])];
    expect(() => native.node(unfit, 'AddV2', [a.id, b.id], {}, 1)).toThrow(/2 and 3/);
    native.dropGraph(unfit);
  });

  test('memory stays flat over 2,000 runs and 2,000 operations', () => {
    const graph = native.graph();
    const x = native.placeholder(graph, float32, [500, 100]);
    const [y] = native.node(graph, 'Tanh', [x.id], {}, 1);
    const program = native.compile(graph, [x.id], [], [y!.id]);
    const [flat, into] = [new Float32Array(50_000), new Float32Array(50_000)];
    const once = () => {
      native.run(program, flat, [], into);
      for (const { id } of native.runKept(program, flat, [])) {
        const [z] = native.execute('Neg', [id], {}, 1);
        native.free(id);
        native.free(z!.id);
      }
    };
    for (let i = 0; i < 200; i++) once();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 2000; i++) once();
    // One array of one run that is forgotten would make 400 MB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(40e6);
    native.freeProgram(program);
  }, 120_000);
});
