import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { testSlicesInSinglePrecision } from './slices-in-single-precision.ts';

describe.skipIf(nativeEngine === null)(`on the TensorFlow library (${noNativeEngine})`, () => {
  testSlicesInSinglePrecision('tensorflow', () => useBackend('tensorflow', { native: nativeBinding() }));
});
