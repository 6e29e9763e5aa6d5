import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { testLossesOnPoints } from './losses-on-points.ts';

describe.skipIf(nativeEngine === null)(`on the TensorFlow library (${noNativeEngine})`, () => {
  testLossesOnPoints('tensorflow', () => useBackend('tensorflow', { native: nativeBinding() }), 1e-6);
});
