import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { expectFlatMemory } from './flat-memory.ts';

describe.skipIf(nativeEngine === null)(`on the TensorFlow library (${noNativeEngine})`, () => {
  const start = () => useBackend('tensorflow', { native: nativeBinding() });
  expectFlatMemory('tensorflow', { start, held: () => nativeBinding().alive() }, { products: 200, points: 20 });
});
