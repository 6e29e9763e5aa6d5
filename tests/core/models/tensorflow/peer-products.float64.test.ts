import '../../../support/float64-realm-first.ts';

import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { mlpProducts, testPeerProducts } from './peer-products.ts';

testPeerProducts([mlpProducts], () => useBackend('cpu'), 1e-12);
