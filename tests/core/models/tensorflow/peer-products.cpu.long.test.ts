import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { cnnProducts, testPeerProducts } from './peer-products.ts';

testPeerProducts([cnnProducts], () => useBackend('cpu'), 1e-6);
