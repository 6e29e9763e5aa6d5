import { describe } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { gpuOfTests, noGpu } from '../../../../support/gpu-of-tests.ts';
import { testInSinglePrecision } from './op-cases-in-single-precision.ts';
import { opCasesOfEveryKernel } from './op-cases-of-every-kernel.ts';

const found = await gpuOfTests();

// Every kernel once; the whole table takes a minute where the GPU is a program, and is a long suite.
describe.skipIf(found === null)(found?.description ?? noGpu, () => {
  testInSinglePrecision('webgpu', () => useBackend('webgpu', found ?? {}), 1e-6, opCasesOfEveryKernel);
});
