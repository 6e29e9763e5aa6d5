import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { mlpProducts, testPeerProducts } from './peer-products.ts';

testPeerProducts([mlpProducts], () => useBackend('cpu'), 1e-6);
