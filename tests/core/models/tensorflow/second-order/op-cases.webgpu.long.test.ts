import { describe } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { gpuOfTests, noGpu } from '../../../../support/gpu-of-tests.ts';
import { testInSinglePrecision } from './op-cases-in-single-precision.ts';

const found = await gpuOfTests();

// A minute where the GPU is a program, which compiles each shader of each shape: the ordinary suite runs every kernel once.
describe.skipIf(found === null)(found?.description ?? noGpu, () => {
  testInSinglePrecision('webgpu', () => useBackend('webgpu', found ?? {}));
});
