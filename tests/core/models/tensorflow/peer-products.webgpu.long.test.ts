import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { gpuOfTests, noGpu } from '../../../support/gpu-of-tests.ts';
import { cnnProducts, mlpProducts, testPeerProducts } from './peer-products.ts';

const found = await gpuOfTests();

describe.skipIf(found === null)(found?.description ?? noGpu, () => {
  testPeerProducts([mlpProducts, cnnProducts], () => useBackend('webgpu', found ?? {}), 1e-6);
});
