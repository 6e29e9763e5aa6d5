import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { testInSinglePrecision } from './model-cases-in-single-precision.ts';

// The whole table; the ordinary suite runs every kernel once.
describe.skipIf(nativeEngine === null)(`on the TensorFlow library (${noNativeEngine})`, () => {
  // Its tanh is off by up to 2.4e-7 in single precision, three times the wasm backend's.
  testInSinglePrecision('tensorflow', () => useBackend('tensorflow', { native: nativeBinding() }), 2e-6);
});
