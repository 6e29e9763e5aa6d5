import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { cnnProducts, mlpProducts, testPeerProducts } from './peer-products.ts';

testPeerProducts([mlpProducts, cnnProducts], () => useBackend('wasm'), 1e-6);
