import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { expectLargeTheta } from './large-theta.ts';

describe.skipIf(nativeEngine === null)(`on the TensorFlow library (${noNativeEngine})`, () => {
  expectLargeTheta('tensorflow', () => useBackend('tensorflow', { native: nativeBinding() }));
});
