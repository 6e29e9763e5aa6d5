import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { testInSinglePrecision } from './model-cases-in-single-precision.ts';
import { modelCasesOfEveryKernel } from './model-cases-of-every-kernel.ts';

// The whole table runs on the library in doubles, to 1e-12; in single precision every kernel once.
describe.skipIf(nativeEngine === null)(`on the TensorFlow library (${noNativeEngine})`, () => {
  // Its tanh is off by up to 2.4e-7 in single precision, three times the wasm backend's.
  const start = () => useBackend('tensorflow', { native: nativeBinding() });
  testInSinglePrecision('tensorflow', start, 2e-6, modelCasesOfEveryKernel);
});
