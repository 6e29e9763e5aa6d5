import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { engineInternals } from '../../../../../core/models/tensorflow/engine-access.ts';
import { nativeProgramExecutor } from '../../../../../core/models/tensorflow/native/program-executor.ts';
import type { Program, ProgramValue } from '../../../../../core/models/tensorflow/plan/program.ts';
import { deviation } from '../../../../support/deviation.ts';
import { nativeBinding } from '../../../../support/native-engine.ts';
import { type LoweringCase, loweringCases } from './lowering-cases.ts';

interface Result {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  readonly values: readonly number[];
}

const resultOf = (tensor: tf.Tensor): Result => ({
  shape: tensor.shape,
  dtype: tensor.dtype,
  values: Array.from(tensor.dataSync()),
});

function run({ kernel, inputs, attributes }: LoweringCase): Result[] {
  const named = inputs();
  // Kernels on lists are handed lists.
  const given = '0' in named ? (Object.values(named) as unknown as typeof named) : named;
  return [engineInternals().runKernel(kernel, given, attributes)].flat().map((y) => resultOf(y as tf.Tensor));
}

/** The kernel as a program of one step. */
function runAsProgram({ kernel, inputs, attributes }: LoweringCase, like: readonly Result[]): Result[] {
  const named = Object.entries(inputs());
  let id = 0;
  const valueLike = ({ shape, dtype }: { shape: readonly number[]; dtype: tf.DataType }): ProgramValue => ({
    id: id++,
    shape,
    dtype,
  });
  const operands = named.map(([name, tensor]) => [name, { value: valueLike(tensor) }] as const);
  const outputs = like.map(valueLike);
  const program: Program = {
    free: [],
    fixed: operands.map(([, { value }]) => value),
    steps: [{ kernel, inputs: operands, attributes, outputs }],
    results: outputs.map((value) => ({ value })),
  };
  const executor = nativeProgramExecutor(program, nativeBinding());
  try {
    const tensors = named.map(([, tensor]) => tensor);
    return executor.run([], tensors).map(resultOf);
  } finally {
    executor.dispose();
  }
}

const formOf = ({ shape, dtype }: Result) => ({ shape, dtype });

/** Every row of the table on the TensorFlow library: run at once against the cpu backend, and as a program. */
export function testLowerings(tolerance: number): void {
  let exact: (Result[] | null)[];
  beforeAll(async () => {
    await useBackend('cpu');
    tf.engine().startScope();
    exact = loweringCases.map((row) => (row.expected === undefined ? run(row) : null));
    tf.engine().endScope();
    await useBackend('tensorflow', { native: nativeBinding() });
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  describe.each(loweringCases.map((row, place) => ({ ...row, row, place })))(
    '$kernel $attributes',
    ({ row, place }) => {
      test('at once it is the kernel of the cpu backend, and as a program the same', () => {
        const found = run(row);
        const known = exact[place];
        if (known != null) {
          expect(found.map(formOf)).toEqual(known.map(formOf));
          for (const [i, y] of found.entries()) expect(deviation(y.values, known[i]!.values)).toBeLessThan(tolerance);
        }
        if (row.expected !== undefined) expect(deviation(found[0]!.values, row.expected)).toBeLessThan(tolerance);

        const asProgram = runAsProgram(row, found);
        expect(asProgram.map(formOf)).toEqual(found.map(formOf));
        for (const [i, y] of asProgram.entries()) expect(deviation(y.values, found[i]!.values)).toBeLessThan(tolerance);
      });
    },
  );
}
