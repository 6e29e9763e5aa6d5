import '../../../support/float64-realm-first.ts';

import { describe } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';
import { cnnProducts, mlpProducts, testPeerProducts } from './peer-products.ts';

describe.skipIf(nativeEngine === null)(`on the TensorFlow library, in doubles (${noNativeEngine})`, () => {
  testPeerProducts([mlpProducts, cnnProducts], () => useBackend('tensorflow', { native: nativeBinding() }), 1e-12);
});
